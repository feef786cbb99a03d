/** One program that is measured: a row of the table. */
export interface Program {
  readonly name: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Done before each run, and not measured: what people or clients do between two runs. */
  readonly before?: () => void;
  /** The exit code without which the run counts for nothing; 0 if not said. */
  readonly code?: number;
  /** What this program does not do, or does besides. */
  readonly note?: string;
}

/** What a program took. */
export interface Measured {
  readonly name: string;
  /** Milliseconds of each round. */
  readonly times: readonly number[];
  /** The most memory it held, in MB; absent where this machine cannot tell. */
  readonly memory?: number;
  readonly note?: string;
}

/** Something that is promised of what was measured. */
export interface Goal {
  readonly name: string;
  /** The rows it is made of; without one of them it is not judged. */
  readonly rows: readonly string[];
  readonly limit: number;
  readonly unit: '×' | 'ms';
  /** One value of each round, or a single one. */
  readonly values: (rows: readonly Measured[]) => readonly number[];
}

/** Programs that run in turns on the same data. */
export interface Group {
  readonly name: string;
  readonly title: string;
  /** What the programs find. */
  readonly data: string;
  readonly programs: readonly Program[];
  readonly goals: readonly Goal[];
  /** How long the group may be measured. */
  readonly seconds: number;
  /** Makes the data. */
  readonly prepare: () => void;
}

/** What all groups are made from. */
export interface Bench {
  /** A new folder for the data. */
  readonly folder: string;
  /** Where tools of others are installed, and stay. */
  readonly tools: string;
  /** The built Syncline. */
  readonly bin: string;
  /** Whether check-sync has an option that reads everything. */
  readonly canReadAll: boolean;
  /** The script of a baseline. */
  readonly baseline: (name: BaselineName) => string;
  readonly sizes: Sizes;
}

export const baselineNames = [
  ...(['empty', 'read-and-hash', 'read-and-parse', 'write-and-sync'] as const),
  ...(['parse-json', 'parse-toml', 'parse-toml-iarna'] as const),
] as const;
export type BaselineName = (typeof baselineNames)[number];

/** How large the large data is. */
export interface Sizes {
  readonly skillFiles: number;
  readonly jsonBytes: number;
  readonly tomlBytes: number;
  /** Skills that are put into homes and taken out again. */
  readonly skills: number;
  /** How much of the large sources is made, up to 1. */
  readonly share: number;
  /** Numbers of files, for the growth. */
  readonly series: readonly number[];
}
