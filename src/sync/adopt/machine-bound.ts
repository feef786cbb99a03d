import { isAbsolute } from 'node:path';
import { machinePathsIn } from '../../content/files/machine-paths.ts';
import type { SourceTree } from '../../model/source.ts';
import type { Value } from '../../model/value.ts';
import type { AdoptClient, Candidate } from './candidates.ts';
import { type SourceChange, textOf } from './change.ts';
import { liftManaged } from './lift.ts';

/**
 * Whether a candidate would bring a value into the source that names a path which only this machine has, such as
 * that of a program which an app put around `notify`. What goes into a layer of the machine, or outside the repository, may.
 */
export function machineBound(tree: SourceTree, clients: readonly AdoptClient[]): (candidate: Candidate) => boolean {
  const homes = clients.map(({ state }) => state.home.root);
  return (candidate) => {
    if (candidate.kind === 'unmanaged') return false;
    const lifted = liftManaged(candidate);
    return 'changes' in lifted && lifted.changes.some((change) => bringsPath(tree, change, homes));
  };
}

function bringsPath(tree: SourceTree, { path, edit }: SourceChange, homes: readonly string[]): boolean {
  if (edit.kind !== 'values' || path.startsWith('clients/machines/') || isAbsolute(path)) return false;
  const old = textOf(tree.files.find((file) => file.path === path));
  const texts = [...edit.set, ...edit.append].flatMap(({ value }) => textsIn(value));
  return texts.some((text) => machinePathsIn(text, homes).some((found) => !old.includes(found)));
}

function textsIn(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(textsIn);
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((item) => textsIn(item as Value))
    : [];
}
