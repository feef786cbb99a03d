import { join } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import type { Host } from '../host.ts';
import type { StatePaths } from '../state/state-directory.ts';
import {
  type CacheEntry,
  cachePath,
  isAnswer,
  newest,
  type Question,
  type Recaller,
  type Seen,
  textOf,
  trustedAfter,
} from './stat-cache.ts';
import type { Trace } from './tracing.ts';

/** How many answers are kept: for each folder, home and way to ask that is in use. */
const mostAnswers = 32;

/** A file of which only some root keys count. */
export interface Counted {
  readonly path: string;
  readonly keys: readonly string[];
}

/** What only the other rooms know. */
export interface Judged extends Pick<Recaller, 'members'> {
  readonly counted: readonly Counted[];
  /** Whether a text holds no secret: a name on the disk may be one. */
  isTellable(text: string): boolean;
}

/**
 * Keeps an answer with what it was made from, for `recall`. What it looked at may be written again at any time, in the very
 * moment too: then the answer is kept, and never fits. That nothing can be kept (a full disk, a folder of somebody else) is no failure.
 */
export function remember(
  { disk, now }: Pick<Host, 'disk' | 'now'>,
  { cache: folder, records }: Pick<StatePaths, 'cache' | 'records'>,
  { question, exitCode, trace }: { readonly question: Question; readonly exitCode: number; readonly trace: Trace },
  { counted, members, isTellable }: Judged,
): void {
  if (trace.spoiled || trace.began > now().getTime()) return;
  try {
    // Where nothing was deployed yet there is no folder of ours, and a look makes none.
    if (!disk.status(records)) return;
    for (const [path, seen] of trace.paths) {
      const bytes = trace.contents.get(path);
      if (bytes) Object.assign(seen, contentOf(seen, bytes, trace.began), membersOf(path, bytes, counted, members));
    }
    const variables = [...trace.variables].map(
      ([name, value]) => [name, value === undefined ? null : digestOf(value)] as const,
    );
    const answer = { out: trace.out, err: trace.err, exitCode };
    const entry: CacheEntry = { question, answer, paths: [...trace.paths], variables };
    if (!disk.status(folder)) disk.makeFolders(folder, 0o700);
    forgetOldest(disk, folder);
    if (isTellable(namesIn(entry)))
      disk.writeLoose(cachePath(folder, question), Buffer.from(JSON.stringify(entry)), 0o600);
  } catch {
    // The next run reads everything, as this one did.
  }
}

/** Every name on the disk that stands in an entry, a line each: of a skill's folder, of a file. */
function namesIn({ paths }: CacheEntry): string {
  const names = new Set<string>();
  for (const [path, { names: listed, real, target }] of paths) {
    for (const text of [path, real, target]) for (const name of text?.split('/') ?? []) names.add(name);
    for (const name of listed?.split('\0') ?? []) names.add(name);
  }
  return [...names].join('\n');
}

function contentOf(seen: Seen, bytes: Uint8Array, began: number): Pick<Seen, 'content'> {
  return newest(seen) < began - trustedAfter ? {} : { content: digestOf(bytes) };
}

function membersOf(
  path: string,
  bytes: Uint8Array,
  counted: readonly Counted[],
  members: Recaller['members'],
): Pick<Seen, 'members'> {
  const keys = counted.find((each) => each.path === path)?.keys;
  const held = keys && members(textOf(bytes), keys);
  return keys && held !== undefined ? { members: [keys, digestOf(held)] } : {};
}

function forgetOldest(disk: Host['disk'], folder: string): void {
  // The folder may be a link to one with files of somebody else.
  const answers = disk.list(folder).filter(({ name }) => isAnswer(name));
  const names = answers.map(({ name }) => join(folder, name));
  if (names.length < mostAnswers) return;
  const byAge = names.sort((a, b) => (disk.status(a)?.modified ?? 0) - (disk.status(b)?.modified ?? 0));
  for (const path of byAge.slice(0, mostAnswers / 2)) disk.unlink(path);
}
