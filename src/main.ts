#!/usr/bin/env node
import { isAbsolute, sep } from 'node:path';
import { version } from '../package.json';
import { rootMembersIn } from './formats/json/read/root-members.ts';
import { keepCompiledCode } from './host/compile-cache.ts';
import { homeFolder } from './host/home-folder.ts';
import { type Answer, type Question, recall, signatureOf } from './host/kept/stat-cache.ts';
import { mayBeTerminal, printTo } from './host/machine/standard-streams.ts';
import { quickDisk } from './host/reading/real-reading.ts';
import { statePaths, stateVariables } from './host/state/state-directory.ts';
import { environmentOf, misplaced } from './model/paths.ts';

/** Commands that are run all day, and mostly find that nothing has changed: their answer may be one that was given before. */
const asked = ['check-sync', 'session-check', 'push-runtime'];

const words = process.argv.slice(2);
const world = {
  ...{ home: homeFolder(process.env, process.platform), workingDirectory: workingDirectory() },
  variables: process.env,
};

const user = process.geteuid && process.getegid ? { uid: process.geteuid(), gid: process.getegid() } : undefined;

/**
 * The one place that knows the process. It gives an answer at once where it can, and loads all the rest only where it cannot: that
 * takes longer than anything else (docs/performance.md).
 */
async function main(): Promise<void> {
  if (words.length === 1 && ['--version', '-V'].includes(words[0] as string))
    return give({ out: `${version}\n`, err: '', exitCode: 0 });
  const question = questionOf();
  const answer = await answerTo(question);
  return answer ? give(answer) : work(question);
}

function give(answer: Answer): void {
  const isPrinted = [print(1, answer.out), print(2, answer.err)];
  process.exitCode = isPrinted.includes(false) ? 2 : answer.exitCode;
}

/** A console of Windows takes other characters than a file does: only Node's own streams know. */
function print(stream: 1 | 2, text: string): boolean {
  if (process.platform !== 'win32') return printTo(stream, text);
  (stream === 1 ? process.stdout : process.stderr).write(text);
  return true;
}

async function work(question: Question): Promise<void> {
  const cache = cacheFolder();
  if (cache !== undefined) keepCompiledCode(cache, user);
  const { run } = await import('./cli/run.ts');
  const exitCode = await run(process, { file: __filename, words, question, version, print, ...world });
  process.exitCode ??= exitCode;
}

function questionOf(): Question {
  const { workingDirectory, home } = world;
  return {
    words: words.filter((word) => word !== '--full'),
    ...{ workingDirectory, home, terminal: terminal() },
    program: [version, process.versions.node, process.execPath, __filename, signatureOf(quickDisk.status(__filename))],
  };
}

async function answerTo(question: Question): Promise<Answer | undefined> {
  if (!asked.includes(words[0] ?? '') || words.includes('--full')) return undefined;
  const folder = cacheFolder();
  if (folder === undefined) return undefined;
  const { stackTraceLimit } = Error;
  // Nobody sees the stacks of the errors that tell what is not there, and they take longer than to look.
  Error.stackTraceLimit = 0;
  const recaller = {
    ...{ disk: quickDisk, variables: process.env, members: rootMembersIn, now: Date.now },
    digest: async () => (await import('./model/digest.ts')).digestOf,
    ...(user ? { user } : {}),
  };
  const anywhere = words.some((word) => /^--repo(?:=|$)/.test(word))
    ? await recall(folder, { ...question, workingDirectory: '' }, recaller)
    : undefined;
  const answer = anywhere ?? (await recall(folder, question, recaller));
  Error.stackTraceLimit = stackTraceLimit;
  return answer;
}

function terminal(): Question['terminal'] {
  // To a pipe or a file nothing is coloured, and nobody is asked.
  if (!mayBeTerminal(1)) return [false, false, '', ''];
  const { NO_COLOR = '', TERM = '' } = process.env;
  return [mayBeTerminal(0), true, NO_COLOR, TERM];
}

/** Undefined where a variable names it from the working directory: a repository could bring such a folder along. */
function cacheFolder(): string | undefined {
  const at = words.findLastIndex((word) => /^--home(?:=|$)/.test(word));
  const [, told = words[at + 1]] = /^--home=(.*)/s.exec(words[at] ?? '') ?? [];
  const environment = environmentOf(world, at < 0 ? undefined : told);
  const { cache } = statePaths(environment, process.platform);
  return isAbsolute(cache) && misplaced(environment, stateVariables(process.platform)).length === 0 ? cache : undefined;
}

/** A folder that was removed under us is no reason to fail: `--repo` may name another one. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return sep;
  }
}

main();
