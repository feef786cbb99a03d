import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, leavesOf, type Value } from '../../src/model/value.ts';
import {
  type ClaudeWrite,
  claudeWrite,
  type Json,
  type SettingsWrite,
  settingsWrite,
} from '../support/claude-writer.ts';
import { type AppServer, startAppServer } from '../support/client-writer-process.ts';
import { claudeVersion, clientBinary, isAbsent, runClaude } from '../support/clients.ts';
import { codexDoes, configFile, fragmentFile, fragments, valuesOf } from '../support/codex-cases.ts';
import { type CodexWrite, codexWrite, type NewServer } from '../support/codex-writer.ts';
import { configToml } from '../support/config-documents.ts';
import { claudeJson, settingsJson } from '../support/json-documents.ts';
import { instructionsMd } from '../support/markdown-documents.ts';
import { tried } from '../support/reliability.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { teamSource } from '../support/team-source.ts';

/**
 * The models of the clients' writers, which other tests drive by the thousand, against the real clients on a sample: what
 * the model writes is what the real one writes, to the byte, in files with our block in them and without.
 */
const isFull = process.env.CI === 'true';

function sample<T>(arbitrary: fc.Arbitrary<T>, full: number): T[] {
  const numRuns = isFull ? full : Math.ceil(full / 6);
  tried(numRuns);
  return fc.sample(arbitrary, { numRuns, seed: Number(process.env.SEED ?? 3) });
}

/** Takes them in turn, each text another few. */
function turns<T>(all: readonly T[], text: number, count: number): T[] {
  return Array.from({ length: count }, (_, at) => all[(text * 7 + at * 11) % all.length] as T);
}

const codexWrites: readonly CodexWrite[] = [
  { kind: 'mcp add', name: 'foo', server: { command: 'npx', args: ['-y', 'foo'], env: { B: '2', A: '1' } } },
  { kind: 'mcp add', name: 'aaa', server: { url: 'https://a.example/mcp' } },
  { kind: 'mcp add', name: 'mine', server: { command: 'other', args: [] } },
  { kind: 'mcp remove', name: 'mine' },
  { kind: 'mcp remove', name: 'team' },
  { kind: 'feature', name: 'goals', enabled: true },
  { kind: 'feature', name: 'goals', enabled: false },
  { kind: 'feature', name: 'memories', enabled: true },
  { kind: 'feature', name: 'memories', enabled: false },
  { kind: 'feature', name: 'apps', enabled: false },
  { kind: 'set', path: ['model'], value: 'gpt-6' },
  { kind: 'set', path: ['tui', 'theme'], value: 'dracula' },
  { kind: 'set', path: ['hooks', 'state', '/h/hooks.json:pre_tool_use:0:0'], value: { trusted_hash: 'sha256:0a' } },
  { kind: 'set', path: ['projects', '/home/u/new'], value: { trust_level: 'trusted' } },
  { kind: 'set', path: ['projects'], value: { '/home/u/new': { trust_level: 'trusted' } } },
  { kind: 'set', path: ['mcp_servers', 'team', 'tools', 'search', 'approval_mode'], value: 'approve' },
  { kind: 'set', path: ['mcp_servers', 'mine', 'enabled'], value: false },
  { kind: 'set', path: ['notify'], value: ['a', 'b"c'] },
  { kind: 'remove', path: ['model'] },
  { kind: 'remove', path: ['tui', 'theme'] },
  { kind: 'remove', path: ['tui'] },
  { kind: 'remove', path: ['mcp_servers', 'mine'] },
  { kind: 'skill', path: '/skills/x/SKILL.md', enabled: false },
  { kind: 'skill', path: '/skills/a/SKILL.md', enabled: false },
  { kind: 'skill', path: '/skills/a/SKILL.md', enabled: true },
];

/**
 * Codex makes a table of a server on one line when it changes it, and puts the comments and blank lines above that line
 * inside the new table's brackets: it has locked itself out.
 */
function isRead(text: string): boolean {
  try {
    return valuesOf(text) !== undefined;
  } catch {
    return false;
  }
}

/** A value inside a server that is not there would leave one without a command: Codex refuses. */
function isPossible(write: CodexWrite, text: string): boolean {
  if (write.kind !== 'set' || write.path[0] !== 'mcp_servers') return true;
  return Object.hasOwn((valuesOf(text).mcp_servers ?? {}) as object, write.path[1] as string);
}

