import type { Client, HomeFilesTarget, Target } from '../../adapters/client.ts';

/**
 * Why a file of `files/` cannot stand at a path of the client's home: another part of the source fills the place, or the
 * client itself does. Paths that are one on some disk count as one: case, Unicode forms, characters that are not seen, and
 * the short names of Windows.
 */
export function takenPlace(client: Client, files: HomeFilesTarget, relative: string): string | undefined {
  if (/~\d+(?:\.|\/|$)/.test(relative)) return 'Windows gives such short names to other files';
  const path = folded(relative);
  const other = client.targets.find((target) => isPlaceOf(target, path));
  if (other) return `${placeName(other)} is filled from ${sourceName(other)}`;
  const [top = ''] = path.split('/');
  const isOwned = files.owned.names.includes(top) || files.owned.endings.some((ending) => top.endsWith(ending));
  return isOwned ? `${client.title} keeps "${top}" for itself` : undefined;
}

/** Whether a file of the home comes from `files/`: none of the other targets has a place for it. */
export function isHomeFile(client: Client, file: string): boolean {
  const files = homeFilesOf(client);
  return files !== undefined && !client.targets.some((target) => isPlaceOf(target, folded(file)));
}

/** The target for files of any kind, if the client has one. */
export function homeFilesOf(client: Client): HomeFilesTarget | undefined {
  return client.targets.find((target) => target.kind === 'home-files');
}

function isPlaceOf(target: Target, path: string): boolean {
  switch (target.kind) {
    case 'fragment':
      return isAtOrBelow(path, target.file) || isAtOrBelow(path, target.file + (target.lockSuffix ?? ''));
    case 'instructions':
      return isAtOrBelow(path, target.file);
    case 'files':
      if (target.folder !== undefined && isAtOrBelow(path, target.folder)) return true;
      return target.relative?.(path.split('/')[0] as string) !== undefined;
    case 'memory':
    case 'skills':
      return isAtOrBelow(path, target.folder);
    case 'home-files':
      return false;
  }
}

function isAtOrBelow(path: string, place: string): boolean {
  const own = folded(place);
  return path === own || path.startsWith(`${own}/`);
}

function folded(path: string): string {
  const seen = path.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  return seen.toUpperCase().toLowerCase();
}

function placeName(target: Target): string {
  if ('file' in target && typeof target.file === 'string') return `"${target.file}"`;
  return 'folder' in target && target.folder !== undefined ? `the folder "${target.folder}"` : 'such a file';
}

function sourceName(target: Target): string {
  if (target.kind === 'memory' || target.kind === 'skills') return `"${target.kind}"`;
  return 'source' in target ? `"${target.source}"` : 'elsewhere';
}
