export type Severity = 'error' | 'warning' | 'note';

/** Something to tell the user: what, where, and what to do now. */
export interface Finding {
  /** A stable name for scripts, such as `unknown-token`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: what is wrong, with the offending name quoted. */
  readonly message: string;
  /** One sentence: what to do now. */
  readonly remedy: string;
  /** The file, absolute or relative to the repository. */
  readonly path?: string;
  /** One-based. */
  readonly line?: number;
  /** One-based. */
  readonly column?: number;
}

/** A finding that stops the command. */
export function problem(code: string, message: string, remedy: string, at: Partial<Place> = {}): Finding {
  return { code, severity: 'error', message, remedy, ...at };
}

/** Where in a file something is: path as the user knows it, line and column one-based. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}
