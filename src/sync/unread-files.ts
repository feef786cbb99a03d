import type { Client, Target } from '../adapters/client.ts';
import { isDropping } from '../content/overlay.ts';
import type { Finding } from '../model/finding.ts';
import type { SourceTree } from '../model/source.ts';

/** The clients of a run, as far as their places in the source go. */
type Places = Pick<Client, 'name' | 'targets'>;

/**
 * Warnings for files that stand where the source of a client is looked for, but that nothing reads: a name spelled wrong
 * would else be silence.
 */
export function unreadFiles({ files, layers }: SourceTree, clients: readonly Places[]): Finding[] {
  const readers = new Map<string, readonly string[]>(
    clients.map(({ name, targets }) => [name, targets.flatMap(ownPlaces)]),
  );
  readers.set(
    'shared',
    clients.flatMap(({ targets }) => targets.flatMap(sharedPlaces)),
  );
  return files.flatMap(({ path }): Finding[] => {
    const layer = layers.findLast((one) => path.startsWith(`${one}/`));
    const [place = '', ...rest] = path.slice((layer?.length ?? 0) + 1).split('/');
    const read = readers.get(place);
    const relative = rest.join('/');
    if (layer === undefined || !read || relative === '' || isRead(relative, read)) return [];
    const message = `nothing reads "${relative}" in "${layer}/${place}", so it is not deployed`;
    const remedy = 'Correct its name or move it; docs/targets.md has every place.';
    return [{ code: 'unread-file', severity: 'warning', message, remedy, path, line: 1 }];
  });
}

function isRead(relative: string, places: readonly string[]): boolean {
  if (isDropping(relative) || /(?:^|\/)README\.md$/i.test(relative)) return true;
  return places.some((place) => relative === place || (place.endsWith('/') && relative.startsWith(place)));
}

/** What a client looks for in its own folder; a folder ends in `/`. */
function ownPlaces(target: Target): string[] {
  if (target.kind === 'memory') return ['memory/', 'vars.toml'];
  if (target.kind === 'skills') return ['skills/'];
  return target.kind === 'files' ? [`${target.source}/`] : [target.source];
}

/** What a client looks for in the folder of all. */
function sharedPlaces(target: Target): string[] {
  if (target.kind === 'files') return target.shared ? [`${target.source}/`] : [];
  if (target.kind === 'fragment') return target.shared ? [target.shared.source] : [];
  return ownPlaces(target);
}
