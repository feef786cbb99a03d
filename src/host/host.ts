import type { Disk } from './disk.ts';
import type { Question } from './kept/stat-cache.ts';
import type { Network } from './machine/network.ts';
import type { Programs } from './machine/programs.ts';
import type { ShowProgress } from './machine/progress-bar.ts';
import type { User } from './state/trust.ts';

/** Everything of the outside world that a command may use. `main.ts` builds the real one. */
export interface Host {
  readonly disk: Disk;
  /** The environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  readonly home: string;
  readonly workingDirectory: string;
  readonly platform: string;
  readonly terminal: Terminal;
  readonly process: Processes;
  readonly programs: Programs;
  readonly network: Network;
  /** The same where looking leaves no trace, for what follows from what was looked at already. Absent where nothing is traced. */
  readonly untraced?: Host;
  /** Says that what is found here may be otherwise next time though all that was looked at stays as it is: it is not kept then. */
  readonly spoil?: () => void;
  /** What this process was asked, as the next one may be: absent where answers are not kept. */
  readonly question?: Question;
  /** The folder of this machine for what is kept for a moment, absolute. */
  readonly temporaryFolder: string;
  /** Whether this process may make files in a folder that is there; absent where nobody can be asked. */
  mayWrite?(folder: string): boolean;
  now(): Date;
  /** A short random name, different each time. */
  uniqueName(): string;
  /** A new token: 32 random bytes as base64url. */
  newToken(): string;
  /** Stands still; in milliseconds. */
  pause(duration: number): void;
  /** Removes a folder with everything below; for our own folders only. */
  removeTree(path: string): Promise<void>;
}

/** This process among the others. */
export interface Processes {
  readonly id: number;
  /** Who runs it; absent on Windows, which has no such numbers. */
  readonly user?: User;
  /** How this program is started: the program that runs it, and the file it stands in. Absolute. */
  readonly started: readonly [program: string, file: string];
  /** The version of Node: `22.12.0`. */
  readonly node: string;
  /** The name of the machine: process numbers say nothing about another one. */
  readonly machine: string;
  /** When the machine was started: what is older cannot be running. */
  readonly booted: Date;
  isAlive(id: number): boolean;
}

/** One line of a list to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** Whether it is chosen from the start. */
  readonly marked: boolean;
}

/** Where a command speaks to a person. */
export interface Terminal {
  /** Whether standard output is a terminal, and whether a person can answer on standard input. */
  readonly showsColour: boolean;
  readonly isInteractive: boolean;
  out(text: string): void;
  error(text: string): void;
  readonly progress: ShowProgress;
  /** One line of answer, without the line end; undefined when the input ends. */
  ask(question: string): Promise<string | undefined>;
  /** Those of a list that a person marks; undefined when they leave it. Only where `isInteractive`. */
  chooseMany(question: string, choices: readonly Choice[]): Promise<readonly string[] | undefined>;
  /** All of the input; from a person one line, which is asked for and not shown. Undefined when the input ends. */
  readSecret(question: string): Promise<string | undefined>;
}
