import type { Programs, Ran, Start } from '../../src/host/machine/programs.ts';
import { type Machine, makeWorld, type World } from './memory-world.ts';

/** What a fake program prints; everything that is not said is empty, with exit code 0. */
export type Answers = Readonly<Record<string, Partial<Ran>>>;

/** What Claude Code 2.1.329 prints, as far as it matters. */
export const claudeReport = (invalid = '') =>
  `Claude Code doctor\n\nRunning: npm-global (2.1.329)\n${invalid === '' ? '' : `\nInvalid settings\n${invalid}`}\nNo installation issues found.\n`;

const well: Answers = {
  'codex --version': { out: 'codex-cli 0.169.0\n' },
  'codex app-server --strict-config --print-startup-config': { out: '{"appServerVersion":"0.169.0"}\n' },
  'claude --version': { out: '2.1.329 (Claude Code)\n' },
  'claude doctor': { out: claudeReport() },
};

/** Codex's answer to a file that it does not take. `line` and `column` are one-based. */
export const codexError = (path: string, says: string, line = 1, column = 1): Partial<Ran> => {
  const data = { reason: 'configLoad', filePath: path, line, column, detail: `${path}:${line}:${column}: ${says}` };
  return { code: 1, out: JSON.stringify({ error: { code: -32600, data } }) };
};

/** Programs that are there, and what they answer. An answer may depend on the folder that they are started in. */
export function fakePrograms(
  names: readonly string[],
  answers: (start: Start) => Answers = () => ({}),
  started: string[] = [],
): Programs {
  return {
    find: (name) => (names.includes(name) ? `/usr/bin/${name}` : undefined),
    run: (program, words, start) => {
      const call = [program.replace('/usr/bin/', ''), ...words].join(' ');
      started.push(call);
      const answer = { ...well, ...answers(start) }[call];
      return { code: 0, out: '', err: '', ...answer };
    },
    show: () => undefined,
  };
}

/** The programs of a machine on which nothing is amiss. */
export const allPrograms = ['codex', 'claude', 'git', 'team-server'];

/** A machine on which nothing is amiss. */
export const wellMachine: Machine = { programs: fakePrograms(allPrograms) };

let pushed: Promise<World> | undefined;

/** A world in which the source was pushed, with a hook for Claude Code and none for Codex; each time a fresh one. */
export async function pushedWorld(): Promise<World> {
  pushed ??= push();
  return (await pushed).copy();
}

async function push(): Promise<World> {
  const world = makeWorld();
  const { code, err } = await world.run(['push-runtime']);
  if (code !== 0) throw new Error(err);
  return world;
}