/** Lets the real Codex do what the model does. */
async function reallyWrite(home: string, server: AppServer, write: CodexWrite): Promise<void> {
  switch (write.kind) {
    case 'mcp add':
      return codexDoes(home, ['mcp', 'add', write.name, ...serverWords(write.server)]);
    case 'mcp remove':
      return codexDoes(home, ['mcp', 'remove', write.name]);
    case 'feature':
      return codexDoes(home, ['features', write.enabled ? 'enable' : 'disable', write.name]);
    case 'skill':
      return accepted(await server.ask('skills/config/write', { path: write.path, enabled: write.enabled }));
    case 'set':
    case 'remove': {
      const keyPath = write.path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join('.');
      const value = write.kind === 'set' ? write.value : null;
      const edits = [{ keyPath, value, mergeStrategy: 'upsert' }];
      return accepted(await server.ask('config/batchWrite', { edits }));
    }
    case 'trust':
      throw new Error('only a session trusts a project');
  }
}

function accepted({ error }: { readonly error?: unknown }): void {
  expect(error).toBeUndefined();
}

function serverWords(server: NewServer): string[] {
  if ('url' in server) return ['--url', server.url];
  const env = Object.entries(server.env ?? {}).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return [...env, '--', server.command, ...server.args];
}

/** Pushes one of the fragments, or nothing; a conflict leaves the file as it was. */
function pushSome(sandbox: Sandbox, number: number): void {
  const fragment = [undefined, ...Object.values(fragments)][number % 5];
  sandbox.remove('repo/clients');
  sandbox.write(fragmentFile, fragment ?? '');
  if (sandbox.exists('home/.local')) sandbox.remove('home/.local');
  if (fragment !== undefined) sandbox.run(['push-runtime', '--client', 'codex']);
}

describe.skipIf(isAbsent('codex'))('the model of Codex’s writer', () => {
  it('writes what the real one writes, to the byte, in files with our block and without', async () => {
    const sandbox = makeSandbox();
    sandbox.write(configFile, '');
    const server = await startAppServer(sandbox.home);
    for (const [number, { text }] of sample(configToml, 70).entries()) {
      sandbox.write(configFile, text);
      pushSome(sandbox, number);
      for (const write of turns(codexWrites, number, 3)) {
        const before = sandbox.read(configFile);
        if (!isPossible(write, before)) continue;
        await reallyWrite(sandbox.home, server, write);
        const after = sandbox.read(configFile);
        expect({ write, before, after: codexWrite(before, write) }).toEqual({ write, before, after });
        if (!isRead(after)) break;
      }
    }
    server.stop();
  });

  it('trusts a project as the real one does, to the byte', async () => {
    const sandbox = makeSandbox();
    const project = join(sandbox.root, 'project');
    sandbox.write('project/.git/HEAD', 'ref: refs/heads/main\n');
    sandbox.write('project/.codex/config.toml', '');
    for (const { text: before } of sample(configToml, 12)) {
      sandbox.write(configFile, before);
      await trustInSession(sandbox, project);
      const after = codexWrite(before, { kind: 'trust', project });
      expect({ before, after }).toEqual({ before, after: sandbox.read(configFile) });
    }
  });
});

/** A session writes its trust at the start; it is ended before it looks for a model. */
async function trustInSession({ home, read }: Sandbox, project: string): Promise<void> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, CODEX_HOME: join(home, '.codex') };
  const session = spawn(clientBinary('codex') as string, ['exec', '--trust', 'hi'], {
    cwd: project,
    env,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => session.on('exit', resolve));
  for (let tries = 0; tries < 400 && !read(configFile).includes(project); tries += 1) await setTimeout(25);
  session.kill('SIGKILL');
  await ended;
}

const claudeWrites: readonly ClaudeWrite[] = [
  { kind: 'start' },
  { kind: 'mcp add-json', name: 'foo', server: { args: ['x'], command: 'foo', unknown: 1 } },
  { kind: 'mcp add-json', name: 'mine', server: { command: 'foo', env: { B: '1', A: '2' } } },
  { kind: 'mcp add-json', name: 'web', server: { url: 'https://w.example', type: 'http', headers: { X: 'y' } } },
  { kind: 'mcp add', name: 'bar', command: 'x', args: ['-y'], env: { A: '1' } },
  { kind: 'mcp remove', name: 'mine' },
  { kind: 'mcp remove', name: 'team' },
];

