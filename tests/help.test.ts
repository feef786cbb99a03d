import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandRows } from '../src/cli/commands.ts';
import { expandTokens } from '../src/content/placeholders.ts';
import { nearestUnit } from '../src/content/suggest-name.ts';
import { exitCodes } from '../src/report/exit-codes.ts';
import { helpTopics } from '../src/report/help-topics.ts';
import { home, makeWorld } from './support/memory-world.ts';
import { shippedRepository } from './support/sandbox.ts';

const topics = Object.keys(helpTopics);
const names = commandRows.map(({ name }) => name);
const world = makeWorld();
const units = async () => {
  const { json } = await makeWorld().run(['push-runtime', '--dry-run', '--json']);
  return json.units.map(({ id }) => id);
};

describe('help', () => {
  it('without a word is the overview; it lists commands and topics', async () => {
    const [bare, flag] = [await world.run(['help']), await world.run(['--help'])];
    expect([bare.code, bare.out]).toEqual([0, flag.out]);
    for (const name of [...names, ...topics]) expect(bare.out).toContain(name);
  });

  it.each([...names, 'help'])('of %s is what its --help prints', async (name) => {
    const [word, flag] = [await world.run(['help', name]), await world.run([name, '--help'])];
    expect([word.code, word.out]).toEqual([0, flag.out]);
    expect(flag.out).toContain(`Usage: syncline ${name}`);
  });

  it.each(topics)('about %s is a short text', async (topic) => {
    const { code, out, err } = await world.run(['help', topic]);
    expect([code, out, err]).toEqual([0, helpTopics[topic], '']);
    expect(out.split('\n').length).toBeLessThan(35);
  });

  it.each([
    ['unit', 'Did you mean units?'],
    ['push-runtme', 'Did you mean push-runtime?'],
    ['puhs', 'Did you mean push-runtime?'],
    ['sync', 'Did you mean check-sync?'],
    ['exti-codes', 'Did you mean exit-codes?'],
    ['zzzzzz', 'Topics are'],
  ])('about %s: there is none, exit 2', async (word, hint) => {
    const { code, err } = await world.run(['help', word]);
    expect([code, err]).toEqual([2, expect.stringContaining(hint)]);
  });
});

