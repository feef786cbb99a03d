import { describe, expect, test } from 'vitest';
import type { UnitValue } from '../../src/formats/format.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import { lawRuns } from '../support/law-runs.ts';
import { expectLaws, expectRefused, refusalOf, request } from '../support/toml-laws.ts';
import { invalidToml } from '../support/toml-suite/invalid.ts';
import { validToml } from '../support/toml-suite/valid.ts';
import { entry, leaf } from './toml-cases.ts';
import { expectPositions, isBeyondToml } from './toml-positions.ts';

/** Every production of TOML 1.1; tests/clients/toml-suite.test.ts asks the real Codex about the same cases. */
const hook = { matcher: 'Bash', hooks: [{ type: 'command', command: 'x' }] };
const element = { digest: digestOfValue(hook), label: 'hook' };
const units: UnitValue[] = [
  leaf(['model'], 'm'),
  leaf(['a', 'ours', 'deep'], true),
  leaf(['features', 'web'], 1n),
  entry(['mcp_servers', 'team'], { command: 'npx', env: { A: '1' } }),
  { kind: 'element', address: { path: ['hooks', 'PreToolUse'], element }, value: hook },
];

/** Every case in CI; elsewhere a share of them, in each test another one. */
function share(turn: number): (text: string, index: number) => boolean {
  return (_, index) => lawRuns(2) > 1 || index % 8 === turn;
}

describe('what TOML allows', () => {
  test('is read, and our scanner sees it as another parser does', () => {
    for (const text of validToml) {
      expect([text, refusalOf(text)?.message]).toEqual([text, undefined]);
      expectPositions(text);
    }
    expect(validToml.filter(isBeyondToml).length).toBeLessThan(20);
  });

  test.each([
    ['as it is', 0, (text: string) => text],
    ['with CRLF', 1, (text: string) => text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n')],
    ['with a byte order mark', 2, (text: string) => `\uFEFF${text.replace('\uFEFF', '')}`],
    ['with a line end more', 3, (text: string) => `${text}\n`],
    [
      'below a comment and above a table',
      4,
      (text: string) => `# top\n${text.replace('\uFEFF', '')}\n# low\n[low]\nx = 1`,
    ],
  ])('%s: takes our units and gives its bytes back', (_, turn, change) => {
    for (const text of validToml.filter(share(turn)).map(change)) {
      // A key `a` that is no table leaves no place for one of the units.
      expect([text, expectLaws(text, units) || expectLaws(text, units.toSpliced(1, 1))]).toEqual([text, true]);
    }
  });
});

describe('what TOML or Codex does not allow', () => {
  test.each(['', '# top\r\n\r\n', '[low]\nx = 1\n'])('is refused with its place, below %j', (above) => {
    for (const text of invalidToml) {
      const refusal = refusalOf(above + text);
      if (above === '') expect([text, refusal?.name]).toEqual([text, 'Malformed']);
      if (refusal) expectRefused(above + text, request({ set: units, placed: units }), refusal);
    }
  });

  test.each([
    ['a = 1\nb = 9223372036854775808', 2, 5],
    ['[a]\nb = [1, { c = 1e999 }]', 2, 15],
    ['a = 1\r\nb = 2021-02-29', 2, 5],
    [`a = 1\n\uFEFF`, 2, 1],
    [`\n\n  [${'a.'.repeat(80)}a]`, 3, 1],
    [`\na = ${'['.repeat(81)}${']'.repeat(81)}`, 2, 85],
    [`\uFEFFa = 9223372036854775808`, 1, 5],
    ['a = """\n\n""" \nb = "', 4, 5],
  ])('%j is wrong at line %i, column %i', (text, line, column) => {
    expect(refusalOf(text)).toMatchObject({ line, column });
  });
});
