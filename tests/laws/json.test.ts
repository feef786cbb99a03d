import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Malformed, type UnitValue, Unplaceable } from '../../src/formats/format.ts';
import { json, unmarkedJson } from '../../src/formats/json/json.ts';
import { lawRuns } from '../support/law-runs.ts';
import { sameUnit } from './edit-in-turn.ts';
import {
  anyText,
  anyUnmarkedText,
  batches,
  element,
  entry,
  failureOf,
  leaf,
  ownText,
  parse,
  rewrite,
  run,
  type State,
  stands,
  step,
  units,
  untouched,
  userText,
} from './json-cases.ts';

describe.each([
  ['JSON', json, anyText],
  ['JSON without a marker', unmarkedJson, anyUnmarkedText],
])('edits of %s', (_, format, texts) => {
  const stepOf = (state: State, set: readonly UnitValue[], remove: readonly UnitValue[]) =>
    step(state, set, remove, format);
  const runOf = (...[text, plan, check]: Parameters<typeof run>) => run(text, plan, check, format);

  test('keep every byte of the user, whatever the batches, and give the file back in the end', () => {
    const law = fc.property(texts, batches, (text, plan) => {
      const state = runOf(text, plan, ({ result, placed, text: now }) => {
        expect(result.movedForeignText).toBe(false);
        expect(ownText(now, result.inserted)).toBe(text);
        for (const unit of units) {
          const ours = placed.some((other) => sameUnit(other, unit));
          if (now !== '') expect(stands(now, unit), now).toBe(ours);
          expect(format.isMarked(now, unit)).toBe(ours && format === json);
        }
      });
      const end = stepOf(state, [], state.placed);
      expect(end.text).toBe(text);
      expect(end.result).toMatchObject({ inserted: [], parents: [], movedForeignText: false, empty: text === '' });
    });
    fc.assert(law, { numRuns: lawRuns(400) });
  });

  test('do nothing the second time, with the record and without', () => {
    const law = fc.property(texts, batches, (text, plan) => {
      const state = runOf(text, plan, () => {});
      expect(stepOf(state, state.placed, []).text).toBe(state.text);
      expect(stepOf(state, [], []).result).toMatchObject({
        text: state.text,
        inserted: state.inserted,
        parents: state.parents,
      });
      const without = stepOf({ ...state, inserted: [], parents: [] }, [], []);
      expect(without.text).toBe(state.text);
      expect(without.result.movedForeignText).toBe(false);
    });
    fc.assert(law, { numRuns: lawRuns(150) });
  });

  test('give back the exact values after Claude Code rewrote the file', () => {
    const law = fc.property(texts, batches, fc.boolean(), (text, plan, further) => {
      let state: State = runOf(text, plan, () => {});
      if (state.placed.length === 0) return;
      state = { ...state, text: rewrite(state.text) };
      const rest = further ? units.filter((unit) => !state.placed.some((other) => sameUnit(unit, other))) : [];
      const more = stepOf(state, rest, []);
      if (!further) expect(more.text).toBe(state.text);
      expect(ownText(more.text, more.inserted)).toBe(ownText(state.text, more.result.before));
      expect(more.result.movedForeignText).toBe(false);
      const end = stepOf(more, [], more.placed);
      if (text === '') expect(end.text).toBe('');
      else expect(parse(end.text)).toEqual(parse(rewrite(text)));
      expect(end.result.movedForeignText).toBe(false);
    });
    fc.assert(law, { numRuns: lawRuns(300) });
  });

  test('keep what the user added since, also between ours', () => {
    const law = fc.property(texts, batches, fc.constantFrom('first', 'last'), (text, plan, where) => {
      const state = runOf(text, plan, () => {});
      fc.pre(state.placed.length > 0);
      const add = (root: Record<string, unknown>) => {
        root.added = { x: [] };
        const { deny } = (root.permissions ?? {}) as { deny?: unknown[] };
        if (Array.isArray(deny)) where === 'first' ? deny.unshift('new') : deny.push('new', { own: 1 });
        const { mcpServers } = root as { mcpServers?: Record<string, unknown> };
        if (mcpServers) mcpServers.added = { command: 'y' };
      };
      const changed = stepOf({ ...state, text: rewrite(state.text, add) }, [], []);
      const end = stepOf(changed, [], changed.placed);
      const expected = parse(rewrite(changed.text));
      expect(end.result.movedForeignText).toBe(false);
      expect(end.result.empty).toBe(false);
      for (const unit of units) expect(stands(end.text, unit)).toBe(false);
      expect(parse(end.text).added).toEqual(expected.added);
      expect(JSON.stringify(parse(end.text)).includes('"new"')).toBe(JSON.stringify(expected).includes('"new"'));
    });
    fc.assert(law, { numRuns: lawRuns(150) });
  });

  test('stay lawful whatever a person typed into the file', () => {
    const law = fc.property(
      texts,
      batches,
      fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom('', '0', ',', '"x",', ' ', '\n', '"k":1,')), {
        minLength: 1,
        maxLength: 2,
      }),
      (text, plan, typed) => {
        const state = runOf(text, plan, () => {});
        const mutated = typed.reduce((now, [seed, length, junk]) => {
          const at = seed % (now.length + 1);
          return now.slice(0, at) + junk + now.slice(at + length);
        }, state.text);
        fc.pre(mutated === '' || failureOf(mutated) === undefined);
        const next = stepOf({ ...state, text: mutated }, [], []);
        const end = stepOf(next, [], next.placed);
        for (const [before, { result }] of [
          [mutated, next],
          [next.text, end],
        ] as const) {
          if (!result.movedForeignText)
            expect(ownText(result.text, result.inserted)).toBe(ownText(before, result.before));
        }
        expect(end.inserted).toEqual([]);
      },
    );
    fc.assert(law, { numRuns: lawRuns(1000) });
  });

  test('change the values of units in place', () => {
    const state = runOf('{"model" : 1,\n "x": 1.0}', [[2, 3, 9]], () => {});
    const changed = stepOf(state, [leaf(['env', 'A'], '2')], []);
    expect(changed.text).toBe(state.text.replace('"A":"1"', '"A":"2"').replace('"A": "1"', '"A": "2"'));
    expect(stepOf(changed, [], changed.placed).text).toBe('{"model" : 1,\n "x": 1.0}');
  });
});