function claudeWords(write: ClaudeWrite): string[] {
  const to = ['-s', 'user'];
  switch (write.kind) {
    case 'start':
      return ['mcp', 'remove', ...to, 'nobody'];
    case 'mcp remove':
      return ['mcp', 'remove', ...to, write.name];
    case 'mcp add-json':
      return ['mcp', 'add-json', ...to, write.name, JSON.stringify(write.server)];
    case 'mcp add': {
      const env = Object.entries(write.env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      return ['mcp', 'add', ...to, write.name, ...env, '--', write.command, ...write.args];
    }
  }
}

function pushTeam(sandbox: Sandbox, number: number): void {
  if (number % 2 === 0) return;
  for (const file of ['mcp-fragment.json', 'settings-fragment.json']) {
    sandbox.write(`repo/clients/claude/${file}`, teamSource[`claude/${file}`] as string);
  }
  expect(sandbox.run(['push-runtime', '--client', 'claude', '--overwrite'])).toMatchObject({ code: 0 });
}

describe.skipIf(isAbsent('claude'))('the models of Claude Code’s writers', () => {
  const version = isAbsent('claude') ? '' : claudeVersion();

  it('write what the real one writes into .claude.json, to the byte', () => {
    for (const [number, { text }] of sample(claudeJson, 14).entries()) {
      const sandbox = makeSandbox();
      sandbox.write('home/.claude.json', text);
      pushTeam(sandbox, number);
      for (const write of turns(claudeWrites, number, 2)) {
        const before = sandbox.read('home/.claude.json');
        runClaude(sandbox.home, claudeWords(write));
        const after = sandbox.read('home/.claude.json');
        const { firstStartTime: now, machineID } = JSON.parse(after.replace(/^\uFEFF/, '')) as {
          firstStartTime: string;
          machineID: string;
        };
        expect({ write, before, after: claudeWrite(before, write, { now, machineID, version }) }).toEqual({
          write,
          before,
          after,
        });
      }
    }
  });

  it('write what the real one writes into settings.json, to the byte', () => {
    for (const [number, { text }] of sample(settingsJson, 12).entries()) {
      const sandbox = makeSandbox();
      sandbox.write('home/.claude/settings.json', text);
      pushTeam(sandbox, number);
      const before = sandbox.read('home/.claude/settings.json');
      const write = settingsWrites[number % 4 < 2 ? 0 : 1] as SettingsWrite;
      reallySet(sandbox, write);
      const after = sandbox.read('home/.claude/settings.json');
      expect({ write, before, after: settingsWrite(before, write) }).toEqual({ write, before, after });
    }
  });
});

const plugin = 'cc-plugin-agents-md@builtin';
const settingsWrites: readonly SettingsWrite[] = [
  { kind: 'plugin', name: plugin, enabled: false },
  { kind: 'set', key: 'editorMode', value: 'vim' },
];

/** A first start takes over the editor mode of older versions, with the writer that dialogs use, too. */
function reallySet(sandbox: Sandbox, write: SettingsWrite): void {
  if (write.kind === 'plugin') return void runClaude(sandbox.home, ['plugin', 'disable', plugin]);
  const path = 'home/.claude.json';
  const old = sandbox.exists(path) ? (JSON.parse(sandbox.read(path)) as Json) : {};
  sandbox.write(path, JSON.stringify({ ...old, editorMode: 'vim' }));
  runClaude(sandbox.home, claudeWords({ kind: 'start' }));
}

describe('the generated documents', () => {
  const byPath = (values: readonly (readonly [readonly string[], Value])[]) =>
    Object.fromEntries(values.map(([path, value]) => [JSON.stringify(path), canonical(value)]));

  it('hold the values and comments they say', () => {
    const law = fc.property(configToml, ({ text, values, comments }) => {
      const filled = leavesOf(valuesOf(text)).filter(([, value]) => canonical(value) !== '{}');
      expect(byPath(filled)).toEqual(byPath(values));
      const lines = text.split(/\r?\n/);
      for (const comment of comments) expect(lines.filter((line) => line.endsWith(comment)).length).toBe(1);
    });
    fc.assert(law, { numRuns: 300, seed: 3 });
  });

  it('hold nothing that looks like a marker of ours', () => {
    const law = fc.property(fc.oneof(configToml, instructionsMd, settingsJson, claudeJson), ({ text }) => {
      expect(text).not.toMatch(/syncline/);
    });
    fc.assert(law, { numRuns: 100, seed: 3 });
  });

  it.each([
    ['.claude.json', claudeJson],
    ['settings.json', settingsJson],
  ])('hold the values they say: %s', (_, arbitrary) => {
    const law = fc.property(arbitrary, ({ text, values }) => {
      const rounded = values.map(([path, value]) => [path, typeof value === 'bigint' ? Number(value) : value] as const);
      expect(byPath(leavesOf(JSON.parse(text.replace(/^\uFEFF/, '')) as Value))).toEqual(byPath(rounded));
    });
    fc.assert(law, { numRuns: 200, seed: 3 });
  });
});
