import { join } from 'node:path';
import { digestOf } from '../model/digest.ts';
import { type Finding, problem } from '../model/finding.ts';
import { parentsOf } from '../model/paths.ts';
import { type FileWrite, type Plan, type PlannedUnit, sideOf } from '../model/plan.ts';
import type { RuntimeFile } from '../model/runtime.ts';
import type { InspectionCopy } from './inspection.ts';

/** Where one client's inspection copy goes, and what stands there. */
export interface CopyRequest {
  readonly client: string;
  /** Absolute. */
  readonly folder: string;
  readonly copy: InspectionCopy;
  readonly present: ReadonlyMap<string, RuntimeFile>;
}

const newFileMode = 0o644;

/** The plan that makes each folder hold exactly its copy. A file that is there with the same bytes is not touched. */
export function planCopies(requests: readonly CopyRequest[], units: readonly PlannedUnit[]): Plan {
  return {
    ...{ command: 'pull-runtime', units, findings: [], records: [] },
    writes: requests.flatMap(writesOf),
    makeFolders: requests.flatMap(({ folder, copy }) => foldersOf(folder, [...copy.keys()])),
    removeFolders: requests.flatMap(({ folder, copy, present }) => {
      const stale = [...present.keys()].filter((name) => !copy.has(name));
      return foldersOf(folder, stale).reverse();
    }),
  };
}

/** What would be copied outside the folder, because a link stands in it. */
export function linkedCopies(folder: string, links: readonly string[]): Finding[] {
  return links.map((name) => {
    const path = join(folder, name);
    const message = 'a symlink stands where the inspection copy goes; it is written to real folders only';
    return problem('linked-copy', message, 'Remove the link, then pull again.', { path });
  });
}

function writesOf({ client, folder, copy, present }: CopyRequest): FileWrite[] {
  const names = [...new Set([...copy.keys(), ...present.keys()])].sort();
  return names.flatMap((name): FileWrite[] => {
    const [old, content] = [present.get(name), copy.get(name)];
    const before = sideOf(old);
    if (before && content && before.digest === digestOf(content)) return [];
    const after = content ? { content, mode: before?.mode ?? newFileMode } : null;
    return [{ client, file: `pulled/${name}`, path: join(folder, name), before, after }];
  });
}

/** Parents first. */
function foldersOf(folder: string, names: readonly string[]): string[] {
  const below = [...new Set(names.flatMap(parentsOf))].sort((a, b) => a.split('/').length - b.split('/').length);
  return below.map((name) => join(folder, name));
}
