import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, type TextEdit } from '../../src/content/pieces/edits.ts';
import { liftText } from '../../src/content/pieces/lift.ts';
import { joinPieces, type Piece, sourcePieces } from '../../src/content/pieces/pieces.ts';
import { expandPieces, tokenSpans } from '../../src/content/placeholders.ts';
import { values } from '../content/source.ts';
import { lawRuns } from '../support/law-runs.ts';

// Values that contain each other, are ordinary words, have several lines, or are nothing.
const variables = {
  empty: '',
  a: 'x',
  aa: 'xx',
  home: '/home',
  deep: '/home/ana',
  lines: 'one\ntwo',
  word: 'the',
  fox: '🦊',
};
const withAll = { ...values, variables };
const tokens = [...Object.keys(variables).map((name) => `{{var.${name}}}`), '{{ client.name }}', '{{client.home}}'];
const words = ['the', 'Codex', 'x', 'xx', '/home', '/', ' ', ' ', '\n', '\n', 'é', '🦊', '🐝', '{', '}}', 'one\ntwo'];
const path = 'clients/shared/memory/a.md';

const deploy = (text: string): Piece[] => expandPieces(sourcePieces(path, text), withAll);
const deployed = (text: string): string => joinPieces(deploy(text));

const source = fc.string({ unit: fc.constantFrom(...tokens, ...words, ...words), maxLength: 30 });
const newText = fc.string({
  unit: fc.constantFrom(...words, 'new', '{{', 'var.a', '}}', '<!-- >>> syncline x'),
  maxLength: 5,
});

/** The text after some replacements of its parts. */
function edited(text: string, edits: readonly (readonly [number, number, string])[]): string {
  return edits.reduce((now, [at, length, put]) => {
    const characters = Array.from(now);
    const start = at % (characters.length + 1);
    characters.splice(start, length, put);
    return characters.join('');
  }, text);
}
const edits = fc.array(fc.tuple(fc.nat(60), fc.nat(8), newText), { minLength: 1, maxLength: 4 });

describe('liftText (laws)', () => {
  test('the edited source deploys as the edited text, or the edit is refused with a line', () => {
    let carried = 0;
    const law = fc.property(source, edits, (made, changes) => {
      const have = edited(deployed(made), changes);
      const lifted = liftText(deploy(made), have);
      if ('refused' in lifted) {
        expect(lifted.line).toBeLessThanOrEqual(have.split('\n').length);
        expect(/\{\{|\}\}|syncline|\{/.test(have), lifted.refused).toBe(true);
        return;
      }
      carried += 1;
      const now = applyEdits(made, lifted.edits);
      expect(deployed(now)).toBe(have);
    });
    fc.assert(law, { numRuns: lawRuns(20_000, 1000) });
    expect(carried).toBeGreaterThan(100);
  });

  test('lines that did not change are the same bytes in the same order', () => {
    const line = fc.string({
      unit: fc.constantFrom(...tokens.filter((name) => !name.includes('lines')), 'the', 'x', ' ', '\r', '🦊'),
      maxLength: 8,
    });
    const step = fc.record({
      kind: fc.constantFrom('keep', 'keep', 'edit', 'drop', 'add'),
      put: fc.constantFrom('new', 'x the', ''),
    });
    const law = fc.property(fc.array(fc.tuple(line, step), { maxLength: 12 }), fc.boolean(), (lines, ends) => {
      const numbered = lines.map(([text, { kind, put }], index) => ({ text: `${index}: ${text}`, kind, put }));
      const made = numbered.map(({ text }) => text).join('\n') + (ends ? '\n' : '');
      const now = numbered.flatMap(({ text, kind, put }, index): { have: string; source?: string }[] => {
        const same = { have: deployed(text), source: text };
        if (kind === 'drop') return [];
        if (kind === 'edit') return [{ have: `${index}: ${put}` }];
        return kind === 'add' ? [same, { have: `${index}+ ${put}` }] : [same];
      });
      const have = now.map((each) => each.have).join('\n') + (ends ? '\n' : '');
      const carried = applyEdits(made, liftedEdits(made, have)).split('\n');
      expect(carried).toHaveLength(have.split('\n').length);
      for (const [index, { source: kept }] of now.entries()) if (kept !== undefined) expect(carried[index]).toBe(kept);
    });
    fc.assert(law, { numRuns: lawRuns(5000) });
  });

  test('tokens that nobody touched are spelled as before, whatever changes beside them', () => {
    // Of a value with lines that stand elsewhere too nobody can tell which is which.
    const segment = fc.record({
      token: fc.constantFrom(...tokens.filter((name) => !name.includes('lines'))),
      word: fc.constantFrom('the', 'x', 'Codex', '/', ' ', 'one', '🦊', ''),
      put: fc.option(fc.constantFrom('the', 'xx', '/home', 'Codex', '🐝 ', 'new', ''), { freq: 2 }),
    });
    const line = fc.array(segment, { minLength: 1, maxLength: 5 });
    const law = fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.boolean(), (lines, adds) => {
      const join = (part: (each: { token: string; word: string; put: string | null }) => string) =>
        lines.map((each, index) => `${index}: ${each.map(part).join('')} :${index}\n`).join('');
      const made = join(({ token, word }) => token + word);
      const have = join(({ token, word, put }) => deployed(token) + (adds ? word + (put ?? '') : (put ?? word)));
      const now = applyEdits(made, liftedEdits(made, have));
      expect(deployed(now)).toBe(have);
      expect(tokensOf(now, adds)).toEqual(tokensOf(made, adds));
    });
    fc.assert(law, { numRuns: lawRuns(10_000, 500) });
  });
});

function liftedEdits(made: string, have: string): readonly TextEdit[] {
  const lifted = liftText(deploy(made), have);
  if ('refused' in lifted) throw new Error(`${lifted.refused} (line ${lifted.line} of ${JSON.stringify(have)})`);
  return lifted.edits;
}

/** The tokens of a source as they are spelled; those without a value can be left out. */
function tokensOf(text: string, withEmpty: boolean): string[] {
  const found = tokenSpans(text).map(([start, end]) => text.slice(start, end));
  return found.filter((token) => withEmpty || !token.includes('empty'));
}
