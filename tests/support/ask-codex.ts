import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { clientBinary } from './clients.ts';

/** What the real Codex, in a home of its own, is asked about a text. */
type Question = (home: string, text: string) => Promise<boolean>;

/** Asks one Codex per home, several at a time, a question about each text. */
export async function askCodex(texts: readonly string[], question: Question): Promise<boolean[]> {
  const root = mkdtempSync(join(tmpdir(), 'syncline-suite-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const answers: boolean[] = [];
  let next = 0;
  const work = async (home: string) => {
    mkdirSync(join(home, '.codex'), { recursive: true });
    for (let index = next++; index < texts.length; index = next++) {
      answers[index] = await question(home, texts[index] as string);
    }
  };
  await Promise.all([0, 1, 2].map((worker) => work(join(root, String(worker)))));
  return answers;
}

/** Whether Codex starts with this text as its configuration. */
export async function loads(home: string, text: string): Promise<boolean> {
  return (await refusalByCodex(home, text)) === undefined;
}

/** Whether the text is TOML to Codex, even where it is no configuration. */
export async function isTomlToCodex(home: string, text: string): Promise<boolean> {
  const refusal = await refusalByCodex(home, text);
  if (refusal === undefined) return true;
  // Numbers that are too big come to light between the language and the configuration.
  if (/overflowed$|too large$|expected any valid TOML value$/.test(refusal)) return false;
  // Codex looks at names and types only when the language is right and tells of the first mistake: a mistake put after the
  // text is the one that it tells of when the text has none. A table before it ends the last one of the text.
  const planted = `${text} \n[planted]\n=`;
  const place = `:${planted.split('\n').length}:1: unquoted keys cannot be empty`;
  return (await refusalByCodex(home, `${planted}\n`))?.includes(place) ?? false;
}

/** What Codex says of a text that it does not load, or undefined. */
async function refusalByCodex(home: string, text: string): Promise<string | undefined> {
  writeFileSync(join(home, '.codex/config.toml'), text);
  const env = { PATH: '/usr/bin:/bin', HOME: home, CODEX_HOME: join(home, '.codex') };
  const words = ['app-server', '--print-startup-config'];
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(clientBinary('codex') as string, words, { cwd: home, env, stdio: [...stdio] });
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return code === 0 ? undefined : (JSON.parse(out) as { error: { data: { detail: string } } }).error.data.detail;
}
