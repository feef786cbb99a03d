/** Something that deploying a unit lets an agent, a client or another program do, so that a person should see it first. */
export interface Power {
  /** What kind it is, in a few words: `MCP server`, `hook`, `environment variable`. */
  readonly what: string;
  /** What it does, as one row: the command, the address, the variables it gets. Not escaped yet. */
  readonly does: string;
  /** Set when it lies there until the user names it, such as a profile: it is shown and needs no answer. */
  readonly waits?: true;
  /** Set when it does what the whole file says, so that with another content it is another power. */
  readonly wholeFile?: true;
  /** Set where it sends a token of this machine. */
  readonly token?: SentToken;
}

/** A token of this machine that goes to a server. */
export interface SentToken {
  readonly name: string;
  /** The URL of the server, as it is written. */
  readonly url: string;
  /** The line that prints the headers. */
  readonly by: string;
}

/** Something that held an agent back and goes, or gets weaker. */
export interface Guard {
  readonly what: string;
  readonly does: string;
}

/** A text that two powers have in common where they are one and the same for the person who is asked. */
export function powerKey({ what, does }: Power): string {
  return `${what}\0${does}`;
}

/** Whether two powers are one and the same for the person who is asked. */
export function samePower(a: Power, b: Power): boolean {
  return a.what === b.what && a.does === b.does;
}
