import type { Guard, Power } from '../model/power.ts';
import { pathText } from '../model/unit.ts';
import { type KeyPath, leavesOf, type Table, type Value } from '../model/value.ts';

/**
 * What of a client's files lets an agent do more, and what holds it back. What is harmless is a list; everything else is a power,
 * known to the client or not.
 */
export interface PowerRules {
  /**
   * The powers of a value at a path of one of the files that others write too. `around` are the tables in which stands what is
   * selected: the file in the runtime, and what the source wants of it.
   */
  ofValue(file: string, path: KeyPath, value: Value, around: readonly Table[]): readonly Power[];
  /** The powers of a whole file. `text` is undefined for one that is no text. */
  ofFile(file: string, text: string | undefined, executable: boolean): readonly Power[];
  /** What held an agent back at a path of a file that others write too, and does not any more. `now` is undefined where it goes. */
  lostAt(file: string, path: KeyPath, old: Value, now: Value | undefined): readonly Guard[];
  /** The same of a whole file. */
  lostIn(file: string, old: string, now: string | undefined): readonly Guard[];
}

/**
 * A key path by its keys, dots between them: `*` stands for any one key, `**` at the end for any that follow. With a condition it
 * means only values that meet it.
 */
export type PathRule = readonly [pattern: string, when?: (value: Value) => boolean];

/** Whether a rule of the list means the value at a path. */
export function matches(rules: readonly PathRule[], path: KeyPath, value: Value): boolean {
  return rules.some(([pattern, when]) => meansPath(pattern.split('.'), path) && (when?.(value) ?? true));
}

function meansPath(pattern: readonly string[], path: KeyPath): boolean {
  const open = pattern.at(-1) === '**';
  const keys = open ? pattern.slice(0, -1) : pattern;
  if (open ? path.length < keys.length : path.length !== keys.length) return false;
  return keys.every((key, index) => key === '*' || key === path[index]);
}

/** What a setting is called, by the beginning of its path; the first that fits. */
export type NamedPaths = readonly (readonly [pattern: string, what: string])[];

/** The power of a setting that is not on the list of what is harmless. */
export function settingPower(names: NamedPaths, path: KeyPath, value: Value): Power {
  const what = names.find(([pattern]) => meansPath(pattern.split('.'), path))?.[1] ?? 'setting';
  return { what, does: `${pathText(path)} = ${valueText(value)}` };
}

/** Every value below one, with its path; a list is one value. */
export function settingsBelow(path: KeyPath, value: Value): (readonly [KeyPath, Value])[] {
  return leavesOf(value, path);
}

const longest = 400;

/** A value as one row shows it. */
export function valueText(value: Value): string {
  if (typeof value === 'string') return shownText(value);
  return shownText(
    JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)) ?? String(value),
  );
}

/** A text as one row shows it: what is very long is cut, and a run of blanks cannot push the rest out of sight. */
export function shownText(text: string): string {
  const packed = text.replace(/\s{5,}/g, (blanks) => ` [${blanks.length} blanks] `);
  return packed.length <= longest
    ? packed
    : `${packed.slice(0, longest)} [and ${packed.length - longest} characters more]`;
}

/** A program and its arguments as one row shows them. */
export function commandText(words: readonly Value[]): string {
  const quoted = words.map((word) => (typeof word === 'string' ? word : valueText(word)));
  return shownText(quoted.map((word) => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word))).join(' '));
}
