import { dirname, join } from 'node:path';
import { foldersAbove, parentsOf } from '../../model/paths.ts';
import type { Mode } from './choose-action.ts';
import { type ClientState, runtimePath } from './client-state.ts';
import type { DecidedUnit } from './decided-unit.ts';

/** Folders a plan creates and may remove, as absolute paths, and those that stay recorded as ours. */
export interface FolderChanges {
  readonly make: readonly string[];
  readonly remove: readonly string[];
  readonly recorded: readonly string[];
}

/** Which folders come and go with the files of a plan. */
export function folderChanges(state: ClientState, units: readonly DecidedUnit[], mode: Mode): FolderChanges {
  const written = filesWith(units, ['create', 'update']);
  const inHome = (file: string) => state.home.elsewhere[file] === undefined;
  const make = [...new Set(written.filter(inHome).flatMap(parentsOf))].filter((dir) => !state.runtime.folders.has(dir));
  const old = [...new Set([...(state.record?.folders ?? []), ...(state.glue?.folders ?? [])])];
  const empty = emptiedFolders(state, units, mode);
  const remove = old.filter((folder) => empty(folder) && !make.includes(folder)).sort(deepestFirst);
  const outside = written.filter((file) => !inHome(file)).map((file) => dirname(runtimePath(state.home, file)));
  return {
    make: [...outside, ...make.sort().map((folder) => absolute(state, folder))],
    remove: remove.map((folder) => absolute(state, folder)),
    recorded:
      mode === 'remove-only' ? [] : [...new Set([...old, ...make])].filter((dir) => !remove.includes(dir)).sort(),
  };
}

/** Whether nothing will stand in a folder any more, as far as can be seen; apply removes only what is really empty. */
function emptiedFolders(state: ClientState, units: readonly DecidedUnit[], mode: Mode): (folder: string) => boolean {
  if (mode === 'remove-only') return () => true;
  const gone = new Set(filesWith(units, ['remove']));
  const staying = [...state.runtime.listings.values()].flat().filter((file) => !gone.has(file));
  const held = foldersAbove([...staying, ...filesWith(units, ['create', 'update', 'none', 'record'])]);
  return (folder) => folder !== '.' && !held.has(folder);
}

function filesWith(units: readonly DecidedUnit[], actions: readonly string[]): string[] {
  const files = units.filter(({ action }) => actions.includes(action)).map(({ merged }) => merged.unit.file);
  return [...new Set(files)];
}

function absolute({ home }: ClientState, folder: string): string {
  return join(home.root, folder);
}

function deepestFirst(a: string, b: string): number {
  if (a === '.' || b === '.') return a === '.' ? 1 : -1;
  return b.split('/').length - a.split('/').length || a.localeCompare(b);
}
