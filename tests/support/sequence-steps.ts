import fc from 'fast-check';
import { type ClaudeWrite, claudeWrite, type SettingsWrite, settingsWrite } from './claude-writer.ts';
import { valuesOf } from './codex-cases.ts';
import { type CodexWrite, codexWrite } from './codex-writer.ts';
import { home, repo, type World } from './memory-world.ts';

/** The files that the user, the clients and Syncline write. */
export const config = `${home}/.codex/config.toml`;
export const settings = `${home}/.claude/settings.json`;
export const claudeJson = `${home}/.claude.json`;
const agents = `${home}/.codex/AGENTS.md`;
export const claudeMd = `${home}/.claude/CLAUDE.md`;

/** What can happen between two runs, or a run. */
export type Step =
  | { readonly kind: 'run'; readonly words: readonly string[] }
  | { readonly kind: 'kill'; readonly words: readonly string[]; readonly at: number; readonly power: number | null }
  | { readonly kind: 'source'; readonly edit: SourceEdit }
  | { readonly kind: 'user'; readonly edit: UserEdit; readonly salt: number }
  | { readonly kind: 'codex'; readonly write: CodexWrite }
  | { readonly kind: 'claude'; readonly write: ClaudeWrite }
  | { readonly kind: 'settings'; readonly write: SettingsWrite };

const commands = [
  ...[['push-runtime'], ['push-runtime', '--overwrite'], ['push-runtime', '--keep'], ['pull-runtime'], ['check-sync']],
  ...[['clean-runtime'], ['clean-runtime', '--remove-only'], ['restore'], ['restore', '--overwrite']],
];

/** Edits of the repository: each gives one file below `clients/` a new text, or removes it. */
export const sourceEdits = {
  'another team server': ['codex/config-fragment.toml', 'mcp_servers', '[mcp_servers.team]\ncommand = "other"\n'],
  'two servers': [
    'codex/config-fragment.toml',
    'mcp_servers',
    '[mcp_servers.team]\ncommand = "team-server"\nenv = { A = "1" }\n\n[mcp_servers.extra]\nurl = "https://x.example"\n',
  ],
  'only keys': ['codex/config-fragment.toml', 'keys', 'model_verbosity = "high"\n\n[tui]\nnotifications = false\n'],
  'no fragment': ['codex/config-fragment.toml', 'none', undefined],
  'all of it': [
    'codex/config-fragment.toml',
    'all',
    'model_verbosity = "low"\n\n[model_providers.acme]\nname = "Acme"\nbase_url = "https://m.example/v1"\n\n[mcp_servers.team]\ncommand = "team-server"\nargs = ["--stdio"]\nstartup_timeout_sec = 20\n',
  ],
  'another claude server': [
    'claude/mcp-fragment.json',
    'one',
    '{"mcpServers": {"team": {"command": "other", "args": []}}}',
  ],
  'no claude server': ['claude/mcp-fragment.json', 'none', undefined],
  'other settings': [
    'claude/settings-fragment.json',
    'other',
    '{"cleanupPeriodDays": 50, "permissions": {"deny": ["Read(./.env)", "Read(./more/**)"]}}',
  ],
  'another memory': ['shared/memory/global.md', 'other', '# Global\n\nSpeak briefly.\n'],
  'a new memory': ['shared/memory/projects/app.md', 'new', '# App\n\nThe app is small.\n'],
  'a memory less': ['shared/memory/projects/site.md', 'gone', undefined],
  'another script': ['shared/skills/greet/scripts/greet.sh', 'other', '#!/bin/sh\necho good day\n'],
  'a skill less': ['shared/skills/greet/scripts/greet.sh', 'gone', undefined],
  'other instructions': ['codex/instructions.md', 'other', 'Skills are in {{path.skills}}.\n'],
} as const satisfies Record<string, readonly [path: string, what: string, text: string | undefined]>;
export type SourceEdit = keyof typeof sourceEdits;

