import { hash } from 'node:crypto';
import { canonical, type Value } from './value.ts';

/** SHA-256 of bytes or of a text's UTF-8, in hex. */
export function digestOf(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex');
}

/** The digest under which a value stands in the record: that of its canonical text. */
export function digestOfValue(value: Value): string {
  return digestOf(canonical(value));
}

const membersOfLists = new WeakMap<readonly Value[], ReadonlyMap<string, readonly number[]>>();

/** Where the members of a list stand, by `digestOfValue`. Each list is looked through once, so it must not change any more. */
export function membersByDigest(list: readonly Value[]): ReadonlyMap<string, readonly number[]> {
  const known = membersOfLists.get(list);
  if (known) return known;
  const members = new Map<string, number[]>();
  for (const [index, item] of list.entries()) {
    const digest = digestOfValue(item);
    const same = members.get(digest);
    if (same) same.push(index);
    else members.set(digest, [index]);
  }
  membersOfLists.set(list, members);
  return members;
}

const digestsOfContents = new WeakMap<Uint8Array, string>();

/** The digest of a whole file as a unit: its bytes, which must not change any more, and its exec bit. */
export function digestOfFile(content: Uint8Array, executable: boolean): string {
  // Clients that get the same file get the same bytes.
  const digest = digestsOfContents.get(content) ?? digestOf(content);
  digestsOfContents.set(content, digest);
  return `${executable ? 'x' : '-'}${digest}`;
}
