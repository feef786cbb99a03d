import type { Format } from '../formats/format.ts';
import type { ClientHome, Environment } from '../model/paths.ts';
import type { KeyPath, Table, Value } from '../model/value.ts';

/**
 * One client, described: a plain object without effects. To add a client is to write one such object in a file of its
 * own and to name it in `all-clients.ts`.
 */
export interface Client {
  /** The name in unit ids, in `--client` and of the folder below `clients/`. */
  readonly name: string;
  /** The name people know. */
  readonly title: string;
  locate(environment: Environment): ClientHome;
  readonly targets: readonly Target[];
}

export type Target = FragmentTarget | WholeFilesTarget | InstructionsTarget | MemoryTarget | SkillsTarget;

/** Keys of a file that the client and the user write too. */
export interface FragmentTarget {
  readonly kind: 'fragment';
  /** Below `clients/<name>/`. */
  readonly source: string;
  /** Relative to the client's home. */
  readonly file: string;
  readonly format: Format;
  /** The lock directory that the client itself takes to write the file is named like the file plus this ending. */
  readonly lockSuffix?: string;
  /** How the value at a path is managed. table: its members are units of their own. set: its elements are. */
  unitKind(path: KeyPath, value: Value): 'leaf' | 'entry' | 'table' | 'set';
  /** An entry with the client's renames applied (`startup_timeout_ms` to `startup_timeout_sec`). */
  renamed(path: KeyPath, value: Value): Value;
  /** An entry without the values that mean the same as their absence. */
  withoutDefaults(path: KeyPath, value: Value): Value;
  /** What is wrong with the fragment as a source: shape, unknown keys, what the client refuses to load. */
  problems(fragment: Table): readonly FragmentProblem[];
  /** What in the finished file would make the client refuse to load it. */
  refusals(values: Table): readonly string[];
  /** What deploying a unit lets an agent do that a person should see first, or undefined. */
  power(path: KeyPath, value: Value): string | undefined;
}

/** One mistake in a fragment. */
export interface FragmentProblem {
  readonly code: string;
  readonly path: KeyPath;
  readonly message: string;
  readonly remedy: string;
}

/** Files that are wholly ours, one source file each. */
export interface WholeFilesTarget {
  readonly kind: 'files';
  /** A folder below `clients/<name>/`. */
  readonly source: string;
  /** Which files of the folder, by ending. */
  readonly extension: string;
  /** The runtime file for a source file, given its path below the folder. */
  file(relative: string): string;
  /** The format the content must parse as. */
  readonly format: Format;
  problems(content: Table): readonly FragmentProblem[];
  /** What deploying the file lets an agent do that a person should see first, or undefined. */
  power(content: Table): string | undefined;
}

/** Our block in the client's instructions file. */
export interface InstructionsTarget {
  readonly kind: 'instructions';
  readonly source: string;
  readonly file: string;
  readonly format: Format;
  /** import: the client reads `@path` lines. inline: it does not, so the always-on memories stand in the block. */
  readonly memories: 'import' | 'inline';
}

/** Memories as plain files. */
export interface MemoryTarget {
  readonly kind: 'memory';
  readonly folder: string;
  /** Why a memory may not have this path (the client owns it), or undefined. */
  reserved(relative: string): string | undefined;
}

/** Skills as folders. */
export interface SkillsTarget {
  readonly kind: 'skills';
  readonly folder: string;
  /** Folders in there that the client owns: never read, never copied. */
  readonly owned: readonly string[];
  /** What a file of a skill lets an agent do by itself, given its path below the skills folder, or undefined. */
  power(relative: string): string | undefined;
}
