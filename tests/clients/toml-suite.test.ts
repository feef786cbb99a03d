import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { UnitValue } from '../../src/formats/format.ts';
import { clientBinary, isAbsent } from '../support/clients.ts';
import { peculiarConfigs, richConfig } from '../support/codex-home.ts';
import { lawRuns } from '../support/law-runs.ts';
import { mutated } from '../support/mutations.ts';
import { tried } from '../support/reliability.ts';
import { attempt, refusalOf, request } from '../support/toml-laws.ts';
import { invalidToml } from '../support/toml-suite/invalid.ts';
import { validToml } from '../support/toml-suite/valid.ts';

/** What Codex reads we never refuse, and what Codex refuses we never write: the real Codex is asked about each text. */
const units: UnitValue[] = [
  { kind: 'leaf', address: { path: ['model_verbosity'] }, value: 'low' },
  { kind: 'leaf', address: { path: ['tui', 'notifications'] }, value: true },
  { kind: 'entry', address: { path: ['mcp_servers', 'team'] }, value: { command: 'npx', env: { A: '1' } } },
];

/** Asks one Codex per home, several at a time, whether it loads each text. */
async function askCodex(texts: readonly string[]): Promise<boolean[]> {
  const root = mkdtempSync(join(tmpdir(), 'syncline-suite-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const answers: boolean[] = [];
  let next = 0;
  const work = async (home: string) => {
    mkdirSync(join(home, '.codex'), { recursive: true });
    for (let index = next++; index < texts.length; index = next++) {
      writeFileSync(join(home, '.codex/config.toml'), texts[index] as string);
      answers[index] = await load(home);
    }
  };
  await Promise.all([0, 1, 2].map((worker) => work(join(root, String(worker)))));
  return answers;
}

function load(home: string): Promise<boolean> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, CODEX_HOME: join(home, '.codex') };
  const words = ['app-server', '--print-startup-config'];
  const child = spawn(clientBinary('codex') as string, words, { cwd: home, env, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}

/** All cases for docs/reliability.md; elsewhere, where somebody waits, every second one. */
function share(cases: readonly string[], turn: number): readonly string[] {
  return cases.filter((_, index) => process.env.RELIABILITY !== undefined || index % 2 === turn);
}

function answersOfOurs(texts: readonly string[]): string[] {
  return texts.map((text) => (refusalOf(text) ? `refused: ${text}` : `loaded: ${text}`));
}

async function answersOfCodex(texts: readonly string[]): Promise<string[]> {
  const answers = await askCodex(texts);
  return texts.map((text, index) => (answers[index] ? `loaded: ${text}` : `refused: ${text}`));
}

describe.skipIf(isAbsent('codex'))('the real Codex', { timeout: 300_000 }, () => {
  it('loads every valid case and none of the others, as we do', async () => {
    const [valid, invalid] = [share(validToml, 0), share(invalidToml, 0)];
    tried(valid.length + invalid.length);
    const loaded = await askCodex(valid);
    expect(valid.filter((_, index) => !loaded[index])).toEqual([]);
    const refused = await askCodex(invalid);
    expect(invalid.filter((_, index) => refused[index])).toEqual([]);
    expect(answersOfOurs(validToml).filter((answer) => answer.startsWith('refused'))).toEqual([]);
    expect(answersOfOurs(invalidToml).filter((answer) => answer.startsWith('loaded'))).toEqual([]);
  });

  it('loads what we make of every valid case', async () => {
    const some = share(validToml, 1);
    tried(some.length);
    const edited = some.flatMap((text) => attempt(text, request({ set: units, placed: units }))?.text ?? []);
    expect(edited.length).toBe(some.length);
    const loaded = await askCodex(edited);
    expect(edited.filter((_, index) => !loaded[index])).toEqual([]);
  });

  it('agrees with us on texts changed by accident', async () => {
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
    // A text that is TOML may still be no configuration, when the accident met a key that Codex knows.
    const [ours, theirs] = [answersOfOurs(texts), await answersOfCodex(texts)];
    const known =
      /^\s*"?(?:model|notify|tui|mcp_servers|features|projects|shell_environment_policy|skills|hooks|file_opener)/m;
    const other = ours.filter(
      (answer, index) => answer !== theirs[index] && !(answer.startsWith('loaded') && known.test(answer.slice(8))),
    );
    expect(other).toEqual([]);
  });
});
