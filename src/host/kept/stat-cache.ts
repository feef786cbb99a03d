import { isUtf8 } from 'node:buffer';
import { isAbsolute, join } from 'node:path';
import type { Disk, NodeStatus, ReadableDisk } from '../disk.ts';
import { distrusted, isOwnFile, type User } from '../state/trust.ts';
import { errorCode } from '../system-error.ts';

/** What is asked: two that are equal get the same answer as long as nothing changed that the answer was made from. */
export interface Question {
  readonly words: readonly string[];
  /** Empty where it is of no matter: see `isAnywhere`. */
  readonly workingDirectory: string;
  readonly home: string;
  /** Who hears the answer: whether input and output may be terminals, and how colours are wanted there. */
  readonly terminal: readonly [input: boolean, output: boolean, noColour: string, type: string];
  /** What answers: its version, that of Node, how it was started, and the state of the file it stands in. A folder may be moved. */
  readonly program: readonly [syncline: string, node: string, started: string, file: string, state: Signature | null];
}

/** What a command said, and its exit code. */
export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

/** What shows that a node is as it was. Of a folder what is in it is compared, not its times. */
export type Signature = readonly [kind: string, mode: number, ...rest: number[]];

/** What of a path went into an answer: each way in which it was looked at, and what was there. */
export interface Seen {
  link?: Signature | null;
  node?: Signature | null;
  real?: string;
  target?: string;
  /** The names in a folder, with their kinds. */
  names?: string;
  /** The content was read. The digest stands for it where the times cannot: see `trustedAfter`. */
  content?: true | string;
  /** Of a file that its client writes all the time: the root keys that count, and the digest of what they hold. */
  members?: readonly [keys: readonly string[], digest: string];
  /** Calls that failed, with the code of the error. */
  failed?: Partial<Record<keyof ReadableDisk, string>>;
}

/** One file of the cache. */
export interface CacheEntry {
  readonly question: Question;
  readonly answer: Answer;
  readonly paths: readonly (readonly [path: string, seen: Seen])[];
  /** By name; the digest of the value, null where it was not set. */
  readonly variables: readonly (readonly [name: string, digest: string | null])[];
}

/** What an answer is looked up with. */
export interface Recaller {
  readonly disk: ReadableDisk & Pick<Disk, 'writeLoose'>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Loaded only where it is needed. */
  digest(): Promise<(content: string | Uint8Array) => string>;
  /** The root members of these names in a JSON file, as they are spelled; undefined for what is no such file. */
  members(text: string, keys: readonly string[]): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Who may have kept an answer; absent where files have no owners. */
  readonly user?: User;
}

/**
 * The times of a file tell nothing when it was read within the same tick of its disk's clock in which it may be written
 * again (git calls that racy). The coarsest clock in use, FAT's, ticks every two seconds. In milliseconds.
 */
export const trustedAfter = 2_000;

/** Where the answer to a question is kept. Two questions may share a file: the question stands in it. */
export function cachePath(folder: string, { words, workingDirectory, terminal }: Question): string {
  const text = JSON.stringify([words, workingDirectory, terminal]);
  return join(folder, `${hashOf(text, 0x811c9dc5)}${hashOf(text, 0x1b873593)}.json`);
}

/** Whether this is the name of a file in which an answer is kept. */
export function isAnswer(name: string): boolean {
  return /^[0-9a-f]{16}\.json$/.test(name);
}

