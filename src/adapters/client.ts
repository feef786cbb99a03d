import type { EditableFormat, Format } from '../formats/format.ts';
import type { ClientHome, Environment } from '../model/paths.ts';
import type { KeyPath, Table, Value } from '../model/value.ts';
import type { Checkup } from './checkup.ts';
import type { EverySession } from './every-session.ts';
import type { Leftovers } from './leftovers.ts';
import type { PowerRules } from './powers/power-rules.ts';

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
  /** What of its files lets an agent do more, and what holds one back. */
  readonly powers: PowerRules;
  /** What of its home is before the model in every session; absent: that is not known. */
  readonly everySession?: EverySession;
  /** What it writes down by itself while it works. `values` gives what the file of one of its fragments holds. */
  learned?(environment: Environment, values: (file: string) => Table): Learned;
  /** What `init --from-runtime` leaves in its home and reports; absent: nothing is known. */
  readonly leftovers?: Leftovers;
  /** What `doctor` has to know of it; absent: it judges the files by what the targets say alone. */
  readonly checkup?: Checkup;
}

/** The memories that a client makes by itself, apart from those that are deployed to it. */
export interface Learned {
  readonly folders: readonly LearnedFolder[];
  /** Whether a file is a memory, by its path from a folder's root on: not what the client works with. */
  isMemory(path: string): boolean;
  /** What a file says, project by project. */
  memories(path: string, text: string): readonly LearnedMemory[];
}

/** A folder of memories, to be listed. */
export interface LearnedFolder {
  /** What it is relative to, absolute; absent: the client's home. */
  readonly root?: string;
  readonly folder: string;
  /** Only the folder of this name in each folder of it, and nothing else of them. */
  readonly each?: string;
  /** Names in it that hold no memories. */
  readonly owned: readonly string[];
  /** What stands for it in the names of units where it is not in the client's home. */
  readonly alias?: string;
}

/** What a client learned about one project, or in general. */
export interface LearnedMemory {
  /** What it is called among those of its project: `MEMORY.md`, `team/tests.md`. */
  readonly name: string;
  /** The folder of the project as a path, or the name that the client gives it where the path is not known. */
  readonly project?: string;
  /** Set when it is a part of the file, which says things about several projects. */
  readonly part?: true;
  readonly text: string;
  /** The text without what the client itself put before it. */
  readonly body: string;
}

export type Target =
  | FragmentTarget
  | WholeFilesTarget
  | InstructionsTarget
  | MemoryTarget
  | SkillsTarget
  | HomeFilesTarget;

/** Keys of a file that the client and the user write too. */
export interface FragmentTarget {
  readonly kind: 'fragment';
  /** Below `clients/<name>/`. */
  readonly source: string;
  /** Relative to the client's home. */
  readonly file: string;
  readonly format: EditableFormat;
  /** The lock directory that the client itself takes to write the file is named like the file plus this ending. */
  readonly lockSuffix?: string;
  /** How the value at a path is managed. table: its members are units of their own. set: its elements are. */
  unitKind(path: KeyPath, value: Value): 'leaf' | 'entry' | 'table' | 'set';
  /** Whether an entry is another thing than the one it goes over, so that their keys must not be mixed. */
  replaces(path: KeyPath, below: Table, above: Table): boolean;
  /** An entry with the client's renames applied (`startup_timeout_ms` to `startup_timeout_sec`). */
  renamed(path: KeyPath, value: Value): Value;
  /** An entry without the values that mean the same as their absence. */
  withoutDefaults(path: KeyPath, value: Value): Value;
  /** Keys of an entry that the client writes by itself: they are not taken into the source. */
  readonly writtenInUse?: readonly string[];
  /** What every client says in one way; the client's own fragment wins over it, key by key. */
  readonly shared?: SharedFragment;
  /** What is wrong with one source file by itself: shape, unknown keys. An entry may be a part of one. */
  problems(fragment: Table): readonly FragmentProblem[];
  /** What is wrong with all source files of the target put together: what the client refuses to load. */
  problemsTogether(fragment: Table): readonly FragmentProblem[];
  /** What in the finished file would make the client refuse to load it. */
  refusals(values: Table): readonly string[];
  /** Which servers of the file the client leaves out of its sessions, or takes for one, because of their names. */
  readonly serverNames?: ServerNames;
  /**
   * Whether what stands at a path is for this machine only (trust, tips that were seen, folders): `init --from-runtime` does
   * not take it along. Absent: nothing is.
   */
  isLocal?(path: KeyPath): boolean;
  /** Of a JSON file that the client writes all the time: the only root keys by which anything is judged. Absent: all are. */
  readonly judgedBy?: readonly string[];
  /** What is left for a person to do once a unit was written, or removed from a file that stays; or undefined. */
  afterwards?(path: KeyPath, done: 'written' | 'removed'): NextStep | undefined;
}

/** What a client makes of the name of a server, if not what was meant. */
export interface NameProblem {
  readonly name: string;
  readonly severity?: 'warning';
  readonly message: string;
  readonly remedy: string;
}

/** Where a client's file has its servers, and what is wrong with their names. */
export interface ServerNames {
  readonly table: string;
  problems(names: readonly string[]): readonly NameProblem[];
}

