import type { Guard, Power } from '../../model/power.ts';
import { pathText } from '../../model/unit.ts';
import type { KeyPath, Table, Value } from '../../model/value.ts';

/**
 * What of a client's files lets an agent do more, and what holds it back. What is harmless is a list; everything else is a power,
 * known to the client or not.
 */
export interface PowerRules {
  /** The powers of a value at a path of one of the files that others write too. */
  ofValue(file: string, path: KeyPath, value: Value, around: Around): readonly Power[];
  /** The powers of a whole file. `text` is undefined for one that is no text. */
  ofFile(file: string, text: string | undefined, executable: boolean): readonly Power[];
  /** The powers of a text in the client's file of instructions. */
  ofText?(text: string): readonly Power[];
  /** The file that makes a plugin of a folder, and so a power of each file in it, where a file stands in such a folder. */
  marker?(file: string): string | undefined;
  /** What held an agent back at a path of a file that others write too, and does not any more. `now` is undefined where it goes. */
  lostAt(file: string, path: KeyPath, old: Value, now: Value | undefined): readonly Guard[];
  /** The same of a whole file. */
  lostIn(file: string, old: string, now: string | undefined): readonly Guard[];
}

/**
 * The tables in which stands what is selected: the file in the runtime, and what the source wants of it. They are put together only
 * for what can be selected.
 */
export type Around = () => readonly Table[];

/**
 * A key path by its keys, dots between them: `*` stands for any one key, `**` at the end for any that follow. With a condition it
 * means only values that meet it.
 */
export type PathRule = readonly [pattern: string, when?: (value: Value) => boolean];

/** Rules for paths that mean any value. */
export function anyValue(...patterns: readonly string[]): PathRule[] {
  return patterns.map((pattern): PathRule => [pattern]);
}

/** Whether a rule of the list means the value at a path. */
export function matches(rules: readonly PathRule[], path: KeyPath, value: Value): boolean {
  return rules.some(([pattern, when]) => meansPath(pattern, path) && (when?.(value) ?? true));
}

/** The patterns are our own, and few: each is taken apart once. */
const taken = new Map<string, { readonly keys: readonly string[]; readonly open: boolean }>();

function takenApart(pattern: string) {
  const known = taken.get(pattern);
  if (known) return known;
  const all = pattern.split('.');
  const open = all.at(-1) === '**';
  const made = { keys: open ? all.slice(0, -1) : all, open };
  taken.set(pattern, made);
  return made;
}

function meansPath(pattern: string, path: KeyPath): boolean {
  const { keys, open } = takenApart(pattern);
  if (open ? path.length < keys.length : path.length !== keys.length) return false;
  return keys.every((key, index) => key === '*' || key === path[index]);
}

/** What a setting is called, by the beginning of its path; the first that fits. */
export type NamedPaths = readonly (readonly [pattern: string, what: string])[];

/** The name of a setting in the list, or undefined. */
export function nameOf(names: NamedPaths, path: KeyPath): string | undefined {
  return names.find(([pattern]) => meansPath(pattern, path))?.[1];
}

/** The power of a setting that is not on the list of what is harmless. */
export function settingPower(names: NamedPaths, path: KeyPath, value: Value): Power {
  return { what: nameOf(names, path) ?? 'setting', does: `${pathText(path)} = ${valueText(value)}` };
}

/** A value as text, all of it: two powers are one where all of what they do is. */
export function valueText(value: Value): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)) ?? String(value);
}

/** A program and its arguments as one row shows them. */
export function commandText(words: readonly Value[]): string {
  const quoted = words.map((word) => (typeof word === 'string' ? word : valueText(word)));
  return quoted.map((word) => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
