import { createHash } from 'node:crypto';
import { canonical, type Value } from './value.ts';

/** SHA-256 of bytes or of a text's UTF-8, in hex. */
export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The digest under which a value stands in the record: that of its canonical text. */
export function digestOfValue(value: Value): string {
  return digestOf(canonical(value));
}

/** The digest of a whole file as a unit: its bytes and its exec bit. */
export function digestOfFile(content: Uint8Array, executable: boolean): string {
  return `${executable ? 'x' : '-'}${digestOf(content)}`;
}