/** Something that a client leaves to a person; of one code there is one per run. */
export interface NextStep {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** One mistake in a fragment, or a loss that a person should know of. */
export interface FragmentProblem {
  readonly code: string;
  /** Default: error, which stops the command. */
  readonly severity?: 'warning' | 'note';
  /** In the source file it is about. */
  readonly path: KeyPath;
  readonly message: string;
  readonly remedy: string;
  /** Of a translation: the key in the client's file that solves the problem where the client's own fragment sets it. */
  readonly solvedBy?: KeyPath;
}

/** A file below `clients/shared/` that says something for every client, and how this client says it. */
export interface SharedFragment {
  /** Below `clients/shared/`: `mcp.json`. */
  readonly source: string;
  readonly format: EditableFormat;
  /** What is wrong with one file by itself, whatever the client. An entry may be a part of one. */
  problems(values: Table): readonly FragmentProblem[];
  /** Whether the list at a path is a set, to which a layer adds; of other lists it replaces the whole. */
  isSet(path: KeyPath): boolean;
  /** Whether an entry of a layer is another thing than the one below it, so that their keys must not be mixed. */
  replaces(path: KeyPath, below: Table, above: Table): boolean;
  /** The values in the client's own spelling, all layers put together and tokens expanded. */
  translate(values: Table, helper: HeadersHelper): Translation;
  /** Where in the shared file that stands which the client's file has at `path`: as deep as it is known. */
  placeOf(path: KeyPath): KeyPath;
  /**
   * The way back, of one unit as the client's file holds it: in the shared spelling, or why it has none. What
   * `translate` makes of a value comes back as a value that it makes the same of.
   */
  untranslate(path: KeyPath, value: Value, helper: HeadersHelper): SharedValue | { readonly reason: string };
}

/** What a client gets of a shared file. */
export interface Translation {
  readonly values: Table;
  /** Errors, and warnings of what is lost; the paths are those of the shared file. */
  readonly problems: readonly FragmentProblem[];
}

/** A unit in the spelling of a shared file. */
export interface SharedValue {
  readonly path: KeyPath;
  readonly value: Value;
}

/** The command that prints the headers for a token of this machine, as a program and its arguments. */
export type HeadersHelper = (token: string, header: string | undefined) => readonly string[];

/** Files that are wholly ours, one source file each. */
export interface WholeFilesTarget {
  readonly kind: 'files';
  /** A folder below `clients/<name>/`. */
  readonly source: string;
  /** Which files of the folder, by ending; a file with another one is an error. */
  readonly extension: string;
  /** The runtime file for a source file, given its path below the folder. */
  file(relative: string): string;
  /**
   * The way back, where the files stand at the top of the client's home among others: the path below the folder, or
   * undefined for a file that is none of these.
   */
  relative?(file: string): string | undefined;
  /** The folder of the runtime that holds only such files, if there is one: what else is in it is listed as unmanaged. */
  readonly folder?: string;
  /** The name that the client knows a file by, given its text as deployed: of two files with one name it takes one. */
  nameOf?(text: string): string | undefined;
  /** What the client gets of the files in the folder of the same name below `clients/shared/`; absent: nothing. */
  readonly shared?: SharedFiles;
  readonly content: StructuredContent | TextContent;
}

/** Files of which the format is ours to judge; they hold no tokens. */
export interface StructuredContent {
  readonly kind: 'structured';
  /** The format the content must parse as. */
  readonly format: Format;
  problems(content: Table): readonly FragmentProblem[];
}

/** Texts, in which tokens are expanded. */
export interface TextContent {
  readonly kind: 'text';
  /** Of the text as it stands in the source; `relative` is its path below the folder. */
  problems(text: string, relative: string): readonly TextProblem[];
}

/** How a file that every client shares becomes this client's. */
export interface SharedFiles {
  /** By ending. */
  readonly extension: string;
  /** Given the path below the folder. */
  file(relative: string): string;
  /** A folder that must be ours or absent, relative to the client's home: of a file that becomes a skill. */
  folder?(relative: string): string;
  /** The client's text, made of the shared one with its tokens expanded; absent: the text as it is. */
  convert?(text: string, relative: string): Converted;
}

/** A text in another client's form. */
export interface Converted {
  /** The new text in pieces: what is taken from the old text as it stands says where it stood. */
  readonly pieces: readonly ConvertedPiece[];
  readonly problems: readonly TextProblem[];
  /** Files of the client that say the rest of it. */
  readonly beside?: readonly { readonly file: string; readonly text: string }[];
}

/** A piece of a converted text: written by the conversion, or taken over from `start` up to and without `end`. */
export type ConvertedPiece =
  | { readonly text: string }
  | { readonly start: number; readonly end: number; readonly quoted?: true };

/** Something a person should know about a text; the line is one-based. */
export interface TextProblem {
  readonly code: string;
  /** Default: error. */
  readonly severity?: 'warning' | 'note';
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
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
  /** Names at its top that the client owns: never listed, read or copied as if a person had put them there. */
  readonly owned?: readonly string[];
}

/** Skills as folders. */
export interface SkillsTarget {
  readonly kind: 'skills';
  readonly folder: string;
  /** Folders in there that the client owns: never read, never copied. */
  readonly owned: readonly string[];
  /** Folders outside its home that it reads skills from too, absolute: one of the same name is listed twice. */
  alsoRead?(environment: Environment): readonly string[];
}

/** Files of any kind that go to the same path in the client's home: the scripts of hooks, and what these need. */
export interface HomeFilesTarget {
  readonly kind: 'home-files';
  /** Names at the top of the home that the client itself writes or reads, in lower case, and endings of such names. */
  readonly owned: { readonly names: readonly string[]; readonly endings: readonly string[] };
}
