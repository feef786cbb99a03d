import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { richClaudeJson, richInstructions, richSettings } from './support/claude-home.ts';
import { sampled } from './support/law-runs.ts';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';
import { teamSource, writeTeamSource } from './support/team-source.ts';
import { keepsEveryByte, keepsEveryLine, snapshotWithTimes } from './support/watch.ts';

/**
 * Claude's three files, as people have them: a push adds and changes nothing else, a second one writes nothing, and
 * `clean-runtime --remove-only` gives the first bytes back.
 */
const claudeJson = 'home/.claude.json';
const settingsJson = 'home/.claude/settings.json';
const claudeMd = 'home/.claude/CLAUDE.md';
const shared = [claudeJson, settingsJson, claudeMd];

interface Home {
  readonly name: string;
  arrange(sandbox: Sandbox): void;
}

function write(texts: readonly [claude: string, settings: string, instructions: string], mode?: number) {
  return (sandbox: Sandbox) => {
    for (const [index, text] of texts.entries()) sandbox.write(shared[index] as string, text, mode);
  };
}

const rich = [richClaudeJson(), richSettings, richInstructions] as const;
const map = (change: (text: string) => string) => rich.map(change) as unknown as typeof rich;

const homes: Home[] = [
  { name: 'an absent home', arrange: () => undefined },
  { name: 'an empty .claude folder', arrange: (sandbox) => sandbox.write('home/.claude/todos/x.json', '[]') },
  { name: 'rich files', arrange: write(rich) },
  {
    name: 'CRLF and mode 0600',
    arrange: write(
      map((text) => text.replaceAll('\n', '\r\n')),
      0o600,
    ),
  },
  {
    name: 'a byte order mark and mode 0444',
    arrange: write(
      map((text) => `\uFEFF${text}`),
      0o444,
    ),
  },
  { name: 'a byte order mark and CRLF', arrange: write(map((text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`)) },
  { name: 'no final newline', arrange: write(map((text) => text.trimEnd())) },
  { name: 'many final newlines', arrange: write(map((text) => `${text}\n\n\n`)) },
  { name: 'everything on one line', arrange: write([oneLine(rich[0]), oneLine(rich[1]), 'one line']) },
  {
    name: 'tabs',
    arrange: write(map((text) => text.replaceAll(/^( {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2)))),
  },
  { name: 'empty objects and an empty text', arrange: write(['{}', '{ }\n', '']) },
  { name: 'blank text', arrange: write(['\n{\n}\n\n', '  {}', '\n\n']) },
  {
    name: 'empty parents',
    arrange: write(['{"mcpServers":{}}', '{"permissions": {"deny": [ ]}, "hooks": {}}', '\uFEFF']),
  },
  {
    name: 'symlinked files',
    arrange: (sandbox) => {
      for (const [index, path] of shared.entries()) {
        sandbox.write(`home/dotfiles/${index}`, rich[index] as string, 0o640);
        sandbox.link(path, `${path === claudeJson ? '' : '../'}dotfiles/${index}`);
      }
    },
  },
  {
    name: 'links to nothing yet',
    arrange: (sandbox) => {
      sandbox.write('home/dotfiles/readme', 'x');
      for (const [index, path] of shared.entries()) sandbox.link(path, join(sandbox.home, 'dotfiles', `${index}`));
    },
  },
  {
    name: 'a symlinked .claude folder',
    arrange: (sandbox) => {
      sandbox.write('home/dotfiles/claude/settings.json', richSettings);
      sandbox.link('home/.claude', 'dotfiles/claude');
      sandbox.write(claudeJson, rich[0]);
    },
  },
  {
    name: "the user's own memories and skills",
    arrange: (sandbox) => {
      write(rich)(sandbox);
      sandbox.write('home/.claude/memories/own.md', 'mine');
      sandbox.write('home/.claude/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
      sandbox.write('home/elsewhere/linked/SKILL.md', 'linked');
      sandbox.link('home/.claude/skills/linked', '../../elsewhere/linked');
    },
  },
];

function oneLine(text: string): string {
  return text.replaceAll(/\n\s*/g, '');
}

type Json = { [key: string]: unknown };

/** What JSON.parse gives, with lists that are sets and tables merged: the fragment into what was there. */
function merged(old: unknown, added: unknown, path: string): unknown {
  if (Array.isArray(old) && Array.isArray(added)) {
    const texts = old.map((item) => JSON.stringify(item));
    return [...old, ...added.filter((item) => !texts.includes(JSON.stringify(item)))];
  }
  if (!isObject(old) || !isObject(added)) return added;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(added)])];
  return Object.fromEntries(
    keys.map((key) => [key, key in added ? merged(old[key], added[key], `${path}.${key}`) : old[key]]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Json {
  return JSON.parse(text.replace(/^\uFEFF/, '') || '{}') as Json;
}

function readIfThere(sandbox: Sandbox, path: string): string | undefined {
  return sandbox.exists(path) ? sandbox.read(path) : undefined;
}

/** The texts of the three files; undefined where there is none. */
function texts(sandbox: Sandbox): (string | undefined)[] {
  return shared.map((path) => readIfThere(sandbox, path));
}

function team(home: Home['arrange']): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  home(sandbox);
  return sandbox;
}

function expectAdded(before: readonly (string | undefined)[], sandbox: Sandbox): void {
  const after = texts(sandbox) as string[];
  for (const [index, text] of after.entries()) {
    const old = before[index] ?? '';
    expect([shared[index], keepsEveryByte(old, text)]).toEqual([shared[index], true]);
  }
  // The other files hold tables on one line that get a member more.
  if ((before[0]?.split('\n').length ?? 0) > 5)
    expect(keepsEveryLine(before[0] as string, after[0] as string)).toBe(true);
  for (const [index, fragment] of ['mcp-fragment.json', 'settings-fragment.json'].entries()) {
    const { _syncline, ...values } = parsed(after[index] as string);
    expect(values).toEqual(merged(parsed(before[index] ?? ''), parsed(teamSource[`claude/${fragment}`] as string), ''));
    expect(_syncline).toBeDefined();
  }
  expect(after[2]).toContain('Ask before you publish.');
}

describe.each(sampled(homes))('a home with $name', ({ arrange }) => {
  it('gets what the team has and keeps every byte; the second push writes nothing; clean gives the first bytes back', () => {
    const sandbox = team(arrange);
    const [first, before] = [snapshot(sandbox.home), texts(sandbox)];
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expectAdded(before, sandbox);
    const pushed = snapshotWithTimes(sandbox.home);
    expect(sandbox.run(['push-runtime']).out).toContain('Nothing had to be written.');
    expect(snapshotWithTimes(sandbox.home)).toEqual(pushed);
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(snapshotWithTimes(sandbox.home)).toEqual(pushed);
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(snapshot(sandbox.home)).toEqual(first);
  });
});

const movable = /rich|absent|CRLF|one line|empty objects|nothing yet/;

describe.each(
  sampled(
    homes.filter(({ name }) => movable.test(name)),
    1,
  ),
)('a home with $name', ({ arrange }) => {
  it('gives the first bytes back after the source has moved on, too', () => {
    const sandbox = team(arrange);
    const first = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    moveSource(sandbox);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(snapshot(sandbox.home)).toEqual(first);
  });
});

/** The team drops a server, a rule and a memory, changes others, and adds some. */
function moveSource(sandbox: Sandbox): void {
  sandbox.write(
    'repo/clients/claude/mcp-fragment.json',
    JSON.stringify({ mcpServers: { team: { command: 'team-server-2' }, docs: { command: 'docs' } } }),
  );
  sandbox.write(
    'repo/clients/claude/settings-fragment.json',
    JSON.stringify({
      env: { TEAM_MODE: 'off', NEW: '1' },
      permissions: { deny: ['Read(./secrets/**)'], ask: ['WebFetch'] },
    }),
  );
  sandbox.write('repo/clients/claude/instructions.md', 'Ask before you publish. New words.\n');
  sandbox.remove('repo/clients/shared/memory/projects/site.md');
  sandbox.remove('repo/clients/shared/skills/greet/scripts');
}

describe('edits between push and clean --remove-only', () => {
  const edits: readonly [path: string, from: string, to: string][] = [
    [claudeJson, '"numStartups": 412', '"numStartups": 413,\n  "addedByClaude": {"a": [1, 2]}'],
    [claudeJson, '"customKey": 1e2', '"customKey": 1e3'],
    [settingsJson, '"Bash(rm:*)"', '"Bash(rm:*)", "Bash(dd:*)"'],
    [settingsJson, '"env": {"EDITOR":"vi"', '"env": {"EDITOR":"ed"'],
    [claudeMd, '- Short answers.', '- Short answers.\n- Long ones, too.'],
    [claudeMd, '@notes/mine.md', '@notes/yours.md'],
  ];

  it('outside our units stay as they are, to the byte', () => {
    const sandbox = team(write(rich));
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    for (const [path, from, to] of edits) sandbox.write(path, sandbox.read(path).replace(from, to));
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    for (const [index, path] of shared.entries()) {
      const own = edits.filter((edit) => edit[0] === path);
      const expected = own.reduce((text, [, from, to]) => text.replace(from, to), rich[index] as string);
      expect([path, sandbox.read(path)]).toEqual([path, expected]);
    }
  });

  it('a rewrite of the whole file leaves the exact values', () => {
    const sandbox = team(write(rich));
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    for (const path of [claudeJson, settingsJson]) {
      const { _syncline, ...rest } = parsed(sandbox.read(path));
      sandbox.write(path, JSON.stringify({ _syncline, ...rest }, null, 1));
    }
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    // JSON.stringify writes -0 as 0.
    expect(parsed(sandbox.read(claudeJson))).toEqual({ ...parsed(rich[0]), negative: 0 });
    expect(parsed(sandbox.read(settingsJson))).toEqual(parsed(rich[1]));
  });

  it('of ours are named and backed up before they go', () => {
    const sandbox = team(write(rich));
    const first = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const changed: readonly [id: string, path: string, from: string, to: string][] = [
      ['claude:.claude.json#mcpServers.team', claudeJson, '"team-server"', '"edited-server"'],
      ['claude:settings.json#env.TEAM_MODE', settingsJson, '"TEAM_MODE":"on"', '"TEAM_MODE":"edited"'],
      ['claude:CLAUDE.md#block', claudeMd, 'Ask before you publish.', 'Edited words.'],
      ['claude:memories/global.md', 'home/.claude/memories/global.md', 'plainly', 'edited'],
      ['claude:skills/greet/SKILL.md', 'home/.claude/skills/greet/SKILL.md', 'Run', 'Edited: run'],
    ];
    for (const [, path, from, to] of changed) {
      expect(sandbox.read(path)).toContain(from);
      sandbox.write(path, sandbox.read(path).replace(from, to));
    }
    const { code, out } = sandbox.run(['clean-runtime', '--remove-only']);
    expect(code).toBe(0);
    const backups = backupsNamedIn(out);
    for (const [id, , , to] of changed) {
      expect(out.split('\n').find((line) => line.includes(`${id} `))).toContain('an edit in the runtime goes');
      expect([to, backups.some((text) => text.includes(to))]).toEqual([to, true]);
    }
    expect(snapshot(sandbox.home)).toEqual(first);
  });

  it('what a client added to our server goes with it, named and backed up', () => {
    const sandbox = team(write(rich));
    const first = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const text = sandbox
      .read(claudeJson)
      .replace('"command": "team-server"', '"timeout": 77, "command": "team-server"');
    sandbox.write(claudeJson, text);
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    const { code, out } = sandbox.run(['clean-runtime', '--remove-only']);
    expect(code).toBe(0);
    expect(out).toContain('"claude:.claude.json#mcpServers.team" goes with what the client or a person added to it');
    expect(backupsNamedIn(out).some((backup) => backup.includes('"timeout": 77'))).toBe(true);
    expect(snapshot(sandbox.home)).toEqual(first);
  });
});

/** The texts of the backups in the folder that a report names. */
function backupsNamedIn(out: string): string[] {
  const folder = /as they were before this run: (.+)/.exec(out)?.[1] as string;
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}
