import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, lchownSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { withConsent } from './consent.ts';
import { type JsonOutcome, makeSandbox, type Sandbox } from './sandbox.ts';
import { teamSource, writeTeamSource } from './team-source.ts';

/** Each command that reads a home, as it is called. */
export const everyCommand: readonly (readonly string[])[] = [
  ['push-runtime'],
  ['check-sync'],
  ['pull-runtime'],
  ['clean-runtime'],
  ['clean-runtime', '--remove-only'],
];

/** A home with things of the user's own that the team's source was pushed to. */
export function pushedHome(): Sandbox {
  const sandbox = usedHome();
  const { code, err } = sandbox.run(['push-runtime']);
  if (code !== 0) throw new Error(err);
  return sandbox;
}

/** A home with things of the user's own, and the team's source, not pushed yet. */
export function usedHome(): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('home/.codex/config.toml', '# mine\nmodel = "gpt-6"\n', 0o600);
  sandbox.write('home/.claude.json', '{\n  "numStartups": 4\n}\n', 0o600);
  sandbox.write('home/.claude/CLAUDE.md', '# Mine\n', 0o640);
  sandbox.write('home/.claude/skills/own/SKILL.md', '---\nname: own\ndescription: Mine.\n---\n');
  return sandbox;
}

/** Changes the source, so that a push has something to write in a shared file, a memory and a skill of both clients. */
export function changeSource(sandbox: Sandbox): void {
  const change = (path: string, from: string, to: string) =>
    sandbox.write(`repo/clients/${path}`, (teamSource[path] as string).replaceAll(from, to));
  change('codex/config-fragment.toml', 'team-server', 'new-server');
  change('claude/mcp-fragment.json', 'team-server', 'new-server');
  change('shared/memory/global.md', 'plainly', 'clearly');
  change('shared/skills/greet/SKILL.md', 'Greets', 'Salutes');
}

/** Every node below a folder but our state: kind, mode and content, by path. Reads no pipe and follows no link. */
export function nodesBelow(folder: string): Record<string, string> {
  const kept = allBelow(folder).filter((name) => !/(^|\/)\.local(\/|$)/.test(name));
  return Object.fromEntries(kept.map((name) => [name, nodeAt(join(folder, name))]));
}

function nodeAt(path: string): string {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status) return 'a name that is not UTF-8';
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (status.isDirectory()) return `folder ${mode}`;
  if (!status.isFile()) return `other ${mode}`;
  return `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

/** Makes a pipe. */
export function makePipe(path: string): void {
  spawnSync('mkfifo', [path]);
}

/** Makes a socket that lives as long as the test. */
export function makeSocket(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((made) => void server.listen(path, made));
}

/** Somebody who is not root: for whom permissions hold. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** What the bin said and did, with what it said as `--json`. */
export interface Spoken {
  readonly code: number | null;
  readonly out: string;
  readonly json: JsonOutcome;
}

/** Gives a sandbox to somebody who is not root, and a way to run the bin as them. */
export function asNobody({ root, home, repo }: Sandbox): (words: readonly string[], state?: string) => Spoken {
  const bin = join(root, 'dist/syncline.cjs');
  cpSync(join(import.meta.dirname, '../../dist'), join(root, 'dist'), { recursive: true });
  if ('uid' in nobody) for (const path of ['.', ...allBelow(root)]) lchownSync(join(root, path), 65534, 65534);
  return (words, state) => {
    const env = { PATH: '/usr/bin:/bin', HOME: home, ...(state ? { XDG_STATE_HOME: state } : {}) };
    const options = { cwd: repo, env, encoding: 'utf8', timeout: 20_000, ...nobody } as const;
    const { status, stdout } = spawnSync(process.execPath, [bin, ...withConsent(words, false), '--json'], options);
    return { code: status, out: stdout, json: stdout === '' ? undefined : JSON.parse(stdout) };
  };
}

/** By hand: the recursive `readdirSync` of Node 20 walks into links. */
function allBelow(root: string, at = ''): string[] {
  const entries = readdirSync(join(root, at), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = at === '' ? entry.name : `${at}/${entry.name}`;
    return entry.isDirectory() ? [name, ...allBelow(root, name)] : [name];
  });
}

/** Sets a mode until the test ends, so that the sandbox can be removed by whoever runs it. */
export function closed(path: string, mode: number): void {
  const { mode: old } = lstatSync(path);
  chmodSync(path, mode);
  onTestFinished(() => chmodSync(path, old & 0o7777));
}

/** The errors of an outcome, notes and warnings left out. */
export function errorsOf({ json }: Pick<Spoken, 'json'>): JsonOutcome['findings'] {
  return json.findings.filter(({ severity }) => severity === 'error');
}

/** What a terminal must never get from a name or a value: control characters, and what turns the direction of a text. */
export const rawControl = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Full size for docs/reliability.md and, where nothing else is said, in CI; a smaller one elsewhere. */
export function sized(full: number, small: number, inCi = full): number {
  if (process.env.RELIABILITY !== undefined) return full;
  return process.env.CI === 'true' ? inCi : small;
}
