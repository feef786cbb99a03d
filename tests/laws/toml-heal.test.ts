import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EditResult, type UnitValue, Unplaceable } from '../../src/formats/format.ts';
import { stripOurs, tagged } from '../../src/formats/tagged-text.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import { type Value, valueAt } from '../../src/model/value.ts';
import { lawRuns } from '../support/law-runs.ts';
import { request } from '../support/toml-laws.ts';
import { asCodexWrites, entry, files, leaf, unitSets } from './toml-cases.ts';

const runs = { numRuns: lawRuns(300) };
const begin = '# >>> syncline managed >>>';
const end = '# <<< syncline managed <<<';

type Damage = (text: string) => string;

const damages: Record<string, Damage> = {
  'begin only': (text) =>
    lines(text)
      .filter((line) => !line.startsWith(end))
      .join(''),
  'end only': (text) =>
    lines(text)
      .filter((line) => !line.startsWith(begin))
      .join(''),
  'no markers': (text) =>
    lines(text)
      .filter((line) => !isMarker(line))
      .join(''),
  swapped: (text) =>
    lines(text)
      .map((line) => (isMarker(line) ? other(line) : line))
      .join(''),
  'doubled begin': (text) =>
    lines(text)
      .map((line) => (line.startsWith(begin) ? line + line : line))
      .join(''),
  'doubled end': (text) =>
    lines(text)
      .map((line) => (line.startsWith(end) ? line + line : line))
      .join(''),
  'a second block': (text) => `${text}${text.endsWith('\n') ? '' : '\n'}${begin}\n# mine\n${end}\n`,
  'a table inside': (text) => text.replace(end, `\n# on desktop\n[desktop]\nx = 1 # y\n${end}`),
  'a root key inside': (text) => text.replace(/(# >>> .*\n)/, '$1# on personality\npersonality = "friendly"\n'),
  'a stray key below': (text) => text.replace(end, `${end}\nstray = 1`),
  'a server added by Codex': (text) => asCodexWrites(text, '[mcp_servers.foo]\ncommand = "f"\n'),
  'nothing at all': (text) => text,
};

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function isMarker(line: string): boolean {
  return line.startsWith(begin) || line.startsWith(end);
}

function other(line: string): string {
  const newline = line.endsWith('\r\n') ? '\r\n' : '\n';
  return (line.startsWith(begin) ? end : begin) + newline;
}

function place(text: string, units: readonly UnitValue[]): EditResult | undefined {
  try {
    return toml.edit(text, request({ set: units, placed: units }));
  } catch (error) {
    if (error instanceof Unplaceable) return undefined;
    throw error;
  }
}

/** The lines of the user's that say something, in no order. */
function ownLines(text: string, inserted: EditResult['inserted']): string[] {
  const spans = inserted.map(({ at, text: ours }) => ({ start: at, end: at + ours.length }));
  const kept = lines(stripOurs(tagged(text, spans))).map((line) => line.replace('\uFEFF', '').trim());
  return kept.filter((line) => line !== '').sort();
}

function blockOf(text: string): string {
  const all = lines(text.replace('\uFEFF', ''));
  const [from, to] = [all.findIndex((line) => line.startsWith(begin)), all.findIndex((line) => line.startsWith(end))];
  return all.slice(from, to).join('');
}

function markerCount(text: string): [number, number] {
  const all = lines(text.replace('\uFEFF', ''));
  return [all.filter((line) => line.startsWith(begin)).length, all.filter((line) => line.startsWith(end)).length];
}

describe('mending the block', () => {
  test.each(Object.keys(damages))('%s: one block again, nothing lost, and nothing to mend after', (name) => {
    fc.assert(
      fc.property(files, unitSets, fc.boolean(), (text, units, withRecord) => {
        const put = place(text.replaceAll(/^# (>>>|<<<)/gm, '#- $1'), units);
        if (!put) return;
        const record = withRecord ? { inserted: put.inserted, parents: put.parents } : {};
        const damaged = (damages[name] as Damage)(put.text);
        if (!parses(damaged)) return;
        const mended = toml.edit(damaged, request({ placed: units, ...record }));
        const [opens, closes] = markerCount(mended.text);
        expect(opens).toBe(closes);
        expect(opens).toBeLessThanOrEqual(1);
        expect(ownLines(mended.text, mended.inserted)).toEqual(ownLines(damaged, mended.before));
        const block = blockOf(mended.text);
        expect(block).not.toMatch(/desktop|personality|mcp_servers\.(mine|foo)/);
        for (const header of entryHeaders(units)) {
          if (lines(mended.text).some((line) => line.trim() === header)) expect(block).toContain(header);
        }
        const again = { placed: units, inserted: mended.inserted, parents: mended.parents };
        expect(toml.edit(mended.text, request(again)).text).toBe(mended.text);
        expect(toml.edit(mended.text, request({ placed: units })).text).toBe(mended.text);
      }),
      runs,
    );
  });

  test('a key that Codex adds to a table of ours keeps its table in the block', () => {
    const units = [leaf(['features', 'memories'], true)];
    const put = toml.edit('[tui]\na = 1\n', request({ set: units, placed: units }));
    const added = put.text.replace('memories = true\n', 'memories = true\nfoo = true\n');
    const mended = toml.edit(added, request({ ...put, placed: units }));
    expect(mended.text).toBe(added);
    const gone = toml.edit(added, request({ ...put, remove: units }));
    expect(toml.read(gone.text)).toEqual(toml.read('[tui]\na = 1\n[features]\nfoo = true\n'));
  });

  test('a list of ours among the root keys stays in the block', () => {
    const value = { path: 'ours' };
    const list = {
      kind: 'element',
      address: { path: ['skills', 'config'], element: { digest: digestOfValue(value), label: 'x' } },
      value,
    } as const;
    const units = [list, entry(['mcp_servers', 'team'], { command: 'x' })];
    const put = toml.edit('skills.x = []\n', request({ set: units, placed: units }));
    expect(toml.edit(put.text, request({ ...put, placed: units })).text).toBe(put.text);
    expect(toml.edit(put.text, request({ placed: units })).text).toBe(put.text);
    expect(toml.edit(put.text, request({ remove: units })).text.trimEnd()).toBe('skills.x = []');
  });

  test('a hundred thousand lines of comments are passed at once', () => {
    const unit = leaf(['model'], 'm');
    const started = performance.now();
    const put = toml.edit('# c\n'.repeat(100_000), request({ set: [unit], placed: [unit] }));
    expect(put.text.endsWith('model = "m"\n# <<< syncline managed <<<\n')).toBe(true);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('keys below the block are named', () => {
    const units = [entry(['mcp_servers', 'team'], { command: 'x' })];
    const put = toml.edit('', request({ set: units, placed: units }));
    const result = toml.edit(`${put.text}model = "x"\n`, request({ ...put, placed: units }));
    expect(result.notes).toMatchObject([{ code: 'stray-root-key', line: 5 }]);
    expect(result.notes[0]?.message).toContain('"model"');
  });

  test('a block with only root keys lets the root keys below it be when a table joins it', () => {
    const model = leaf(['model'], 'm');
    const put = toml.edit('', request({ set: [model], placed: [model] }));
    const server = entry(['mcp_servers', 'team'], { command: 'x' });
    const result = toml.edit(`${put.text}mine = 1\n`, request({ ...put, set: [server], placed: [model, server] }));
    expect(toml.read(result.text)).toMatchObject({ model: 'm', mine: 1n });
    expect(result.movedForeignText).toBe(false);
  });
});

function entryHeaders(units: readonly UnitValue[]): string[] {
  return units
    .filter(({ kind }) => kind === 'entry')
    .map(({ address }) => toml.render(address, { x: 1n }).split('\n')[0] ?? '');
}

function parses(text: string): boolean {
  try {
    toml.read(text);
    return true;
  } catch {
    return false;
  }
}

describe('a unit that stands already, in each spelling', () => {
  const spellings = [
    '[mcp_servers.x] # h\ncommand = "old" # c\nkept = 1\n',
    '["mcp_servers"."x"]\ncommand="old"\nkept = 1\n',
    "[ mcp_servers . x ]\ncommand = 'old'\nkept = 1\n",
    'mcp_servers.x.command = "old"\nmcp_servers.x.kept = 1\n',
    'mcp_servers = { x = { command = "old", kept = 1 }, y = { command = "y" } }\n',
    '[mcp_servers]\nx = { command = "old", kept = 1 }\n',
    '[mcp_servers]\nx.command = "old"\nx.kept = 1\n',
    '[mcp_servers]\nx = {\n  command = "old", # c\n  kept = 1,\n}\n',
    '[mcp_servers.x.tools.t]\napproval_mode = "auto"\n[mcp_servers.x]\nkept = 1\ncommand = """old"""',
    '[mcp_servers.x]\nkept = 1\ncommand = "old"\n[[profiles]]\na = 1\n',
  ];
  const unit = entry(['mcp_servers', 'x'], { command: 'new', args: ['a'], env: { A: '1' } });

  test.each(spellings)('%s', (text) => {
    const before = toml.read(text);
    const { text: after } = toml.edit(text, request({ set: [unit], placed: [unit] }));
    const have = valueAt(toml.read(after), ['mcp_servers', 'x']);
    expect(have).toMatchObject({ ...(unit.value as Record<string, Value>), kept: 1n });
    expect(valueAt(toml.read(after), ['mcp_servers', 'y'])).toEqual(valueAt(before, ['mcp_servers', 'y']));
    for (const note of text.match(/# [ch]$/gm) ?? []) expect(after).toContain(note);
    const gone = toml.edit(after, request({ remove: [unit] }));
    expect(valueAt(toml.read(gone.text), ['mcp_servers', 'x'])).toBeUndefined();
    expect(valueAt(toml.read(gone.text), ['profiles'])).toEqual(valueAt(before, ['profiles']));
    const dropped = { ...unit, drop: [['kept']] };
    const less = toml.edit(text, request({ set: [dropped], placed: [unit] }));
    expect(valueAt(toml.read(less.text), ['mcp_servers', 'x', 'kept'])).toBeUndefined();
    const bare = { ...entry(['mcp_servers', 'x'], { command: 'new', args: ['a'] }), drop: [['env', 'A']] };
    const least = toml.edit(after, request({ set: [bare], placed: [unit] }));
    expect(valueAt(toml.read(least.text), ['mcp_servers', 'x', 'env', 'A'])).toBeUndefined();
  });

  test('a table that Codex made of an inline one goes with its last key, and not with one of two', () => {
    const text = '[mcp_servers.x]\ncommand = "c"\n\n[mcp_servers.x.env]\nA = "1"\n\n[tui]\ntheme = "t"\n';
    const inserted = [{ at: 0, text: '# not there any more' }];
    const less = (value: Value, set: UnitValue) =>
      toml.edit(text, request({ set: [{ ...set, value, drop: [['env', 'A']] }], placed: [unit], inserted })).text;
    expect(less({ command: 'c' }, unit)).not.toContain('env');
    expect(less({ command: 'c', env: { B: '2' } }, unit)).toContain('[mcp_servers.x.env]\nB = "2"\n');
  });

  test.each([
    ['mcp_servers = 1\n', unit],
    ['[[mcp_servers]]\na = 1\n', unit],
    ['features = true\n', leaf(['features', 'web'], true)],
  ])('has no place in %s', (text, asked) => {
    expect(() => toml.edit(text, request({ set: [asked], placed: [asked] }))).toThrow(Unplaceable);
  });
});