/** What a person does to the runtime by hand. The salt makes each one another. */
export const userEdits = {
  'a comment at the end': (world, salt) => append(world, config, `# note ${salt}\n`),
  'a comment on top': (world, salt) => prepend(world, config, `# top ${salt}\n`),
  'a table at the end': (world, salt) => append(world, config, `[projects."/p/${salt}"]\ntrust_level = "trusted"\n`),
  'our server edited': (world, salt) => replace(world, config, /"team-server"|"other"/, `"mine-${salt}"`),
  'our key edited': (world) => replace(world, config, /model_verbosity = "\w+"/, 'model_verbosity = "medium"'),
  'begin marker gone': (world) => replace(world, config, /^# >>> syncline.*\n/m, ''),
  'end marker gone': (world) => replace(world, config, /^# <<< syncline.*\n/m, ''),
  'the block gone': (world) => replace(world, config, /^# >>> syncline[\s\S]*# <<< syncline.*\n/m, ''),
  'claude server edited': (world, salt) => replace(world, claudeJson, /"team-server"|"other"/, `"mine-${salt}"`),
  'a rule less': (world) => replace(world, settings, /"Read\(\.\/\.env\)",?\s*/, ''),
  'a note in CLAUDE.md': (world, salt) => append(world, claudeMd, `\nNote ${salt}.\n`),
  'a note in AGENTS.md': (world, salt) => prepend(world, agents, `Note ${salt}.\n\n`),
  'a memory edited': (world, salt) => append(world, `${home}/.claude/memories/global.md`, `More ${salt}.\n`),
  'a memory of their own': (world, salt) => put(world, `${home}/.codex/memories/own/${salt}.md`, `Own ${salt}\n`),
  'a memory gone': (world) => remove(world, `${home}/.codex/memories/global.md`),
  'a file in our skill': (world, salt) => put(world, `${home}/.claude/skills/greet/own-${salt}.md`, 'own\n'),
  'a skill gone': (world) => remove(world, `${home}/.claude/skills/greet`),
  'a script that runs no more': (world) => unexec(world, `${home}/.codex/skills/greet/scripts/greet.sh`),
  'settings moved behind a link': (world) => behindLink(world, settings, `${home}/dotfiles/settings.json`),
  'the record lost': (world) => remove(world, `${home}/.local/state/syncline/records`),
} as const satisfies Record<string, (world: World, salt: number) => void>;
export type UserEdit = keyof typeof userEdits;

const names = fc.constantFrom('personal', 'mine', 'second');
const codexWrites: fc.Arbitrary<CodexWrite> = fc.oneof(
  fc.record({
    kind: fc.constant('mcp add' as const),
    name: names,
    server: fc.constant({ command: 'x', args: ['--flag'] }),
  }),
  fc.record({ kind: fc.constant('mcp remove' as const), name: names }),
  fc.record({
    kind: fc.constant('feature' as const),
    name: fc.constantFrom('apps' as const, 'goals' as const, 'memories' as const),
    enabled: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('trust' as const), project: fc.constantFrom('/home/u/a', '/home/u/b') }),
  fc.record({
    kind: fc.constant('set' as const),
    path: fc.constantFrom(['model'], ['tui', 'theme'], ['mcp_servers', 'team', 'tools', 'search', 'approval_mode']),
    value: fc.constantFrom('approve', 'auto'),
  }),
);
const claudeWrites: fc.Arbitrary<ClaudeWrite> = fc.oneof(
  fc.constant({ kind: 'start' as const }),
  fc.record({
    kind: fc.constant('mcp add-json' as const),
    name: names,
    server: fc.constant({ type: 'stdio', command: 'x' }),
  }),
  fc.record({ kind: fc.constant('mcp remove' as const), name: names }),
);
const settingsWrites: fc.Arbitrary<SettingsWrite> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    key: fc.constantFrom('theme', 'model'),
    value: fc.constantFrom('dark', 'opus'),
  }),
  fc.record({
    kind: fc.constantFrom('allow' as const, 'deny' as const),
    rule: fc.constantFrom('Bash(ls)', 'Read(/x)'),
  }),
);

