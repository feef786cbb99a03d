import type { KeyPath } from '../model/value.ts';

/** Where in a shared entry that stands which a client has under a key; `*` is what follows the key. */
export type ServerPlaces = Readonly<Record<string, KeyPath>>;

/** The place in the shared file of what stands at `path` in a client's file, as deep as it is known. */
export function sharedPlace(path: KeyPath, root: string, places: ServerPlaces): KeyPath {
  const [first, name, key, ...rest] = path;
  if (first !== root) return [];
  if (name === undefined) return ['mcpServers'];
  const known = [[key, ...rest].join('.'), key].find((each) => each !== undefined && Object.hasOwn(places, each));
  const whole = known === undefined ? [] : (places[known] as KeyPath);
  return ['mcpServers', name, ...whole.flatMap((part) => (part === '*' ? rest : [part]))];
}
