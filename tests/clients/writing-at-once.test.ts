import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonical, leavesOf, type Table, type Value, valueAt } from '../../src/model/value.ts';
import { richClaudeJson } from '../support/claude-home.ts';
import { type AppServer, runBeside, startAppServer } from '../support/client-writer-process.ts';
import { clientBinary, isAbsent, runClaude } from '../support/clients.ts';
import { configFile, expectLoads, fragmentFile, valuesOf } from '../support/codex-cases.ts';
import { richConfig } from '../support/codex-home.ts';
import { tried } from '../support/reliability.ts';
import { type JsonOutcome, makeSandbox, type Sandbox } from '../support/sandbox.ts';

/**
 * A real client writes again and again while the built bin pushes a source that changes again and again, each as a real
 * process: no write of either is lost, and the file can be read at any moment. One write of the client at a time: Codex
 * takes no lock, so two of its own could lose each other's.
 *
 * Without an exchange of files (Linux, Perl) a moment would remain between our last look at config.toml and our rename; a
 * busy machine met it once in some thousand writes.
 */
const { CI: inCi, RELIABILITY: forTable } = process.env;
const milliseconds = forTable !== undefined ? 60_000 : inCi === 'true' ? 15_000 : 4_000;
const patience = 3 * milliseconds + 60_000;

interface Beside {
  readonly sandbox: Sandbox;
  readonly client: 'codex' | 'claude';
  readonly file: string;
  /** Makes the source want something new. */
  moveSource(turn: number): void;
  /** One write of the client; gives the path of what it says it wrote. */
  write(turn: number): Promise<readonly string[] | undefined>;
  read(text: string): Table;
}

/** What came up, for the line that is printed. */
interface Seen {
  readonly written: (readonly string[])[];
  readonly exits: Record<string, number>;
  readonly verdicts: Record<string, number>;
  readonly reasons: Record<string, number>;
  refused: number;
}

async function writeAtOnce(beside: Beside): Promise<Seen> {
  const seen: Seen = { written: [], exits: {}, verdicts: {}, reasons: {}, refused: 0 };
  const until = Date.now() + milliseconds;
  const loop = async (step: (turn: number) => Promise<void>) => {
    for (let turn = 0; Date.now() < until; turn += 1) await step(turn);
  };
  await Promise.all([
    loop(async (turn) => {
      const path = await beside.write(turn);
      if (path) seen.written.push(path);
      else seen.refused += 1;
    }),
    loop((turn) => pushOnce(beside, turn, seen)),
  ]);
  return seen;
}

const bin = join(import.meta.dirname, '../../dist/syncline.cjs');

async function pushOnce(beside: Beside, turn: number, seen: Seen): Promise<void> {
  const { sandbox, client } = beside;
  beside.moveSource(turn);
  const words = [bin, 'push-runtime', '--overwrite', '--json', '--client', client];
  const { code, out, err } = await runBeside(process.execPath, words, sandbox.repo, { HOME: sandbox.home });
  const { units, findings } = JSON.parse(out) as JsonOutcome;
  count(seen.exits, `${code}`);
  for (const { verdict } of units) count(seen.verdicts, verdict);
  for (const { code: reason, severity } of findings) if (severity === 'error') count(seen.reasons, reason);
  const told = findings.some((finding) => finding.code === 'lock-held' || finding.code === 'runtime-moved');
  if (![0, 1, 3].includes(code ?? -1) && !(code === 2 && told)) throw new Error(`push exited ${code}: ${out}${err}`);
  beside.read(sandbox.read(beside.file));
}

function count(into: Record<string, number>, key: string): void {
  into[key] = (into[key] ?? 0) + 1;
}

/** After one more push everything that both said they wrote is there, and nothing of ours is left beside it. */
function expectAllThere(beside: Beside, seen: Seen, before: Table): void {
  const { sandbox, client, file } = beside;
  const ran = sandbox.run(['push-runtime', '--overwrite', '--client', client], { asProcess: true });
  expect(ran).toMatchObject({ code: 0 });
  expect(sandbox.run(['check-sync', '--client', client], { asProcess: true })).toMatchObject({ code: 0 });
  const now = beside.read(sandbox.read(file));
  const lost = seen.written.filter((path) => valueAt(now, path) === undefined);
  const { written, refused, exits, verdicts, reasons } = seen;
  const counts = JSON.stringify({ exits, verdicts, reasons });
  tried(written.length);
  console.log(`${client}: ${written.length} writes (${refused} refused), ${lost.length} lost; pushes: ${counts}`);
  expect(lost).toEqual([]);
  for (const [path, value] of leavesOf(before)) {
    expect([path, spell(valueAt(now, path))]).toEqual([path, spell(value)]);
  }
  const names = readdirSync(join(sandbox.root, file, '..'));
  expect(names.filter((name) => name.includes('syncline'))).toEqual([]);
}