const anyOf = <T extends string>(table: Readonly<Record<T, unknown>>) =>
  fc.constantFrom(...(Object.keys(table) as T[]));
const runWords = fc.constantFrom(...commands);

/** One step; runs come up as often as all else together. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('run' as const), words: runWords }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('run' as const), words: fc.constant(['push-runtime']) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('kill' as const), words: runWords, at: fc.double({ min: 0, max: 1, noNaN: true }) },
      power: fc.constantFrom(null, 0, 0.5),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('source' as const), edit: anyOf(sourceEdits) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('user' as const), edit: anyOf(userEdits), salt: fc.nat({ max: 999 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('codex' as const), write: codexWrites }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('claude' as const), write: claudeWrites }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settings' as const), write: settingsWrites }) },
);

/** Does what a person, the repository or a client does. */
export function act(world: World, step: Exclude<Step, { kind: 'run' | 'kill' }>): void {
  const { memory } = world;
  const text = (path: string) => (memory.disk.status(path) ? memory.read(path) : undefined);
  if (step.kind === 'user') return editAsUser(world, step.edit, step.salt);
  if (step.kind === 'source') {
    const [path, , content] = sourceEdits[step.edit];
    const full = `${repo}/clients/${path}`;
    return content === undefined ? remove(world, full) : memory.write(full, content);
  }
  const [path, after] =
    step.kind === 'codex'
      ? [config, codexWrite(text(config), step.write)]
      : step.kind === 'claude'
        ? [claudeJson, claudeWrite(text(claudeJson), step.write)]
        : [settings, settingsWrite(text(settings), step.write)];
  // The clients write through a link, as we do, and keep the mode.
  // Codex itself breaks a file with a comment above an inline `mcp_servers` (measured); its user takes that back, too.
  if (after !== undefined && parses(path, after)) memory.write(path, after, 0o600);
}

/** A person who breaks a file sees that at once, and takes it back. */
function editAsUser(world: World, edit: UserEdit, salt: number): void {
  const { memory } = world;
  const read = (path: string) => (memory.disk.status(path) ? memory.read(path) : undefined);
  const old = new Map([config, settings, claudeJson].map((path) => [path, read(path)]));
  userEdits[edit](world, salt);
  for (const [path, text] of old) {
    const now = read(path);
    if (now === undefined || parses(path, now)) continue;
    if (text === undefined) memory.remove(path);
    else memory.write(path, text);
  }
}

function parses(path: string, text: string): boolean {
  try {
    if (path === config) valuesOf(text);
    else JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

function put({ memory }: World, path: string, text: string): void {
  memory.write(path, text);
}

function append({ memory }: World, path: string, text: string): void {
  const old = memory.disk.status(path) ? memory.read(path) : '';
  memory.write(path, old === '' || old.endsWith('\n') ? `${old}${text}` : `${old}\n${text}`);
}

function prepend({ memory }: World, path: string, text: string): void {
  const old = memory.disk.status(path) ? memory.read(path) : '';
  memory.write(path, old.startsWith('\uFEFF') ? `\uFEFF${text}${old.slice(1)}` : `${text}${old}`);
}

function replace({ memory }: World, path: string, from: RegExp, to: string): void {
  if (memory.disk.status(path)) memory.write(path, memory.read(path).replace(from, to));
}

function remove({ memory }: World, path: string): void {
  if (memory.exists(path)) memory.remove(path);
}

function unexec({ memory }: World, path: string): void {
  if (memory.disk.status(path)) memory.chmod(path, 0o644);
}

function behindLink({ memory }: World, path: string, target: string): void {
  if (!memory.disk.status(path) || memory.exists(target)) return;
  memory.write(target, memory.read(path), 0o640);
  memory.remove(path);
  memory.link(path, target);
}
