import type { Finding } from '../model/finding.ts';
import type { ClientHome, Environment } from '../model/paths.ts';
import type { KeyPath, Table, Value } from '../model/value.ts';

/** What `doctor` has to know of one client. Everything is a description, or a judgement of what was read. */
export interface Checkup {
  /** Its program, as it is called on PATH; with `--version` it prints its version. */
  readonly program: string;
  /** The command that installs the program. */
  readonly install: string;
  /** How the program itself is asked whether it takes its files; absent: it cannot be asked. */
  readonly oracle?: Oracle;
  /** How it is asked to start its servers and to say which of them work; absent: it has no such command. */
  readonly startServers?: ServerStart;
  /** Variables, programs and addresses that its files rely on. */
  needs(files: FileValues, environment: Environment): readonly Need[];
  /** Files of its home that hold secrets whatever stands in them. */
  readonly secretFiles: readonly string[];
  /** Files, absolute, that decide what becomes of ours; of a folder, every file in it. */
  looksAt(home: ClientHome, platform: string): readonly string[];
  /** What keeps from the agent what we deploy, or changes it: the message says why that matters, the remedy the command. */
  hides(seen: Seen): readonly Finding[];
}

/** What a file of the home holds, by the name that its target uses; an absent one is empty. */
export type FileValues = (file: string) => Table;

/**
 * The questions to a client. It is asked on copies in a folder of its own, without the user's secrets, because a client
 * may write whenever it starts: Codex 0.169 does even for `--version`.
 */
export interface Oracle {
  /** The environment variable that moves its home to the copies. */
  readonly homeVariable: string;
  /** What else its environment needs. */
  readonly variables: Readonly<Record<string, string>>;
  /** The files that are copied; with `only`, nothing of one but this root key. */
  readonly files: readonly CopiedFile[];
  /** The words of each question. They are asked in this order until one is answered with exit code 0. */
  readonly questions: readonly (readonly string[])[];
  /** What the answers, in the order of the questions, say; undefined where they say nothing. */
  read(answers: readonly Answer[]): readonly Complaint[] | undefined;
}

/** How a client is asked to start its servers: on copies, too, but with the user's own environment and secrets. */
export interface ServerStart {
  readonly words: readonly string[];
  /** The servers that do not work, with what the client says of each. */
  read(answer: Answer): readonly { readonly server: string; readonly says: string }[];
}

export interface CopiedFile {
  readonly file: string;
  readonly only?: string;
  /** A table whose texts have no copy, because the client would take them into its own environment. */
  readonly without?: string;
}

/** What a program printed, and its exit code. */
export interface Answer {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** What a client has against one of its files. */
export interface Complaint {
  /** error: it does not load the file, or what stands there. warning: it ignores it and goes on. */
  readonly severity: 'error' | 'warning';
  /** As the client names it: a path in the folder of the copies, or of a file that was not copied. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  /** The key, where the client gives no line: its keys with dots between. */
  readonly key?: string;
  /** In the client's words. */
  readonly says: string;
}

/** Something outside that an entry of a client's file relies on. */
export interface Need {
  readonly kind: 'variable' | 'program' | 'script' | 'address';
  /** The variable, the program as it is called, the path of the script, or the URL. */
  readonly name: string;
  /** Where it is named. */
  readonly file: string;
  readonly path: KeyPath;
  /** Whose need it is: `server "team"`, `a hook of Stop`. */
  readonly by: string;
  /** Where a program is started, and the PATH that it is looked for on, if those are not the client's own. */
  readonly folder?: string;
  readonly search?: string;
}

/** What there is to judge of hiding. */
export interface Seen {
  readonly home: ClientHome;
  /** The home with its links followed. */
  readonly realHome: string;
  readonly environment: Environment;
  readonly platform: string;
  readonly files: FileValues;
  /** The texts of the files that `looksAt` names and that are there, by their absolute paths. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether a unit of ours stands, or is to stand, in this file or below this folder of the home. */
  deploys(name: string): boolean;
}

/** A finding that counts as a problem. */
export function warning(code: string, message: string, remedy: string, path?: string): Finding {
  return { code, severity: 'warning', message, remedy, ...(path === undefined ? {} : { path }) };
}

/** The string at a key, unless it is empty. */
export function textOf(table: Table, key: string): string | undefined {
  const value: Value | undefined = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
