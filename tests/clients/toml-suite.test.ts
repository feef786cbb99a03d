import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitValue } from '../../src/formats/format.ts';
import { askCodex, isTomlToCodex, loads } from '../support/ask-codex.ts';
import { isAbsent } from '../support/clients.ts';
import { peculiarConfigs, richConfig } from '../support/codex-home.ts';
import { lawRuns } from '../support/law-runs.ts';
import { mutated } from '../support/mutations.ts';
import { tried } from '../support/reliability.ts';
import { howToRepeat } from '../support/seed.ts';
import { attempt, refusalOf, request } from '../support/toml-laws.ts';
import { invalidToml } from '../support/toml-suite/invalid.ts';
import { validToml } from '../support/toml-suite/valid.ts';

/** What Codex reads we never refuse, and what Codex refuses we never write: the real Codex is asked about each text. */
const units: UnitValue[] = [
  { kind: 'leaf', address: { path: ['model_verbosity'] }, value: 'low' },
  { kind: 'leaf', address: { path: ['tui', 'notifications'] }, value: true },
  { kind: 'entry', address: { path: ['mcp_servers', 'team'] }, value: { command: 'npx', env: { A: '1' } } },
];

/** TOML, and yet Codex does not load it: the names mean something to it. */
const noConfiguration = [
  '[mcp_servers]\nmine.command = "mine"\ntheme = "nord"\nmine.env.A = "1"\n[tui]\n',
  ...['model = 3', '[[ "tui" ]]', "[ 'mcp_servers' . x]", 'model_provider = "none"', '[tui]\ntheme = {}'],
];

/** No TOML, with such names in it. */
const noToml = [
  ...['model = 3\n[a]\n[a]', '[mcp_servers.x]\n[[a.b]]\n[a]\n[[a.b.c]]\n[a.b]', 'tui = 1e999', 'model = """', '[tui'],
  ...['a = [1]\n[[a]]', 'a = 0x', 'a = 99999999999999999999', 'a = 0xFFFFFFFFFFFFFFFF', 'model = 1\r', 'notify = ['],
];

/** All cases for docs/reliability.md; elsewhere, where somebody waits, every second one. */
function share(cases: readonly string[], turn: number): readonly string[] {
  return cases.filter((_, index) => process.env.RELIABILITY !== undefined || index % 2 === turn);
}

function answersOfOurs(texts: readonly string[]): string[] {
  return texts.map((text) => (refusalOf(text) ? `refused: ${text}` : `loaded: ${text}`));
}

async function answersOfCodex(texts: readonly string[]): Promise<string[]> {
  const answers = await askCodex(texts, isTomlToCodex);
  return texts.map((text, index) => (answers[index] ? `loaded: ${text}` : `refused: ${text}`));
}

describe.skipIf(isAbsent('codex'))('the real Codex', { timeout: 300_000 }, () => {
  it('loads every valid case and none of the others, as we do', async () => {
    const [valid, invalid] = [share(validToml, 0), share(invalidToml, 0)];
    tried(valid.length + invalid.length);
    const loaded = await askCodex(valid, loads);
    expect(valid.filter((_, index) => !loaded[index])).toEqual([]);
    const refused = await askCodex(invalid, loads);
    expect(invalid.filter((_, index) => refused[index])).toEqual([]);
    expect(answersOfOurs(validToml).filter((answer) => answer.startsWith('refused'))).toEqual([]);
    expect(answersOfOurs(invalidToml).filter((answer) => answer.startsWith('loaded'))).toEqual([]);
  });

  it('loads what we make of every valid case', async () => {
    const some = share(validToml, 1);
    tried(some.length);
    const edited = some.flatMap((text) => attempt(text, request({ set: units, placed: units }))?.text ?? []);
    expect(edited.length).toBe(some.length);
    const loaded = await askCodex(edited, loads);
    expect(edited.filter((_, index) => !loaded[index])).toEqual([]);
  });

  it('is asked about the language alone, not about what it makes of a name', async () => {
    const texts = [...noConfiguration, ...noToml];
    const answers = texts.map((text) => noConfiguration.includes(text));
    expect(await askCodex(texts, loads)).toEqual(texts.map(() => false));
    expect(await askCodex(texts, isTomlToCodex)).toEqual(answers);
    expect(texts.map((text) => refusalOf(text) === undefined)).toEqual(answers);
  });

  it('agrees with us on texts changed by accident', { timeout: 1_800_000 }, async () => {
    const junk = [
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
      '0',
      '_',
      '-',
      ':60',
      '\r',
      '\n=',
      '=\n',
      '"""',
      'é',
      'e9',
    ];
    const kept = [richConfig, ...Object.values(peculiarConfigs), ...validToml, ...invalidToml].filter(
      (text) => text.length < 2000,
    );
    const texts = fc.sample(mutated(fc.constantFrom(...kept), junk), lawRuns(300));
    const [ours, theirs] = [answersOfOurs(texts), await answersOfCodex(texts)];
    expect(
      ours.filter((answer, index) => answer !== theirs[index]),
      howToRepeat(),
    ).toEqual([]);
  });
});
