import { dirname, join, parse, resolve, sep } from 'node:path';
import type { NodeStatus, ReadableDisk } from '../disk.ts';

/** A node that a path is reached through: a real path, or a link on the way. */
export interface Passed {
  readonly path: string;
  readonly status: NodeStatus;
}

/**
 * Every node that an absolute path is reached through, from the top down: each folder, each link, and the folders that the link
 * leads through. It ends where nothing stands. Throws what the disk throws, and ELOOP for more than 40 links.
 */
export function wayTo(disk: Pick<ReadableDisk, 'linkStatus' | 'readLink'>, path: string): Passed[] {
  const passed = new Map<string, NodeStatus>();
  let [at, rest] = startOf(path);
  for (let links = 0; ; ) {
    const status = passed.get(at) ?? disk.linkStatus(at);
    if (!status) break;
    passed.set(at, status);
    if (status.kind === 'link') {
      links += 1;
      if (links > 40) throw Object.assign(new Error(`too many links at ${path}`), { code: 'ELOOP', path });
      [at, rest] = startOf(join(resolve(dirname(at), disk.readLink(at)), ...rest));
      continue;
    }
    const [name, ...below] = rest;
    if (name === undefined) break;
    [at, rest] = [join(at, name), below];
  }
  return [...passed].map(([each, status]) => ({ path: each, status }));
}

function startOf(path: string): [at: string, rest: string[]] {
  const { root } = parse(path);
  return [
    root,
    path
      .slice(root.length)
      .split(sep)
      .filter((name) => name !== ''),
  ];
}
