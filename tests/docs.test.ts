import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it, test } from 'vitest';
import { devDependencies, scripts } from '../package.json';
import { allClients } from '../src/adapters/all-clients.ts';
import type { Target } from '../src/adapters/client.ts';
import { commandRows } from '../src/cli/commands.ts';
import { exitCodes, exitCodesText } from '../src/report/exit-codes.ts';
import { learnedHome } from './support/learned-home.ts';
import { reliabilityRows } from './support/reliability.ts';
import { type JsonOutcome, makeSandbox, runBin, type Sandbox, shippedRepository } from './support/sandbox.ts';

// The documentation is run: what it tells a newcomer to type works, and what it says of options and codes is so.

const root = shippedRepository;
const inDocs = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const run = ['README.md', ...inDocs, 'examples/README.md'];
const pages = [...run, 'ARCHITECTURE.md', 'CHANGELOG.md', 'clients/README.md'];
const commands = commandRows.map(({ name }) => name);

describe('shell examples', () => {
  it('the first lines of the README are those that CI and npm know', () => {
    const [first, second] = blocksOf('README.md', 'sh');
    expect(first).toBe('npm ci && npx syncline push-runtime\n');
    expect(second).toBe('npm ci && npm test\n');
    expect(read('.ci/run')).toContain('npm ci && npm test');
    // `npm ci` runs it, and npx then finds the bin.
    expect(scripts.prepare).toBe('npm run --silent build');
    expect(Object.keys(scripts)).toContain('test');
  });

  it.each(run.filter((page) => linesOf(page).length > 0))(
    'those of %s work, in their order, in a fresh clone',
    (page) => {
      const sandbox = sandboxFor(page);
      const outputs: string[] = [];
      for (const line of linesOf(page)) {
        const words = wordsOf(line, sandbox);
        if (!words) continue;
        const { code, err, out } = sandbox.run(words);
        outputs.push(out);
        expect({ line, code, err }).toEqual({ line, code: expect.any(Number), err: '' });
        expect([line, [0, 1].includes(code as number)]).toEqual([line, true]);
      }
      for (const shown of blocksOf(page, 'text').filter((text) => text.startsWith('Learned by')))
        for (const row of shown.trimEnd().split('\n')) expect(outputs.join('')).toContain(`${row}\n`);
    },
  );

  it.each(run)('%s shows no other kind of shell line', (page) => {
    const others = linesOf(page).filter((line) => !/^(?:npm ci && )?(?:npx syncline |npm test$)/.test(line));
    expect(others).toEqual([]);
  });

  it.each(pages)('%s names only scripts that package.json has', (page) => {
    const named = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

describe('examples of files', () => {
  it.each(pages)('TOML and JSON in %s parse', (page) => {
    for (const block of blocksOf(page, 'toml')) expect(() => parseToml(block)).not.toThrow();
    for (const block of blocksOf(page, 'json')) expect(() => JSON.parse(block)).not.toThrow();
  });

  it.each(pages)('each in %s says which file it is', (page) => {
    const nameless = filesIn(page).filter(({ to }) => to === undefined);
    expect(nameless.map(({ text }) => text)).toEqual(
      page === 'docs/commands.md' ? [expect.stringContaining('"exitCode"')] : [],
    );
  });

  it.each(pages.filter((page) => filesIn(page).some(({ to }) => to !== undefined)))(
    'those of %s are sound, and both clients get what they say',
    (page) => {
      const sandbox = sandboxFor(page);
      for (const { to, text } of filesIn(page)) {
        if (to === undefined) continue;
        sandbox.write(placeOf(to), text);
        const { code, json } = sandbox.run(['check-sync', '--source-only', '--json']);
        expect([to, code, told(json)]).toEqual([to, 0, []]);
      }
      const { code, json } = sandbox.run(['push-runtime', '--json']);
      expect([code, told(json)]).toEqual([0, []]);
      expect(sandbox.run(['check-sync']).code).toBe(0);
      for (const id of deployed[page] ?? []) expect(json.units.map((unit) => unit.id)).toContain(id);
    },
  );

  const rows = [...read('examples/README.md').matchAll(/^\| `([^`]+)` +\| .*?`((?:clients|~)\/[^`]+)`/gm)].map(
    ([, from, to]) => [from as string, to as string] as const,
  );

  it('examples/README.md has a row for each example', () => {
    // Those of ci/ are no part of clients/; ci.test.ts runs them.
    const files = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\/.*\.\w+$/.test(name) && !/^ci\W/.test(name),
    );
    expect(rows.map(([from]) => from).sort()).toEqual(files.map((name) => name.replaceAll('\\', '/')).sort());
  });

  it.each(rows)('%s works as %s', (from, to) => {
    const sandbox = makeSandbox(root);
    const machine = /^clients\/machines\/(\w+)\//.exec(to)?.[1];
    if (machine) sandbox.write(placeOf(userConfig), `machine = "${machine}"\n`);
    sandbox.write(placeOf(to), read(`examples/${from}`));
    const { code, json } = sandbox.run(['push-runtime', '--json']);
    expect([code, told(json)]).toEqual([0, []]);
    expect(sandbox.run(['check-sync']).code).toBe(0);
  });
});

describe('options', () => {
  const helps = new Map(commands.map((command) => [command, defined(helpOf(command))]));
  const known = new Set([...helps.values()].flat());
  const page = read('docs/commands.md');
  const [common, ...sections] = page.split(/^## /m).slice(1) as [string, ...string[]];

  it.each(pages)('each that %s names is one of --help', (name) => {
    const named = [...read(name).matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
    expect(named.filter((option) => !known.has(option) && !foreign.includes(option))).toEqual([]);
  });

  it.each(commands)('docs/commands.md has a table with exactly those of %s --help', (command) => {
    const section = sections.find((text) => text.startsWith(`${command}\n`)) as string;
    const documented = [...tableOf(common), ...tableOf(section)];
    expect(documented.sort()).toEqual((helps.get(command) as string[]).sort());
  });

  it('each of an example exists for its command', () => {
    for (const line of pages.flatMap(linesOf).filter((text) => text.includes('syncline '))) {
      const command = /syncline ([\w-]+)/.exec(line)?.[1] as string;
      expect(commands).toContain(command);
      expect([line, optionsIn(line).filter((option) => !helps.get(command)?.includes(option))]).toEqual([line, []]);
    }
  });
});

describe('docs/index.md', () => {
  const page = read('docs/index.md');
  const targets = allClients.flatMap((client) => client.targets.map((target) => ({ client: client.name, target })));

  it.each(
    targets.map(({ client, target }) => [`${client}: ${target.kind} ${placeIn(target)}`, client, target] as const),
  )('names the source of %s', (_name, client, target) => {
    for (const source of sourcesOf(client, target)) expect(page).toContain(source);
    expect(page).toContain(placeIn(target));
  });
});

/** What the page calls the sources of a target. */
function sourcesOf(client: string, target: Target): readonly string[] {
  if (target.kind === 'fragment') {
    const shared = target.shared ? [`clients/shared/${target.shared.source}`] : [];
    return [`clients/${client}/${target.source}`, ...shared];
  }
  if (target.kind === 'files') return [target.shared ? target.source : `clients/${client}/`];
  if (target.kind === 'instructions') return [`clients/${client}/${target.source}`, `clients/shared/${target.source}`];
  return [`clients/shared/${target.kind === 'memory' ? 'memory' : target.kind === 'skills' ? 'skills' : 'files'}/`];
}

/** The file or folder in the client's home. */
function placeIn(target: Target): string {
  if (target.kind === 'fragment' || target.kind === 'instructions') return target.file;
  if (target.kind === 'files')
    return (
      target.folder ?? target.file(`<name>${target.extension}`).replace('<name>.md', '<name>').replace('SKILL.md', '')
    );
  return target.kind === 'home-files' ? 'files/' : target.folder;
}

describe('what is said of results', () => {
  it('docs/commands.md and the help say of the exit codes what the code says', () => {
    const section = read('docs/commands.md').split('## Exit codes\n')[1]?.split(/^## /m)[0] as string;
    const rows = [...section.matchAll(/^\| (\d) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => [Number(code), meaning]);
    expect(rows).toEqual(exitCodes);
    for (const command of commands) expect(helpOf(command)).toContain(`\n\n${exitCodesText}\n`);
  });

  it('the tables and the help name the exit codes 0 to 3, and these are the ones that come', () => {
    const codes = ['0', '1', '2', '3'];
    for (const [page, row] of [
      ['README.md', /`(\d)` \w/g],
      ['docs/commands.md', /^\| (\d) /gm],
    ] as const) {
      const section = read(page).split('## Exit codes\n')[1]?.split(/^## /m)[0] as string;
      expect([...section.matchAll(row)].map(([, code]) => code)).toEqual(codes);
    }
    for (const command of commands) {
      expect([...helpOf(command).matchAll(/^ {2}(\d) {2}\w/gm)].map(([, code]) => code)).toEqual(codes);
    }
    const sandbox = makeSandbox(root);
    const profile = 'home/.codex/planner.config.toml';
    const steps = [
      () => {},
      () => sandbox.write(profile, 'model = "mine"\n'),
      () => sandbox.write('home/.codex/config.toml', 'a ='),
      () => {
        sandbox.write('home/.codex/config.toml', '');
        sandbox.write('repo/clients/codex/profiles/planner.toml', 'model = "ours"\n');
      },
    ];
    for (const [code, step] of steps.entries()) {
      step();
      expect(sandbox.run(['push-runtime']).code).toBe(code);
    }
  });

  it('the JSON example has the shape of the real object', () => {
    const example = JSON.parse(blocksOf('docs/commands.md', 'json')[0] as string);
    const sandbox = makeSandbox(root);
    sandbox.run(['push-runtime']);
    sandbox.write('home/.codex/planner.config.toml', 'model = "mine"\n');
    const { json } = sandbox.run(['check-sync', '--json']);
    expect(Object.keys(example)).toEqual(Object.keys(json));
    expect(Object.keys(example.units[0])).toEqual(Object.keys(json.units[0] as object));
    const { json: failed } = sandbox.run(['check-sync', '--client', 'x', '--json']);
    expect(Object.keys(example.findings[0])).toEqual(expect.arrayContaining(Object.keys(failed.findings[0] as object)));
  });

  it.each([
    ['Verdict', 'units[].verdict'],
    ['Action', 'units[].action'],
  ])('docs/commands.md lists every %s', (type, field) => {
    const union = new RegExp(`export type ${type} =([^;]+);`).exec(read('src/model/plan.ts'))?.[1] as string;
    const row = read('docs/commands.md')
      .split('\n')
      .find((line) => line.includes(`\`${field}\``)) as string;
    const listed = [...(row.split('|')[2] as string).matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
    expect(listed).toEqual([...union.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name));
  });

  it('docs/reliability.md has a row for each way a promise was tried, and each row held; npm run reliability writes it', () => {
    const rows = [...read('docs/reliability.md').matchAll(/^\| (.*?) +\| (.*?) +\| +(\d+) \| (\w+) +\|$/gm)];
    expect(rows.map(([, promise, fault]) => [promise, fault])).toEqual(
      reliabilityRows.map(({ promise, fault }) => [promise, fault]),
    );
    for (const [row, , , cases, result] of rows) expect([row, Number(cases) > 0, result]).toEqual([row, true, 'held']);
  });

  it('docs/decisions.md names every package that is bundled, every one that is not, and no other', () => {
    const [bundled, others] = read('docs/decisions.md').split('| Development');
    const named = (table = '') =>
      [...table.matchAll(/`((?:@[\w-]+\/)?[\w.-]+)`(?=[^|]*\|)/g)].map(([, name]) => name as string);
    const rows = (table = '') =>
      table
        .split('\n')
        .filter((line) => /^\| `/.test(line))
        .flatMap((line) => named(`${line.split('|')[1]}|`));
    expect(rows(bundled).sort()).toEqual(importedPackages());
    expect([...rows(bundled), ...rows(others)].sort()).toEqual(Object.keys(devDependencies).sort());
  });
});

test.each(pages)('links in %s resolve', (page) => {
  const text = read(page).replace(/```[\s\S]*?```/g, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  const broken = targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path, anchor] = target.split('#') as [string, string?];
    const file = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
  });
  expect(broken).toEqual([]);
});

const userConfig = '~/.config/syncline/config.toml';

/** What the examples of a page take for granted: files in the sandbox. */
const taken: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/inbox.md': learnedByYou(),
  'docs/layers.md': {
    'repo/clients/people/ana/shared/instructions.md': 'Answer shortly.\n',
    'home/agents/shared/vars.toml': 'mine = "yes"\n',
  },
  'docs/safety.md': {
    'repo/clients/shared/skills/unicode/SKILL.md': '---\nname: unicode\ndescription: Counts letters.\n---\nCount.\n',
    'repo/clients/shared/skills/unicode/cases.txt': 'a\u200bb\n',
    // The other example of the page comes first.
    'repo/clients/allowed-hidden-text.toml': '"shared/skills/unicode/cases.txt" = "cases"\n',
    'repo/clients/shared/skills/aws/SKILL.md': `---\nname: aws\ndescription: Reads logs.\n---\nNever use ${['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_')}.\n`,
  },
};

/** Units that a page promises for its examples. */
const deployed: Readonly<Record<string, readonly string[]>> = {
  'README.md': [
    ...['codex:config.toml#mcp_servers.tracker', 'claude:.claude.json#mcpServers.tracker'],
    ...['codex:skills/release-notes/SKILL.md', 'claude:skills/release-notes/SKILL.md'],
    ...['codex:skills/git-tidy/SKILL.md', 'claude:commands/git/tidy.md'],
    ...['codex:agents/reviewer.toml', 'claude:agents/reviewer.md'],
  ],
  'docs/mappings.md': ['codex:config.toml#mcp_servers.files', 'claude:.claude.json#mcpServers.files'],
  'docs/layers.md': ['codex:config.toml#mcp_servers.tracker', 'claude:.claude.json#mcpServers.tracker'],
};

/** A clone with what the examples of a page take for granted. */
function sandboxFor(page: string): Sandbox {
  const sandbox = makeSandbox(root);
  for (const [path, text] of Object.entries(taken[page] ?? {})) sandbox.write(path, text);
  return sandbox;
}

/** What the agents learned, of the person and the tests that the docs tell of. */
function learnedByYou(): Record<string, string> {
  const ofYou = (text: string) =>
    text
      .replaceAll('/home/u/', '/home/you/')
      .replaceAll('-home-u-', '-home-you-')
      .replace('How tests is done', 'How the tests are run');
  return Object.fromEntries(Object.entries(learnedHome).map(([path, text]) => [`home/${ofYou(path)}`, ofYou(text)]));
}

interface ExampleFile {
  /** Below `clients/`, or in the home; undefined where the page does not say. */
  readonly to: string | undefined;
  readonly text: string;
}

/** The files that a page shows, each with the last path that the paragraph above it names. */
function filesIn(page: string): ExampleFile[] {
  const blocks = [...read(page).matchAll(/^ *```(?:json|toml|text(?=\n---\n))\n([\s\S]*?)^ *```$/gm)];
  return blocks.map(({ index, 1: text }) => {
    const above = read(page).slice(0, index).trimEnd().split('\n\n').at(-1) as string;
    const to = [...above.matchAll(/`((?:clients|~)\/[\w./-]+\.(?:json|toml|md))`/g)].at(-1)?.[1];
    return { to, text: text as string };
  });
}

/** Where in the sandbox a path of the docs is. */
function placeOf(path: string): string {
  return path.replace(/^~\//, 'home/').replace(/^clients\//, 'repo/clients/');
}

/** The findings that a person has to do something about. */
function told({ findings }: JsonOutcome): string[] {
  return findings.filter(({ severity }) => severity !== 'note').map(({ message }) => message);
}

/** Options of other programs that the pages may name. */
const foreign = [
  '--unshallow',
  ...['--strict-config', '--print-startup-config', '--save-dev', '--version'],
  // Of the bench, and of what it runs.
  ...['--alone', '--folder', '--full', '--help', '--only', '--quick', '--write', '--check'],
];

/** The packages that src/ imports: they are in the bundle. */
function importedPackages(): string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const found = files.flatMap((name) => [
    ...read(join('src', name)).matchAll(/(?:\bfrom |\bimport\()'((?:@[\w-]+\/)?[a-z][\w-]*)(?:\/[\w/.-]*)?'/g),
  ]);
  return [...new Set(found.map(([, name]) => name as string))].sort();
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The fenced blocks of a language, without their fences. */
function blocksOf(page: string, language: string): string[] {
  return [...read(page).matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text as string,
  );
}

/** Every line that a page tells to type. */
function linesOf(page: string): string[] {
  return blocksOf(page, 'sh').flatMap((block) => block.split('\n').filter((line) => line.trim() !== ''));
}

/** The words for the bin, or undefined for a line that is not about it. A trial home goes into the sandbox. */
function wordsOf(line: string, { root: folder }: Sandbox): string[] | undefined {
  const call = /^(?:npm ci && )?npx syncline (.*)$/.exec(line)?.[1];
  if (call === undefined) return undefined;
  const words = [...call.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? (bare as string));
  return words.map((word) => word.replace(/^\/tmp\//, `${folder}/`));
}

function helpOf(command: string): string {
  return runBin([command, '--help'], root, { cwd: root }).out;
}

function optionsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
}

/** The options that a help text defines, without those that it only mentions. */
function defined(help: string): string[] {
  const found = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option as string);
  return found.filter((option) => option !== '--help');
}

function tableOf(section: string): string[] {
  return [...section.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, option]) => option as string);
}

/** GitHub's anchors for the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
