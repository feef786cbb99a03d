import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { makeSandbox } from './support/sandbox.ts';

// What clients/ ships goes into the homes of strangers: it must be sound, and it must give agents no new power.

const root = join(import.meta.dirname, '..');
const files = ['clients', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    ),
);
const shipped = files.filter((path) => path.startsWith('clients/') && !path.includes('/pulled/'));
const profiles = shipped.filter((path) => path.startsWith('clients/codex/profiles/'));
const skills = shipped.filter((path) => path.endsWith('/SKILL.md'));

test.each(files.filter((path) => path.endsWith('.toml')))('%s is TOML', (path) => {
  expect(Object.keys(parseToml(read(path)))).not.toEqual([]);
});

test.each(files.filter((path) => path.endsWith('.json')))('%s is JSON', (path) => {
  expect(Object.keys(JSON.parse(read(path)))).not.toEqual([]);
});

test('a repository that takes over clients/ keeps the copies of pull-runtime out of git', () => {
  const sandbox = makeSandbox();
  cpSync(join(root, 'clients'), `${sandbox.repo}/clients`, { recursive: true });
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  expect(sandbox.run(['pull-runtime'])).toMatchObject({ code: 0 });
  const git = (...words: string[]) => spawnSync('git', words, { cwd: sandbox.repo, encoding: 'utf8' }).stdout;
  git('init', '--quiet');
  git('add', '--all');
  expect(git('ls-files')).toContain('clients/README.md');
  expect(git('ls-files')).not.toContain('pulled');
});

test("the Codex fragment adds a provider and leaves Codex's defaults alone", () => {
  expect(parseToml(read('clients/codex/config-fragment.toml'))).toEqual({
    model_providers: {
      openrouter: {
        name: 'OpenRouter',
        base_url: 'https://openrouter.ai/api/v1',
        wire_api: 'responses',
        env_key: 'OPENROUTER_API_KEY',
      },
    },
  });
});

test('there are four role profiles', () => {
  expect(profiles.map((path) => path.replace(/.*\/|\.toml$/g, '')).sort()).toEqual([
    'agentic',
    'cheap',
    'planner',
    'tools',
  ]);
});

const models = JSON.parse(read('clients/codex/files/openrouter-models.json')).models as {
  readonly slug: string;
  readonly context_window: number;
  readonly supported_reasoning_levels: readonly { readonly effort: string }[];
}[];

test.each([
  ['planner', 'deepseek/deepseek-v4-flash', 1_000_000],
  ['tools', 'qwen/qwen3-coder', 1_000_000],
  ['agentic', 'moonshotai/kimi-k2.5', 262_144],
  ['cheap', 'qwen/qwen3-coder:free', 262_144],
])('the profile %s names a model that the catalogue beside it knows', (name, model, context) => {
  const profile = parseToml(read(`clients/codex/profiles/${name}.toml`));
  expect(profile).toMatchObject({ model, model_provider: 'openrouter', model_catalog_json: 'openrouter-models.json' });
  const known = models.find(({ slug }) => slug === model);
  expect(known?.context_window).toBe(context);
  const levels = known?.supported_reasoning_levels.map(({ effort }) => effort) ?? [];
  if (levels.length > 0) expect(levels).toContain(profile.model_reasoning_effort);
  else expect(profile.model_reasoning_effort).toBeUndefined();
});

test.each(profiles)('%s widens no permission', (path) => {
  const profile = parseToml(read(path));
  const keys = ['model', 'model_provider', 'model_reasoning_effort', 'model_catalog_json', 'sandbox_mode'];
  expect(keys).toEqual(expect.arrayContaining(Object.keys(profile)));
  expect(profile.sandbox_mode ?? 'read-only').toBe('read-only');
});

test('the Claude Code fragments only deny', () => {
  const settings = JSON.parse(read('clients/claude/settings-fragment.json'));
  expect(Object.keys(settings)).toEqual(['permissions']);
  expect(Object.keys(settings.permissions)).toEqual(['deny']);
  const rules: string[] = settings.permissions.deny;
  expect(rules.filter((rule) => !/^Read\((?:\.|~)\/[^()]+\)$/.test(rule))).toEqual([]);
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules).toEqual(expect.arrayContaining(['Read(./.env)', 'Read(./secrets/**)', 'Read(~/.ssh/**)']));
});

test('no server, hook, command or agent is shipped', () => {
  expect(JSON.parse(read('clients/claude/mcp-fragment.json'))).toEqual({ mcpServers: {} });
  expect(shipped.filter((path) => /\/(?:mcp|hooks|hooks-fragment)\.json$|\/(?:commands|agents)\//.test(path))).toEqual(
    [],
  );
});

test('the memories are there, and nothing is injected into skills', () => {
  for (const name of ['global.md', 'conventions.md', 'projects/syncline.md']) {
    expect(shipped).toContain(`clients/shared/memory/${name}`);
  }
  expect(existsSync(join(root, 'clients/shared/skills/inject.md'))).toBe(false);
});

test('there are three skills, one of them about Syncline', () => {
  expect(skills).toHaveLength(3);
  expect(skills).toContain('clients/shared/skills/syncline/SKILL.md');
});

test.each(skills)('%s has the frontmatter that both clients want', (path) => {
  const text = read(path);
  expect(text.startsWith('---\n'), 'no byte order mark, frontmatter first').toBe(true);
  const { name, description, ...others } = parseYaml(text.split('\n---\n')[0] as string);
  expect(others).toEqual({});
  expect(name).toBe(path.split('/').at(-2));
  expect(name).toMatch(/^[a-z0-9-]{1,64}$/);
  expect(description).toMatch(/\bUse (?:when|before)\b/);
  expect(description.length).toBeLessThanOrEqual(1024);
});

test.each(files.filter((path) => path.endsWith('.md')))('%s is tidy text with known tokens', (path) => {
  const text = read(path);
  expect(text.includes('\r') || text.includes('\t') || / $/m.test(text), 'LF, no tabs, no spaces at line ends').toBe(
    false,
  );
  expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
  const tokens = [...text.matchAll(/\{\{([^}]*)\}\}/g)].map(([, name]) => name);
  const known = /^(?:client\.(?:name|home)|path\.(?:memory|skills|files)|skill\.name|var\.\w+)$/;
  expect(tokens.filter((name) => !known.test(name as string))).toEqual([]);
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