describe('the topics are true', () => {
  const page = join(shippedRepository, 'docs/help.md');

  it('docs/help.md has the same texts; UPDATE_HELP=1 writes it anew', () => {
    const sections = topics.map((topic) => `## ${topic}\n\n\`\`\`text\n${helpTopics[topic]}\`\`\`\n`);
    const text = `# Help topics\n\nWhat \`syncline help <topic>\` prints. A test writes this page from the program.\n\n${sections.join('\n')}`;
    if (process.env.UPDATE_HELP === '1') writeFileSync(page, text);
    expect(readFileSync(page, 'utf8')).toBe(text);
  });

  it('exit-codes ends the help of every command that writes; each help has a table', async () => {
    for (const [code, meaning] of exitCodes)
      expect((helpTopics['exit-codes'] as string).replace(/\n +/g, ' ')).toContain(`${code}  ${meaning}`);
    const [codes] = (helpTopics['exit-codes'] as string).split('\n\n') as [string];
    const [push, ...others] = names;
    for (const name of [push as string, 'pull-runtime', 'clean-runtime', 'uninstall', 'restore', 'check-sync'])
      expect((await world.run([name, '--help'])).out).toContain(codes);
    for (const name of others) expect((await world.run([name, '--help'])).out).toContain('\nExit codes:\n  0  ');
  });

  it('units: each shorter name means a unit, and the longer ones have the form of real ones', async () => {
    const own = makeWorld();
    for (const name of ['codex:skills/greet', 'codex:skills/greet/', 'skills/greet', 'codex:config.toml', 'codex:'])
      expect([name, (await own.run(['push-runtime', '--dry-run', '--overwrite', name])).code]).toEqual([name, 0]);
    const text = helpTopics.units as string;
    const shaped = (id: string) => id.replace(/[\w"./()-]+\]?$/, '');
    const real = new Set((await units()).map(shaped));
    const listed = [...text.matchAll(/^ {2}((?:codex|claude):\S+) {2,}(?:one|the same one)/gm)].map(
      ([, id]) => id as string,
    );
    expect(listed.length).toBe(5);
    expect(listed.filter((id) => !real.has(shaped(id)) && !/^\w+:(?:memories|skills)\//.test(id))).toEqual([]);
  });

  it('tokens: those that it lists are those that there are', () => {
    const listed = [...(helpTopics.tokens as string).matchAll(/^ {2}\{\{([\w.]+)\}\}/gm)].map(
      ([, name]) => name as string,
    );
    const values = {
      ...{
        clientName: 'a',
        clientHome: 'b',
        memoryPath: 'c',
        skillsPath: 'd',
        filesPath: 'g',
        skillName: 'e',
        variables: { NAME: 'f' },
      },
    };
    const expanded = listed.map((name) => expandTokens(`{{${name}}}`, values, 'x'));
    expect(expanded.map(({ findings }) => findings)).toEqual(listed.map(() => []));
    expect(new Set(expanded.map(({ text }) => text)).size).toBe(7);
  });

  it('every command line of them is one that the program takes', async () => {
    const lines = topics.flatMap((topic) => [
      ...(helpTopics[topic] as string).matchAll(/\bsyncline ([a-z-]+)([^\n.]*)/g),
    ]);
    expect(lines.length).toBeGreaterThan(5);
    for (const [line, name, rest] of lines) {
      const { out } = await world.run([name as string, '--help']);
      for (const [option] of (rest as string).matchAll(/--[a-z-]+/g))
        expect([line, out]).toEqual([line, expect.stringContaining(option)]);
      expect([line, names]).toEqual([line, expect.arrayContaining([name])]);
    }
  });
});

describe('80 columns', () => {
  it.each([
    ['--help'],
    ['help', 'help'],
    ...names.map((name) => [name, '--help']),
    ...topics.map((name) => ['help', name]),
  ])('%s %s', async (...words) => {
    const { out } = await world.run(words);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('reports keep to them, but for names and paths', async () => {
    const own = makeWorld();
    own.memory.write(`${home}/.codex/config.toml`, 'model_verbosity = "high"\n');
    const runs = [
      ['push-runtime'],
      ['push-runtime', '--keep'],
      ['check-sync'],
      ['push-runtime', '--overwrite'],
      ['check-sync'],
      ['pull-runtime'],
      ['restore', '--list'],
      ['token', 'list'],
      ['clean-runtime', '--dry-run', '--quiet'],
      ['restore', '--dry-run', '--quiet'],
      ['restore'],
      ['uninstall'],
    ];
    for (const words of runs) {
      const { out, err } = await own.run(words);
      // A name counts as one letter: it is as long as it is.
      const lines = (out + err).split('\n').map((line) => line.replace(/(?:codex|claude):\S+|\S*\/\S+/g, '…'));
      expect([words, lines.filter((line) => line.length > 80)]).toEqual([words, []]);
    }
  });
});

describe('what was mistyped', () => {
  it.each([
    ['push', 'push-runtime'],
    ['check', 'check-sync'],
    ['runtime', 'push-runtime'],
    ['clean-runtme', 'clean-runtime'],
    ['unistall', 'uninstall'],
    ['puhs', 'push-runtime'],
    ['psuh-runtime', 'push-runtime'],
    ['chekc', 'check-sync'],
    ['statsu', 'status'],
    ['sync', 'check-sync'],
    ['snyc', 'check-sync'],
    ['pul', 'pull-runtime'],
    ['plul', 'pull-runtime'],
    ['cleen', 'clean-runtime'],
    ['restroe', 'restore'],
    ['sesion', 'session-check'],
    ['dcotor', 'doctor'],
    ['fiff', 'diff'],
    ['hlep', 'help'],
  ])('the command %s: did you mean %s?', async (word, meant) => {
    const { code, err } = await world.run([word]);
    expect([code, err]).toEqual([2, expect.stringContaining(`(Did you mean ${meant}?)`)]);
    const { json } = await world.run([word, '--json']);
    expect(json.findings[0]?.remedy).toContain(`Did you mean ${meant}?`);
  });

  it.each(['foo', 'edit', 'list', 'run', 'zzzzzz', 'ls', 'x', 'install'])('the command %s: no guess', async (word) => {
    const { code, err } = await world.run([word]);
    expect([code, err]).toEqual([2, `error: unknown command '${word}'\n(syncline --help tells more)\n`]);
  });

  it.each([
    [['check-sync', '--sourceonly'], '--source-only'],
    [['push-runtime', '--quite'], '--quiet'],
    [['token', 'remov', 'hub'], 'remove'],
    [['push-runtime', '--keep', 'codex:config.toml#mcp_servers.taem'], '"codex:config.toml#mcp_servers.team"'],
    [['push-runtime', '--overwrite', 'codex:skills/gret'], '"codex:skills/greet"'],
    [['push-runtime', '--overwrite', 'claude:memory/global.md'], 'memories/global.md"'],
    [['push-runtime', '--keep-always', 'team'], 'team"'],
  ])('%s: did you mean %s?', async (words, meant) => {
    const { code, err } = await world.run(words);
    expect(code).toBe(2);
    expect(err).toMatch(/Did you mean/);
    expect(err).toContain(meant);
  });

  it('a name like no other gets none', async () => {
    expect(nearestUnit('quetzalcoatl', await units())).toBeUndefined();
    const { err } = await world.run(['push-runtime', '--keep', 'quetzalcoatl']);
    expect(err).toContain('check-sync --verbose lists every unit.');
  });
});

it('the pages of docs/ are those that the help may name', () => {
  expect(readdirSync(join(shippedRepository, 'docs'))).toContain('help.md');
});
