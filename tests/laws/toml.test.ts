import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EditResult, UnitText, UnitValue } from '../../src/formats/format.ts';
import type { Inserted } from '../../src/formats/tagged-text.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { isTable, leavesOf, sameValue, type Value, valueAt } from '../../src/model/value.ts';
import { peculiarConfigs, richConfig } from '../support/codex-home.ts';
import { lawRuns } from '../support/law-runs.ts';
import { mutated } from '../support/mutations.ts';
import { attempt, expectLaws, expectRefused, holds, own, refusalOf, request } from '../support/toml-laws.ts';
import { validToml } from '../support/toml-suite/valid.ts';
import { files, idOf, unitSets } from './toml-cases.ts';
import { expectPositions } from './toml-positions.ts';

interface Runtime {
  readonly text: string;
  readonly placed: readonly UnitText[];
  readonly inserted: readonly Inserted[];
  readonly parents: EditResult['parents'];
}

const runs = { numRuns: lawRuns(300) };

function put(state: Runtime, units: readonly UnitValue[]): [Runtime, EditResult] | undefined {
  const fresh = new Map([...state.placed, ...units].map((unit) => [idOf(unit), unit]));
  const placed = [...fresh.values()];
  const result = attempt(state.text, request({ ...state, set: units, placed }));
  return result && [{ text: result.text, inserted: result.inserted, parents: result.parents, placed }, result];
}

function take(state: Runtime, units: readonly UnitText[]): [Runtime, EditResult] | undefined {
  const gone = new Set(units.map(idOf));
  const placed = state.placed.filter((unit) => !gone.has(idOf(unit)));
  const result = attempt(state.text, request({ ...state, remove: units, placed }));
  return result && [{ text: result.text, inserted: result.inserted, parents: result.parents, placed }, result];
}

function fresh(text: string): Runtime {
  return { text, placed: [], inserted: [], parents: [] };
}

describe('writing units into any file', () => {
  test('get after put; the user part keeps every byte; put twice changes nothing', () => {
    fc.assert(
      fc.property(files, unitSets, (text, units) => {
        const done = put(fresh(text), units);
        if (!done) return;
        const [state, result] = done;
        for (const unit of units) expect(holds(state.text, unit)).toBe(true);
        if (!result.movedForeignText) expect(own(result.text, result.inserted)).toBe(text);
        expect(put(state, units)?.[0].text).toBe(state.text);
        expect(put({ ...state, inserted: [], parents: [] }, [])?.[0].text).toBe(state.text);
      }),
      runs,
    );
  });

  test('put then remove gives the first bytes back, in any order and any batches', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 2047 })), { maxLength: 5 });
    fc.assert(
      fc.property(files, unitSets, unitSets, steps, (text, first, second, moves) => {
        let state = fresh(text);
        let moved = false;
        const step = (done: [Runtime, EditResult] | undefined) => {
          if (!done) return;
          moved ||= done[1].movedForeignText;
          expect(own(done[1].text, done[1].inserted) === own(state.text, done[1].before)).toBe(
            !done[1].movedForeignText,
          );
          state = done[0];
        };
        step(put(state, first));
        for (const [adds, mask] of moves) {
          if (adds)
            step(
              put(
                state,
                second.filter((_, at) => (mask >> at) & 1),
              ),
            );
          else
            step(
              take(
                state,
                state.placed.filter((_, at) => (mask >> at) & 1),
              ),
            );
        }
        const last = take(state, state.placed);
        expect(last).toBeDefined();
        step(last);
        if (!moved) expect(state.text).toBe(text);
      }),
      runs,
    );
  });

  test('what was placed can be removed without a record, and the values come back', () => {
    fc.assert(
      fc.property(files, unitSets, (text, all) => {
        const units = all.filter(({ address }) => address.element || !valueAt(toml.read(text), address.path));
        const done = put(fresh(text), units);
        if (!done) return;
        expect(done[1].movedForeignText).toBe(false);
        const bare = take({ ...done[0], inserted: [], parents: [] }, done[0].placed);
        expect(bare).toBeDefined();
        const left = leavesOf(toml.read(bare?.[0].text ?? '')).filter(([, value]) => !isEmpty(value));
        const was = leavesOf(toml.read(text)).filter(([, value]) => !isEmpty(value));
        expect(sameValue(left as unknown as Value, was as unknown as Value)).toBe(true);
      }),
      runs,
    );
  });
});

function isEmpty(value: Value): boolean {
  return (isTable(value) || Array.isArray(value)) && Object.keys(value).length === 0;
}

const junk = [
  ...[
    '"',
    "'",
    '#',
    '=',
    '.',
    ',',
    '[',
    ']',
    '{',
    '}',
    '\\',
    '\n',
    ' ',
    '\r',
    '0',
    '_',
    '"""',
    "'''",
    'e\u0301',
    '\u0000',
    '# >>> syncline managed >>> x',
  ],
  ...[
    '# <<< syncline managed <<<',
    '# note',
    '[mcp_servers.team]',
    '[features]',
    'model = "x"',
    '[[hooks.PreToolUse]]',
    'x.y = { z = 1 }',
  ],
  ...[
    '[tui] # t',
    'k = """\n[no]\n# >>> syncline managed >>>\n"""',
    'big = 0xDEAD_BEEF',
    'far = -inf',
    'when = 1979-05-27 07:32:00Z',
    'old = 1e400',
  ],
];
const real = [richConfig, ...Object.values(peculiarConfigs), ...validToml];
const anyText = mutated(fc.oneof(files, fc.constantFrom(...real)), junk);

describe('a file that was changed by hand or by accident', () => {
  test('is refused with its place, or all laws hold and every position is right', () => {
    const tally = { refused: 0, lawful: 0 };
    const law = fc.property(anyText, unitSets, (text, units) => {
      const refusal = refusalOf(text);
      tally[refusal ? 'refused' : 'lawful'] += 1;
      if (refusal) return expectRefused(text, request({ set: units, placed: units }), refusal);
      expectPositions(text);
      expectLaws(text, units);
    });
    fc.assert(law, runs);
    expect(Math.min(tally.refused, tally.lawful)).toBeGreaterThan(runs.numRuns / 10);
  });
});

describe('the scanner', () => {
  test('finds headers, keys and values where toml-eslint-parser finds them', () => {
    fc.assert(fc.property(files, expectPositions), runs);
  });
});
