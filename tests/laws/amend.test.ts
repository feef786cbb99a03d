import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toml } from '../../src/formats/toml/toml.ts';
import { isTable, sameValue, type Value } from '../../src/model/value.ts';
import { configToml } from '../support/config-documents.ts';
import { lawRuns } from '../support/law-runs.ts';
import { mutated } from '../support/mutations.ts';
import { allIn, amendment, anyValue, attempt, cases, changed, reach, sameButEmptied, scalars } from './amend-cases.ts';

const runs = { numRuns: lawRuns(300) };

describe.each(cases)('amending $name', ({ format, texts, spanOf, spelled }) => {
  const read = (text: string) => format.read(text);

  test('of a value that stands changes the text of that value alone, and back', () => {
    fc.assert(
      fc.property(texts, fc.nat(), scalars, (text, at, now) => {
        const leaves = allIn(read(text)).filter(([path, value]) => isScalar(value) && spanOf(text, path));
        fc.pre(leaves.length > 0);
        const [path, old] = leaves[at % leaves.length] as (typeof leaves)[number];
        const [start, end] = spanOf(text, path) as readonly [number, number];
        const after = format.amend(text, amendment({ set: [{ path, value: now }] }));
        expect(after.startsWith(text.slice(0, start)) && after.endsWith(text.slice(end))).toBe(true);
        expect(sameValue(read(after), changed(read(text), path, now))).toBe(true);
        const back = format.amend(after, amendment({ set: [{ path, value: old }] }));
        expect(sameValue(read(back), read(text))).toBe(true);
        if (spelled(old) === text.slice(start, end) && isPlain(now)) expect(back).toBe(text);
      }),
      runs,
    );
  });

  test('of anything to anything, and with new keys anywhere, gives just that', () => {
    const more = fc.constantFrom<readonly string[]>([], ['fresh'], ['fresh', 'x.y']);
    fc.assert(
      fc.property(texts, fc.nat(), more, anyValue, (text, at, keys, value) => {
        const all = allIn(read(text)).filter(([path, old]) => (keys.length === 0 ? path.length > 0 : isTable(old)));
        fc.pre(all.length > 0);
        const path = [...(all[at % all.length] as (typeof all)[number])[0], ...keys];
        const after = attempt(format, text, amendment({ set: [{ path, value }] }));
        if (after !== undefined) expect(sameValue(read(after), changed(read(text), path, value))).toBe(true);
        else expect([isTable(value), Array.isArray(reach(read(text), path.slice(0, -1)))]).toEqual([false, true]);
      }),
      runs,
    );
  });

  test('to what stands already changes nothing', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, at) => {
        const all = allIn(read(text));
        const [path, value] = all[at % all.length] as (typeof all)[number];
        expect(format.amend(text, amendment({ set: [{ path, value }] }))).toBe(text);
        expect(format.amend(text, amendment({ remove: [[...path, 'not there']] }))).toBe(text);
        expect(format.amend(text, amendment({}))).toBe(text);
      }),
      runs,
    );
  });

  test('with a new key, taken out again, gives the bytes back where its table is spelled', () => {
    fc.assert(
      fc.property(texts, fc.nat(), scalars, (text, at, value) => {
        const tables = allIn(read(text)).filter(([path, table]) => isTable(table) && isSpelled(text, path, table));
        fc.pre(tables.length > 0);
        const path = [...(tables[at % tables.length] as (typeof tables)[number])[0], 'fresh'];
        const after = format.amend(text, amendment({ set: [{ path, value }] }));
        expect(sameValue(read(after), changed(read(text), path, value))).toBe(true);
        expect(format.amend(after, amendment({ remove: [path] }))).toBe(text);
      }),
      runs,
    );
  });

  test('with a new last element, taken out again, gives the bytes back', () => {
    fc.assert(
      fc.property(texts, fc.nat(), scalars, (text, at, value) => {
        const lists = allIn(read(text)).filter(([path, list]) => Array.isArray(list) && isSpelled(text, path, list));
        fc.pre(lists.length > 0);
        const [path, list] = lists[at % lists.length] as [readonly string[], readonly Value[]];
        const added = list.every(isTable) && list.length > 0 ? { value } : value;
        const after = format.amend(text, amendment({ append: [{ path, value: added }] }));
        expect(sameValue(read(after), changed(read(text), path, [...list, added]))).toBe(true);
        expect(format.amend(after, amendment({ remove: [[...path, String(list.length)]] }))).toBe(text);
      }),
      runs,
    );
  });

  test('without a value has all the others', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, at) => {
        const [, ...all] = allIn(read(text));
        fc.pre(all.length > 0);
        const [path] = all[at % all.length] as (typeof all)[number];
        const after = format.amend(text, amendment({ remove: [path] }));
        const want = changed(read(text), path, undefined);
        expect(format.name === 'json' ? sameValue(read(after), want) : sameButEmptied(read(after), want)).toBe(true);
      }),
      runs,
    );
  });

  test('to any other values of a file gives those, from nothing too', () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const value = read(other);
        const after = format.amend(text, amendment({ set: [{ path: [], value }] }));
        expect(sameValue(read(after), value)).toBe(true);
        const fresh = format.amend('', amendment({ set: [{ path: [], value }] }));
        if (fresh !== '') expect(sameValue(read(fresh), value)).toBe(true);
      }),
      runs,
    );
  });

  test('at any places at once changes those, or is refused; nothing else happens, whatever the text', () => {
    const tally = { done: 0, refused: 0 };
    const place = fc.tuple(fc.nat(), fc.constantFrom([], ['fresh'], ['fresh', 'x.y'], ['0'], ['9']), anyValue);
    const any = fc.oneof(
      texts,
      mutated(texts, ['#', '"', '[a]', ',', '= 1', '{', '\r', "'''", '[[hooks.PreToolUse]]']),
    );
    const law = fc.property(any, fc.array(place, { maxLength: 4 }), fc.nat({ max: 80 }), (text, places, kinds) => {
      const values = attemptRead(() => read(text));
      const all = values ? allIn(values) : [[[], {}] as [string[], Value]];
      const chosen = places.map(([at, more, value]) => {
        return { path: [...(all[at % all.length] as (typeof all)[number])[0], ...more], value };
      });
      const of = (kind: number) => chosen.filter((_, index) => Math.floor(kinds / 3 ** index) % 3 === kind);
      const request = amendment({ set: of(0), append: of(1), remove: of(2).map(({ path }) => path) });
      const after = attempt(format, text, request);
      tally[after === undefined ? 'refused' : 'done'] += 1;
      if (after === undefined || !values) return;
      for (const { path, value } of request.set) {
        const moved = request.remove.some((gone) => gone.length <= path.length && /^\d+$/.test(gone.at(-1) ?? ''));
        if (!moved) expect(sameValue(reach(read(after), path), value)).toBe(true);
      }
    });
    fc.assert(law, { numRuns: lawRuns(600) });
    expect(Math.min(tally.done, tally.refused)).toBeGreaterThan(lawRuns(15));
  });

  /** Not by its members alone, and, when empty, as we write it. */
  function isSpelled(text: string, path: readonly string[], value: Value): boolean {
    const span = spanOf(text, path);
    const own = span && text.slice(...span);
    if (isScalar(value) || (own !== undefined && Object.keys(value as object).length === 0))
      return own === spelled(value);
    if (format.name === 'json' || own !== undefined) return true;
    if (Array.isArray(value)) return /[^\n]\n?$/.test(text);
    return Object.keys(value as object).some((key) => isScalar(reach(value, [key]) as Value));
  }
});

