import { once } from './memo/once.ts';
import type { KeyPath } from './value.ts';

/** Paths of which it is asked for many others how they stand to them. */
export interface PathSet {
  /** Whether a path is one of these, or below one. */
  covers(path: KeyPath): boolean;
  /** Whether a path is one of these, or above one. */
  reaches(path: KeyPath): boolean;
}

/** A set of paths: how long an answer takes does not depend on how many there are. */
export function pathSet(paths: readonly KeyPath[]): PathSet {
  const own = once(() => new Set(paths.map((path) => JSON.stringify(path))));
  const above = once(() => new Set(paths.flatMap(upTo)));
  return {
    covers: (path) => upTo(path).some((key) => own().has(key)),
    reaches: (path) => above().has(JSON.stringify(path)),
  };
}

/** A path and all above it, as texts. */
function upTo(path: KeyPath): string[] {
  return Array.from({ length: path.length + 1 }, (_, depth) => JSON.stringify(path.slice(0, depth)));
}
