import { isTable, type KeyPath, type Table } from '../model/value.ts';

/** Something in a client's home that a person may have made and an import leaves, and what to do for it instead. */
export interface Leftover {
  readonly reason: string;
  readonly remedy: string;
}

/** A part of a client's file that an import leaves. */
export interface LeftoverKey extends Leftover {
  readonly path: KeyPath;
}

/** What an import leaves in a client's home, and reports. */
export interface Leftovers {
  /** By a name at the top of the home, or a path below a folder that is listed there. */
  of(name: string): Leftover | undefined;
  /** Folders of which each file is one by itself. */
  readonly folders: readonly string[];
  /** Of a file's values; what is not named is imported, or is for one machine only. */
  keys(file: string, values: Table): readonly LeftoverKey[];
}

/** The members of a table of tables, each as a leftover. */
export function leftoverMembers(values: Table, key: string, make: (name: string) => Leftover): LeftoverKey[] {
  const members = Object.hasOwn(values, key) ? values[key] : undefined;
  return isTable(members) ? Object.keys(members).map((name) => ({ path: [key, name], ...make(name) })) : [];
}
