import type { Readable, Writable } from 'node:stream';

/** The streams of a process, as far as a terminal needs them. */
export interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly errors: Writable & { readonly isTTY?: boolean };
}
