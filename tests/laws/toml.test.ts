import fc from 'fast-check';
import { type AST, parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import {
  type EditRequest,
  type EditResult,
  type UnitText,
  type UnitValue,
  Unplaceable,
} from '../../src/formats/format.ts';
import { type Inserted, stripOurs, tagged } from '../../src/formats/tagged-text.ts';
import { scan } from '../../src/formats/toml/scan.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import { isTable, leavesOf, sameValue, type Value, valueAt } from '../../src/model/value.ts';
import { lawRuns } from '../support/law-runs.ts';
import { files, idOf, request, unitSets } from './toml-cases.ts';

interface Runtime {
  readonly text: string;
  readonly placed: readonly UnitText[];
  readonly inserted: readonly Inserted[];
  readonly parents: EditResult['parents'];
}

const runs = { numRuns: lawRuns(300) };

function own(text: string, inserted: readonly Inserted[]): string {
  const spans = inserted.map(({ at, text: ours }) => ({ start: at, end: at + ours.length }));
  return stripOurs(tagged(text, spans));
}

function attempt(text: string, asked: EditRequest): EditResult | undefined {
  try {
    return toml.edit(text, asked);
  } catch (error) {
    if (error instanceof Unplaceable) return undefined;
    throw error;
  }
}

function holds(text: string, unit: UnitValue): boolean {
  const have = valueAt(toml.read(text), unit.address.path);
  if (unit.kind === 'element')
    return Array.isArray(have) && have.some((item) => digestOfValue(item as Value) === unit.address.element?.digest);
  if (!isTable(unit.value)) return sameValue(have, unit.value);
  return leavesOf(unit.value).every(([path, value]) => sameValue(valueAt(have, path), value));
}

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

describe('the scanner', () => {
  test('finds headers and keys where toml-eslint-parser finds them', () => {
    fc.assert(
      fc.property(files, (text) => {
        const shift = text.startsWith('\uFEFF') ? 1 : 0;
        const found = scan(text).flatMap((item) => {
          if (item.kind === 'pair') return [[item.member.start - shift, item.contentEnd - shift]];
          return item.kind === 'header' ? [[text.indexOf('[', item.start) - shift, item.contentEnd - shift]] : [];
        });
        expect(found).toEqual(positions(text.slice(shift)));
      }),
      runs,
    );
  });
});

function positions(text: string): number[][] {
  const top = parseTOML(text, { tomlVersion: '1.1' }).body[0] as AST.TOMLTopLevelTable;
  return top.body.flatMap((node) => {
    if (node.type === 'TOMLKeyValue') return [[...node.range]];
    const header = text.slice(node.range[0]);
    const close = text.indexOf(']', node.key.range[1]) + (header.startsWith('[[') ? 2 : 1);
    return [[node.range[0], close], ...node.body.map((pair) => [...pair.range])];
  });
}
