import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitValue } from '../../src/formats/format.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { valueAt } from '../../src/model/value.ts';
import { lawRuns } from '../support/law-runs.ts';
import { attempt, expectLaws, request } from '../support/toml-laws.ts';
import { element } from './toml-cases.ts';

/** Lists that are sets, in every way a person writes them: our elements come and go, and every byte of the user's stays. */
const path = ['sandbox_workspace_write', 'writable_roots'];

const words = fc.subarray(['"/a"', "'/b'", '"/c, d"', '"/#e"', '"""/f"""'], { maxLength: 4 });

interface Style {
  readonly broken: boolean;
  readonly remarks: readonly string[];
  readonly trailing: boolean;
  readonly indent: string;
  readonly before: string;
}

const styles: fc.Arbitrary<Style> = fc.record({
  broken: fc.boolean(),
  remarks: fc.array(fc.constantFrom('', '', ' # why', '  # "x", ]', '# close'), { minLength: 5, maxLength: 5 }),
  trailing: fc.boolean(),
  indent: fc.constantFrom('', '  ', '\t', '    '),
  before: fc.constantFrom('', '', ' ', '  '),
});

function listText(items: readonly string[], { broken, remarks, trailing, indent, before }: Style): string {
  const comma = (index: number) => (index < items.length - 1 || trailing ? `${before}${index % 2 ? ' ' : ''},` : '');
  if (!broken || items.length === 0)
    return `[${before}${items.map((item, at) => item + comma(at)).join(' ')}${before}]`;
  return `[\n${items.map((item, at) => `${indent}${item}${comma(at)}${remarks[at]}\n`).join('')}]`;
}

const places: fc.Arbitrary<(list: string | undefined) => string> = fc.constantFrom(
  (list) =>
    `model = "m"\n\n[sandbox_workspace_write]\nnetwork_access = true\n${list ? `writable_roots = ${list} # end\n` : ''}`,
  (list) => `# top\n${list ? `sandbox_workspace_write.writable_roots = ${list}\n` : ''}[features]\na = 1\n`,
  (list) => `sandbox_workspace_write = { network_access = true${list ? `, writable_roots = ${list}` : ''} }\n`,
  (list) => `["sandbox_workspace_write"]\n${list ? `"writable_roots"=${list}` : 'x = 1'}`,
  (list) =>
    `${list ? `[sandbox_workspace_write]\nwritable_roots = ${list}\n\n[sandbox_workspace_write.x]\ny = 1\n` : ''}`,
);

const files = fc
  .tuple(places, fc.option(fc.tuple(words, styles), { nil: undefined }), fc.boolean())
  .map(([place, list, crlf]) => {
    const text = place(list && listText(...list));
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

const ours: fc.Arbitrary<UnitValue[]> = fc
  .subarray(['/srv', '/c, d', "/it's", '/#hash', '/z'], { minLength: 1 })
  .map((values) => values.map((value) => element(path, value)));

const runs = { numRuns: lawRuns(600) };

const rootsIn = (text: string) => (valueAt(toml.read(text), path) ?? []) as readonly string[];

describe('elements of a list in TOML', () => {
  test('get after put, put twice, put then remove', () => {
    let placed = 0;
    fc.assert(
      fc.property(files, ours, (text, units) => {
        if (expectLaws(text, units)) placed += 1;
      }),
      runs,
    );
    expect(placed).toBeGreaterThan(runs.numRuns * 0.9);
  });

  test('those of the user stay in their order, before ours; what a person adds between ours stays too', () => {
    fc.assert(
      fc.property(files, ours, (text, units) => {
        const done = attempt(text, request({ set: units, placed: units }));
        if (!done) return;
        const mine = rootsIn(text);
        expect(rootsIn(done.text).slice(0, mine.length)).toEqual(mine);
        const edited = done.text.replace(/writable_roots"?\s*=\s*\[/, (head) => `${head}"/mine", `);
        const gone = toml.edit(edited, request({ remove: units, inserted: done.inserted, parents: done.parents }));
        const ourValues = new Set(units.map(({ value }) => value));
        expect(rootsIn(gone.text)).toEqual(['/mine', ...mine].filter((one) => !ourValues.has(one)));
      }),
      runs,
    );
  });
});
