import { parseArgs } from 'node:util';
import type { Group, Sizes } from './group.ts';

/** What a run of the bench is asked for. */
export interface Options {
  /** Groups, or parts of rows' names; none: all. */
  readonly only: readonly string[];
  /** Tiny data and two rounds: shows that it works, measures nothing. */
  readonly quick: boolean;
  /** Leaves out the tools of others, and so the network. */
  readonly alone: boolean;
  /** Puts the tables into docs/performance.md. */
  readonly write: boolean;
  /** Where the data is made; the system's temporary folder if not said. */
  readonly folder?: string;
}

/** Reads the arguments. Throws on one that is not known, and when a part of the tables would replace the whole. */
export function optionsOf(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      folder: { type: 'string' },
    },
  });
  const { folder, ...rest } = values;
  if (rest.write && (rest.quick || rest.alone || rest.only.length > 0))
    throw new Error('--write needs a whole run: without --only, --quick and --alone');
  return { ...rest, ...(folder !== undefined && { folder }) };
}

const fullSizes: Sizes = {
  skillFiles: 10_000,
  jsonBytes: 20_000_000,
  tomlBytes: 5_000_000,
  skills: 2_000,
  share: 1,
  series: [10, 100, 1_000, 10_000, 100_000],
};
const quickSizes: Sizes = {
  ...{ skillFiles: 40, jsonBytes: 300_000, tomlBytes: 30_000, skills: 40, share: 0.01 },
  series: [10, 20, 40],
};

export function sizesFor({ quick }: Options): Sizes {
  return quick ? quickSizes : fullSizes;
}

/** The group with the rows that are asked for, and those that they are compared with; undefined when there is none. */
export function chosen(group: Group, only: readonly string[]): Group | undefined {
  if (only.length === 0 || only.includes(group.name)) return group;
  const asked = group.programs.filter(({ name }) => only.some((word) => name.includes(word))).map(({ name }) => name);
  const goals = group.goals.filter(({ rows }) => rows.some((row) => asked.includes(row)));
  const wanted = new Set([...asked, ...goals.flatMap(({ rows }) => rows)]);
  const programs = group.programs.filter(({ name }) => wanted.has(name));
  return asked.length === 0 ? undefined : { ...group, programs, goals };
}
