import { fileAt } from '../../content/overlay.ts';
import { nearest } from '../../content/suggest-name.ts';
import { toml } from '../../formats/toml/toml.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { Table, Value } from '../../model/value.ts';
import { isListOfTexts } from './left-out.ts';
import { readSource } from './source-problems.ts';

/** What the repository says of itself, in `clients/syncline.toml`. */
export interface Manifest {
  /** The name that the repository has for good; absent: it is known by its first commit. */
  readonly id?: string;
  /** How many tokens the files of one client may cost every session. */
  readonly budget: number;
  /** Memories, by their paths below `memory/`, that are deployed as files and that the instructions do not name. */
  readonly unlisted: readonly UnlistedName[];
  /** Every mistake in the file; each is an error. */
  readonly findings: readonly Finding[];
}

/** A name in `unlisted-memories`. */
export interface UnlistedName {
  readonly name: string;
  readonly line: number;
}

/** Where it stands, relative to the repository. */
export const manifestPath = 'clients/syncline.toml';

/** Tokens for each client, where the repository says nothing: of a window of 200,000 that is 4 of 100. */
const defaultBudget = 8_000;
const silent: Manifest = { budget: defaultBudget, unlisted: [], findings: [] };

/** What the value of a key has to be, and what to say where it is something else. */
interface KeyRule {
  isRight(value: Value): boolean;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const [idKey, budgetKey, unlistedKey] = ['id', 'session-budget', 'unlisted-memories'] as const;
const noId: Omit<KeyRule, 'isRight'> = {
  ...{ code: 'no-id', message: `"${manifestPath}" has no "${idKey}" that is a text` },
  remedy: `Write ${idKey} = "…" into it, or delete it.`,
};
const rules: Readonly<Record<string, KeyRule>> = {
  [idKey]: { ...noId, isRight: (value) => typeof value === 'string' && value.trim() !== '' },
  [budgetKey]: {
    ...{ code: 'session-budget', message: `"${budgetKey}" must be a whole number of tokens above 0` },
    remedy: `Write ${budgetKey} = ${defaultBudget}, or delete the line.`,
    isRight: (value) => typeof value === 'bigint' && value > 0n && value <= BigInt(Number.MAX_SAFE_INTEGER),
  },
  [unlistedKey]: {
    ...{ code: 'unlisted-memories', message: `"${unlistedKey}" must be a list of texts, each a path below memory/` },
    remedy: `Write ${unlistedKey} = ["projects/app.md"], or delete it.`,
    isRight: isListOfTexts,
  },
};

/** Reads the file; one that is not there says nothing, and neither does a key that is wrong. */
export function readManifest(tree: SourceTree): Manifest {
  const file = fileAt(tree, manifestPath);
  if (!file) return silent;
  const read = readSource(file, toml);
  if ('finding' in read) return { ...silent, findings: [read.finding] };
  const { text, values } = read;
  const lineOf = (...key: string[]) => toml.lineOf(text, key) ?? 1;
  const rightValue = (key: string) => {
    const value = values[key];
    return value !== undefined && rules[key]?.isRight(value) ? value : undefined;
  };
  const [id, budget, unlisted] = [idKey, budgetKey, unlistedKey].map(rightValue);
  return {
    ...(id === undefined ? {} : { id: id as string }),
    budget: Number(budget ?? defaultBudget),
    unlisted: ((unlisted ?? []) as readonly string[]).map((name, index) => ({
      ...{ name, line: lineOf(unlistedKey, String(index)) },
    })),
    findings: mistakesIn(values, lineOf),
  };
}

/**
 * The name that the repository gives itself. Throws `Failure` when the file is there and wrong, because to go on would be to
 * take the repository for another one.
 */
export function repositoryName(tree: SourceTree): string | undefined {
  const { id, findings } = readManifest(tree);
  if (findings.length > 0) throw new Failure(findings);
  return id;
}

function mistakesIn(values: Table, lineOf: (key: string) => number): Finding[] {
  const keys = Object.keys(values);
  // Who made the file wanted to say something with it.
  if (keys.length === 0) return [problem(noId.code, noId.message, noId.remedy, { path: manifestPath, line: 1 })];
  return keys.flatMap((key) => {
    const at = { path: manifestPath, line: lineOf(key) };
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (!rule) return [problem('unknown-key', `unknown key ${JSON.stringify(key)}`, meant(key), at)];
    return rule.isRight(values[key] as Value) ? [] : [problem(rule.code, rule.message, rule.remedy, at)];
  });
}

function meant(key: string): string {
  const near = nearest(key, Object.keys(rules));
  return `${near ? `Did you mean "${near}"? ` : ''}It can hold ${Object.keys(rules).join(', ')}.`;
}
