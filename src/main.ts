#!/usr/bin/env node
import { fstatSync, realpathSync, writeFileSync, writeSync } from 'node:fs';
import { sep } from 'node:path';
import { version } from '../package.json';
import { rootMembers } from './formats/json/root-members.ts';
import { homeFolder } from './host/home-folder.ts';
import { realReading } from './host/real-reading.ts';
import { type Answer, type Question, recall, signatureOf } from './host/stat-cache.ts';
import { statePaths } from './host/state-directory.ts';
import { environmentOf } from './model/paths.ts';

/** Commands that are run all day, and mostly find that nothing has changed: their answer may be one that was given before. */
const asked = ['check-sync', 'session-check', 'push-runtime'];

const words = process.argv.slice(2);
const world = {
  ...{ home: homeFolder(process.env, process.platform), workingDirectory: workingDirectory() },
  variables: process.env,
};

/**
 * The one place that knows the process. It gives an answer at once where it can, and loads all the rest only where it cannot: that
 * takes longer than anything else (docs/performance.md).
 */
async function main(): Promise<void> {
  const question = questionOf();
  const answer = await answerTo(question);
  if (!answer) return work(question);
  print(answer.out, 1);
  print(answer.err, 2);
  process.exitCode ??= answer.exitCode;
}

async function work(question: Question): Promise<void> {
  const { run } = await import('./cli/run.ts');
  const exitCode = await run(process, { file: __filename, words, question, version, ...world });
  process.exitCode ??= exitCode;
}

function questionOf(): Question {
  const { workingDirectory, home } = world;
  return {
    words: words.filter((word) => word !== '--full'),
    ...{ workingDirectory, home, terminal: isTerminal() },
    program: [version, process.versions.node, signatureOf(realReading.status(__filename))],
  };
}

async function answerTo(question: Question): Promise<Answer | undefined> {
  if (words.length === 1 && ['--version', '-V'].includes(words[0] as string))
    return { out: `${version}\n`, err: '', exitCode: 0 };
  if (!asked.includes(words[0] ?? '') || words.includes('--full')) return undefined;
  const at = words.indexOf('--home');
  const environment = environmentOf(world, at < 0 ? undefined : words[at + 1]);
  const { stackTraceLimit } = Error;
  // Nobody sees the stacks of the errors that tell what is not there, and they take longer than to look.
  Error.stackTraceLimit = 0;
  const answer = await recall(statePaths(environment, process.platform).cache, question, {
    disk: {
      ...realReading,
      realPath: realpathSync.native,
      writeLoose: (path, content, mode) => writeFileSync(path, content, { mode }),
    },
    variables: process.env,
    digest: async () => (await import('./model/digest.ts')).digestOf,
    members: rootMembers,
    now: Date.now,
  });
  Error.stackTraceLimit = stackTraceLimit;
  return answer;
}

/** A folder that was removed under us is no reason to fail: `--repo` may name another one. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return sep;
  }
}

/** Whether standard output is a device such as a terminal: to ask Node for more takes it a tenth of its start. */
function isTerminal(): boolean {
  try {
    return fstatSync(1).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Prints without the streams of the process, which take another tenth. A reader that has seen enough is no failure. */
function print(text: string, stream: 1 | 2): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(stream, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') {
        if (code !== 'EPIPE') process.exitCode = 2;
        return;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

main();