describe('entries', () => {
  const text =
    '{\n  "mcpServers": {\n    "team": {"command":"old", "tools": {"a": 1.0}, "env": {"GONE": "1"}}\n  }\n}\n';

  test('are changed leaf by leaf, and what goes leaves no empty table', () => {
    const set = [{ ...entry(['mcpServers', 'team'], { command: 'new', args: ['x'] }), drop: [['env', 'GONE']] }];
    const { text: now, result } = step(untouched(text), set, []);
    expect(now).toContain('"team": {"command":"new", "tools": {"a": 1.0}, "args": ["x"]}');
    expect(result.movedForeignText).toBe(true);
  });

  test('go whole, with what the client added', () => {
    const { text: now } = step(untouched(text), [], [entry(['mcpServers', 'team'], {})]);
    expect(json.read(now)).toEqual({ mcpServers: {} });
  });
});

describe('a file without our marker', () => {
  const set = (text: string, chosen: readonly UnitValue[]) => step(untouched(text), chosen, [], unmarkedJson);
  const hook = units.filter(({ address }) => address.path[0] === 'hooks');

  test('gets our units and no key more', () => {
    expect(unmarkedJson.read(set('', hook).text)).toEqual({ hooks: { PreToolUse: hook.map(({ value }) => value) } });
    expect(set('{"description":"mine"}', hook).text).not.toContain('_syncline');
  });

  test('keeps a `_syncline` key of the user, in its place', () => {
    const text = '{\n  "hooks": {},\n  "_syncline": {"managed": ["model"], "source": "repo"}\n}\n';
    const state = set(text, units);
    expect(ownText(state.text, state.inserted)).toBe(text);
    expect(unmarkedJson.isMarked(state.text, units[0] as UnitValue)).toBe(false);
    expect(step(state, [], units, unmarkedJson).text).toBe(text);
  });

  test('holds nothing to be ours without a record, whatever it lists', () => {
    const { text } = set('{"_syncline": {"managed": ["model"], "source": "repo"}}', units);
    const bare = { placed: units, inserted: [], parents: [] };
    const { result } = step({ text, ...bare }, [], [], unmarkedJson);
    expect(result).toMatchObject({ text, before: [], inserted: [], parents: [] });
  });

  test('with the record, and rewritten by someone, holds ours what the record says', () => {
    const state = set('{"theme":"light"}', units);
    const rewritten = step({ ...state, text: rewrite(state.text) }, [], [], unmarkedJson);
    expect(JSON.parse(ownText(rewritten.text, rewritten.result.before))).toEqual({ theme: 'light' });
    const fewer = step({ ...rewritten, placed: units.slice(0, 3) }, [], [], unmarkedJson);
    const own = JSON.parse(ownText(fewer.text, fewer.inserted)) as object;
    expect(Object.keys(own)).toEqual(expect.arrayContaining(['theme', 'mcpServers', 'hooks', 'permissions']));
    expect(own).not.toHaveProperty('model');
  });
});

