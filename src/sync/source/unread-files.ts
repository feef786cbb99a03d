import type { Client, Target } from '../../adapters/client.ts';
import { isDropping } from '../../content/overlay.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';

/** A folder of the source and what is read in it. */
interface Place {
  readonly at: string;
  readonly known: ReadonlySet<string>;
  /** Absent: whatever is not known is told. */
  readonly told?: ReadonlySet<string>;
}

/**
 * A warning for each file or folder beside those that are read, in `shared/`, in the folders of the clients and in a layer of
 * the repository: what is spelled wrong would be left out without a word. Names that start with a dot, and a README, are
 * for people.
 */
export function unreadFiles(tree: SourceTree, clients: readonly Client[]): Finding[] {
  const shared = new Set(clients.flatMap(({ targets }) => ['vars.toml', ...targets.flatMap(sharedNames)]));
  const folders = [
    { name: 'shared', known: shared },
    ...clients.map(({ name, targets }) => ({ name, known: new Set(['vars.toml', ...targets.flatMap(ownNames)]) })),
  ];
  const inner = tree.layers.flatMap((layer) => folders.map(({ name, known }) => ({ at: `${layer}/${name}/`, known })));
  const places: Place[] = [...inner, ...layerPlaces(tree, new Set(folders.map(({ name }) => name)), shared)];
  const found = new Map<string, Finding>();
  for (const { path } of tree.files) {
    const place = places.find(({ at }) => path.startsWith(at));
    const name = place && (path.slice(place.at.length).split('/')[0] as string);
    if (!place || !name || isRead(place, name) || isDropping(name) || /^(?:\.|README)/i.test(name)) continue;
    found.set(`${place.at}${name}`, unread(`${place.at}${name}`, name, [...place.known]));
  }
  return [...found.values()];
}

/** The layers themselves, the innermost first. Outside the repository, and beside the layers, people may keep what they like. */
function layerPlaces({ layers }: SourceTree, folders: ReadonlySet<string>, shared: ReadonlySet<string>): Place[] {
  const [base, ...above] = layers;
  const own = above.filter((layer) => layer.startsWith(`${base}/`)).sort((a, b) => b.length - a.length);
  const places = own.map((layer): Place => ({ at: `${layer}/`, known: new Set([...folders, 'layer.toml']) }));
  const known = new Set([...folders, 'machines', 'people']);
  return [...places, { at: `${base}/`, known, told: new Set([...shared, 'layer.toml']) }];
}

function isRead({ known, told }: Place, name: string): boolean {
  return told ? !told.has(name) : known.has(name);
}

function unread(path: string, name: string, known: readonly string[]): Finding {
  const remedy = `Give it one of these names, move it into one of them, or away: ${[...known].sort().join(', ')}.`;
  const message = `nothing here is called ${JSON.stringify(name)}, so no client gets anything from it`;
  return { code: 'unread-source', severity: 'warning', message, remedy, path };
}

/** The names in a client's own folder. */
function ownNames(target: Target): string[] {
  if (target.kind === 'memory' || target.kind === 'skills') return [target.kind];
  if (target.kind === 'home-files') return ['files'];
  return [target.source.split('/')[0] as string];
}

function sharedNames(target: Target): string[] {
  if (target.kind === 'fragment' || target.kind === 'files') {
    if (!target.shared) return [];
    return ['source' in target.shared ? target.shared.source : target.source];
  }
  return ownNames(target);
}