/** FNV-1a: only a name is made of it, and loading a real digest takes longer than all the rest. */
function hashOf(text: string, start: number): string {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Whether an answer is the same from every working directory: the repository is named by its whole path, and so is each folder
 * that an option or a variable names. A session check is asked in every project of a person.
 */
export function isAnywhere(repository: string | undefined, others: readonly (string | undefined)[]): boolean {
  return repository !== undefined && [repository, ...others].every((path) => path === undefined || isAbsolute(path));
}

/**
 * The answer given before to the same question, if nothing that it was made from has changed; undefined otherwise, and
 * where anything is odd: then all is read again.
 */
export async function recall(folder: string, question: Question, recaller: Recaller): Promise<Answer | undefined> {
  try {
    const path = cachePath(folder, question);
    const { user, disk } = recaller;
    // Whoever can put an answer here could have this command say whatever they like.
    if (user && (distrusted(disk, user, folder) || !isOwnFile(disk, user, path))) return undefined;
    const entry = JSON.parse(textOf(recaller.disk.readFile(path))) as CacheEntry;
    if (JSON.stringify(entry.question) !== JSON.stringify(question)) return undefined;
    if (!(await isAllAsItWas(entry, recaller))) return undefined;
    keepTrusted(path, entry, recaller);
    return entry.answer;
  } catch {
    return undefined;
  }
}

async function isAllAsItWas({ paths, variables }: CacheEntry, recaller: Recaller): Promise<boolean> {
  for (const [path, seen] of paths) {
    const changed = !isAsItWas(path, seen, recaller.disk);
    if (changed && !(seen.members && (await holdsTheSame(path, seen, recaller)))) return false;
    if (changed || typeof seen.content !== 'string') continue;
    if ((await recaller.digest())(recaller.disk.readFile(path)) !== seen.content) return false;
  }
  for (const [name, digest] of variables) {
    const value = recaller.variables[name];
    if ((value === undefined ? null : (await recaller.digest())(value)) !== digest) return false;
  }
  return true;
}

/** Looks at a path in each way in which it was looked at before. */
function isAsItWas(path: string, seen: Seen, disk: ReadableDisk): boolean {
  const { link, node, real, target, names, failed } = seen;
  for (const call in failed)
    if (codeOf(() => disk[call as keyof ReadableDisk](path)) !== failed[call as 'list']) return false;
  const status = link === undefined ? undefined : disk.linkStatus(path);
  if (link !== undefined && !isSame(link, status)) return false;
  // What is no link is what a link would lead to.
  const isLink = link === undefined || status?.kind === 'link';
  if (node !== undefined && !isSame(node, isLink ? disk.status(path) : status)) return false;
  if (target !== undefined && disk.readLink(path) !== target) return false;
  if (real !== undefined && disk.realPath(path) !== real) return false;
  return names === undefined || namesOf(disk.list(path)) === names;
}

/** Whether a file that was written again is of the same kind and mode, and holds the same where it counts. */
async function holdsTheSame(
  path: string,
  { link, node, members, ...rest }: Seen,
  recaller: Recaller,
): Promise<boolean> {
  const { disk } = recaller;
  if (!isAsItWas(path, rest, disk)) return false;
  const isAlike = (old: Signature | null | undefined, now: NodeStatus | undefined) =>
    old === undefined || (old !== null && now !== undefined && old[0] === now.kind && old[1] === now.mode);
  if (!members || !isAlike(link, disk.linkStatus(path)) || !isAlike(node, disk.status(path))) return false;
  const held = recaller.members(textOf(disk.readFile(path)), members[0]);
  return held !== undefined && (await recaller.digest())(held) === members[1];
}

/** Throws for what is not UTF-8. A byte order mark stays: it is told apart. */
export function textOf(bytes: Uint8Array): string {
  // Of 20 MB that are not all ASCII, a strict decoder takes several times as long.
  if (!isUtf8(bytes)) throw new TypeError('not UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** What was too new to be told apart by its times, and is old enough by now, need not be read next time. */
function keepTrusted(path: string, entry: CacheEntry, { disk, now }: Recaller): void {
  const until = now() - trustedAfter;
  let trusted = false;
  for (const [, seen] of entry.paths) {
    if (typeof seen.content !== 'string' || newest(seen) >= until) continue;
    seen.content = true;
    trusted = true;
  }
  try {
    if (trusted) disk.writeLoose(path, new TextEncoder().encode(JSON.stringify(entry)), 0o600);
  } catch {
    // Where nothing may be written, as in the sandbox of a client, the answer is as good.
  }
}

/** When a file was changed last, as far as it was seen; in milliseconds since 1970. */
export function newest({ link, node }: Seen): number {
  return Math.max(...[link, node].map((signature) => Math.max(...(signature?.slice(4) ?? [0]).map(Number))));
}

/** The signature of a node; null where nothing stands. */
export function signatureOf(status: NodeStatus | undefined): Signature | null {
  if (!status) return null;
  const { kind, mode, size, inode, modified, changed } = status;
  return kind === 'folder' ? [kind, mode] : [kind, mode, size, inode, modified, changed];
}

function isSame(old: Signature | null, status: NodeStatus | undefined): boolean {
  const now = signatureOf(status);
  if (old === null || now === null) return old === now;
  return old.length === now.length && old.every((part, index) => part === now[index]);
}

/** The names of a folder as one text. */
export function namesOf(entries: ReturnType<ReadableDisk['list']>): string {
  return entries
    .map(({ name, kind }) => `${kind} ${name}`)
    .sort()
    .join('\0');
}

/** What is kept of an error: its code. */
export function failureOf(error: unknown): string {
  return errorCode(error) ?? 'unknown';
}

/** The code of the error that a call throws; undefined when it throws none. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}