describe('a file of the user', () => {
  test.each([
    ['{"permissions": null}', element(['permissions', 'deny'], 'x'), 1],
    ['{\n "permissions": {\n  "deny": "x"}}', element(['permissions', 'deny'], 'x'), 3],
    ['{\n "env": []\n}', leaf(['env', 'A'], 'x'), 2],
    ['{"env": {},\n\n "env": {}}', leaf(['env', 'A'], 'x'), 3],
    ['{"model": 1,\n "model": 2}', leaf(['model'], 'x'), 2],
  ])('with no place for a unit is refused: %s', (text, unit, line) => {
    expect(() => step(untouched(text), [unit], [])).toThrow(expect.objectContaining({ name: 'Unplaceable', line }));
    expect(() => step(untouched(text), [unit], [])).toThrow(Unplaceable);
  });

  test('may have doubled keys elsewhere', () => {
    const text = '{"a": 1, "a": 2, "mcpServers": {"x": {"b": 1, "b": 2}}}';
    const state = step(untouched(text), units, []);
    expect(state.text.startsWith(text.slice(0, -2))).toBe(true);
    expect(step(state, [], units).text).toBe(text);
  });

  test('keeps a value that was equal already, and of equal list members loses only the last', () => {
    const text = '{"permissions":{"deny":["x","y","x"]}}';
    const unit = element(['permissions', 'deny'], 'x');
    const set = step(untouched(text), [unit], []);
    expect(json.read(set.text)).toMatchObject({ permissions: { deny: ['x', 'y', 'x'] } });
    expect(step(set, [], [unit]).text).toBe('{"permissions":{"deny":["x","y"]}}');
  });

  test('keeps its list valid when it goes on after ours', () => {
    const { text, ...record } = step(
      untouched('{\n  "permissions": {"deny": []}\n}'),
      [element(['permissions', 'deny'], 'x')],
      [],
    );
    const edited = text.replace(']', ', "later"]').replace('"x"', '"x"');
    const end = step({ text: edited, ...record }, [], record.placed);
    expect(end.text).toMatch(/^\{\n {2}"permissions": \{"deny": \[ ?"later"\]\}\n\}$/);
    expect(end.result.movedForeignText).toBe(false);
  });

  test('has its marker mended, wherever it stands', () => {
    const state = step(untouched('{\n  "a": 1\n}\n'), [units[0] as UnitValue], []);
    const wrong = state.text.replace('"source": "repo"', '"source": "other"');
    expect(step({ ...state, text: wrong }, [], []).text).toBe(state.text);
    const lost = '{\n  "a": 1,\n  "model": "opus"\n}\n';
    expect(step({ ...state, text: lost }, [], []).text).toBe(state.text);
  });

  test('of ten megabytes goes there and back', () => {
    const projects = Array.from({ length: 20_000 }, (_, index) => [
      `/p/${index}`,
      { history: ['x'.repeat(500)], cost: 0.1 },
    ]);
    const text = JSON.stringify({ projects: Object.fromEntries(projects), mcpServers: {} }, null, 2);
    const state = step(untouched(text), units, []);
    expect(step(state, [], state.placed).text).toBe(text);
  });
});

describe('reading', () => {
  test('agrees with JSON.parse, but for integers it would round', () => {
    const law = fc.property(userText, (text) => {
      const plain = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item)));
      expect(plain(json.read(text))).toEqual(plain(parse(text)));
    });
    fc.assert(law, { numRuns: lawRuns(200) });
    expect(json.read('{"a":12345678901234567890,"b":-9007199254740993}')).toEqual({
      a: 12345678901234567890n,
      b: -9007199254740993n,
    });
  });

  test('takes `__proto__` for a key like any other', () => {
    const table = json.read('{"__proto__":{"polluted":1},"big":12345678901234567890}');
    expect(Object.keys(table)).toEqual(['__proto__', 'big']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(json.read('{"__proto__":{"polluted":1}}').constructor).toBeUndefined();
  });

  test('refuses exactly what JSON.parse refuses, with a place inside the text', () => {
    const law = fc.property(
      userText,
      fc.nat(),
      fc.constantFrom('', ',', '}', '"', '\\', '//', '\0', '1', ' x'),
      (text, seed, junk) => {
        const at = seed % (text.length + 1);
        const broken = text.slice(0, at) + junk + text.slice(at + 1);
        let valid = true;
        try {
          const value = parse(broken);
          valid = typeof value === 'object' && value !== null && !Array.isArray(value);
        } catch {
          valid = false;
        }
        const error = failureOf(broken);
        expect(error === undefined, broken).toBe(valid);
        if (error) expect(error.line).toBeLessThanOrEqual(broken.split(/\r\n|\r|\n/).length);
      },
    );
    fc.assert(law, { numRuns: lawRuns(500) });
  });

  test.each([
    ['', 1, 1],
    [' \n', 1, 1],
    ['[]', 1, 1],
    ['{"a": 1 "b": 2}', 1, 9],
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\r\n  // note\r\n  "a": 1}', 2, 3],
    ['\uFEFF{"a": tru}', 1, 7],
    ['{"a": [1, 2', 1, 12],
    ['{"a": 01}', 1, 7],
    ['{"a": "x\n"}', 1, 9],
    ['{"a": 1}\0', 1, 9],
    ['{"a": "\\x"}', 1, 8],
  ])('says where %j stops being JSON', (text, line, column) => {
    expect(failureOf(text)).toMatchObject({ line, column });
  });

  test('survives deep nesting', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(failureOf(deep)).toBeInstanceOf(Malformed);
    expect(failureOf('{"a":'.repeat(10_000))).toBeInstanceOf(Malformed);
  });

  test('finds the line of a key', () => {
    const text = '{\n "a": "b\\"",\n "b": {\n  "a": 1,\n  "\\u0063": 2}}';
    expect([['a'], ['b', 'c'], ['b', 'x'], ['x']].map((path) => json.lineOf(text, path))).toEqual([2, 5, 3, undefined]);
  });
});