function spell(value: Value | undefined): string {
  return value === undefined ? 'gone' : canonical(value);
}

describe.skipIf(isAbsent('codex'))('the real Codex', () => {
  it(
    'writes in a loop while push runs in a loop, and no write of either is lost',
    async () => {
      const sandbox = makeSandbox();
      sandbox.write(configFile, richConfig);
      const server = await startAppServer(sandbox.home);
      const beside: Beside = {
        ...{ sandbox, client: 'codex', file: configFile, read: valuesOf },
        moveSource: (turn) => sandbox.write(fragmentFile, fragmentOf(turn)),
        write: (turn) => (turn % 2 === 0 ? addServer(sandbox, turn) : trustProject(server, turn)),
      };
      const seen = await writeAtOnce(beside);
      server.stop();
      expectAllThere(beside, seen, valuesOf(richConfig));
      expectLoads(sandbox.home);
    },
    patience,
  );
});

function fragmentOf(turn: number): string {
  const provider = `[model_providers.acme]\nname = "Acme ${turn}"\nbase_url = "https://models.example/v1"\n`;
  return `model_verbosity = "${turn % 2 ? 'low' : 'high'}"\n\n${provider}\n[mcp_servers.team]\ncommand = "team"\nargs = ["--turn", "${turn}"]\n`;
}

async function addServer({ home }: Sandbox, turn: number): Promise<readonly string[] | undefined> {
  const env = { HOME: home, CODEX_HOME: join(home, '.codex') };
  const { code } = await runBeside(clientBinary('codex') as string, ['mcp', 'add', `w${turn}`, '--', 'x'], home, env);
  return code === 0 ? ['mcp_servers', `w${turn}`, 'command'] : undefined;
}

async function trustProject(server: AppServer, turn: number): Promise<readonly string[] | undefined> {
  const path = ['projects', `/home/u/w${turn}`, 'trust_level'];
  const keyPath = path.map((key) => JSON.stringify(key)).join('.');
  const edits = [{ keyPath, value: 'trusted', mergeStrategy: 'upsert' }];
  const { error } = await server.ask('config/batchWrite', { edits });
  return error === undefined ? path : undefined;
}

describe.skipIf(isAbsent('claude'))('the real Claude Code', () => {
  it(
    'writes in a loop while push runs in a loop, and no write of either is lost',
    async () => {
      const sandbox = makeSandbox();
      const file = 'home/.claude.json';
      sandbox.write(file, JSON.stringify({ ...JSON.parse(richClaudeJson()), userID: '0123456789abcdef'.repeat(4) }));
      runClaude(sandbox.home, ['mcp', 'remove', '-s', 'user', 'nobody']);
      const before = JSON.parse(sandbox.read(file)) as Table;
      const beside: Beside = {
        ...{ sandbox, client: 'claude', file, read: (text) => JSON.parse(text) as Table },
        moveSource: (turn) => sandbox.write('repo/clients/claude/mcp-fragment.json', JSON.stringify(serversOf(turn))),
        write: (turn) => addJson(sandbox, turn),
      };
      const seen = await writeAtOnce(beside);
      expectAllThere(beside, seen, before);
      expect(runClaude(sandbox.home, ['mcp', 'get', 'w0']).out).toContain('w0');
    },
    patience,
  );
});

function serversOf(turn: number): Table {
  return { mcpServers: { team: { command: 'team', args: ['--turn', `${turn}`] } } };
}

async function addJson({ home }: Sandbox, turn: number): Promise<readonly string[] | undefined> {
  const env = { HOME: home, DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const words = ['mcp', 'add-json', '-s', 'user', `w${turn}`, '{"command":"x"}'];
  const { code } = await runBeside(clientBinary('claude') as string, words, home, env);
  return code === 0 ? ['mcpServers', `w${turn}`, 'command'] : undefined;
}