function isScalar(value: Value): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date;
}

/** What stands between the same quotes as any other word. */
function isPlain(value: Value): boolean {
  return typeof value === 'string' && /^[a-z]+$/.test(value);
}

function attemptRead<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

describe('comments in TOML', () => {
  test('stay, but for those on the lines that go and inside what is replaced', () => {
    fc.assert(
      fc.property(configToml, fc.nat(), scalars, ({ text, comments }, at, value) => {
        const [, ...all] = allIn(toml.read(text));
        fc.pre(all.length > 0);
        const [path, old] = all[at % all.length] as (typeof all)[number];
        const inside = comments.filter((comment) => isScalar(old) || !spelling(text, path).includes(comment));
        if (isScalar(old)) {
          const after = toml.amend(text, amendment({ set: [{ path, value }] }));
          for (const comment of inside) expect(after).toContain(comment);
        }
        const without = toml.amend(text, amendment({ remove: [path] }));
        const lines = (all: string) => all.split(/\r?\n/);
        for (const comment of inside.filter((each) => !without.includes(each))) {
          const code = (lines(text).find((line) => line.includes(comment)) as string).split(comment)[0] as string;
          const count = (all: string) => lines(all).filter((line) => line.startsWith(code)).length;
          expect([comment, code.trim()]).not.toEqual([comment, '']);
          expect(count(without)).toBeLessThan(count(text));
        }
      }),
      runs,
    );
  });
});

function spelling(text: string, path: readonly string[]): string {
  const [start, end] = (cases[1] as (typeof cases)[number]).spanOf(text, path) ?? [0, 0];
  return text.slice(start, end);
}
