import { unsafeName } from '../../content/names.ts';
import { decodeText, isBinary } from '../../content/text.ts';
import type { Finding } from '../../model/finding.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import { unitId } from '../../model/unit.ts';
import { leavesOf } from '../../model/value.ts';
import { placesOfFile } from '../adopt/lift-unmanaged.ts';
import type { ClientState } from '../plan/client-state.ts';
import { homeFilesOf, isHomeFile, takenPlace } from '../plan/taken-places.ts';
import type { Find } from './find.ts';
import type { FreeHome, TopEntry } from './free-home.ts';
import { bytesWithHomeToken } from './home-token.ts';
import { type NamingText, namesPlace, textsIn } from './naming.ts';

/** Those names at the top of a home that a person may have made: no target has them, and the client does not keep them. */
export function freeNames({ client }: ClientState, names: readonly string[]): string[] {
  const target = homeFilesOf(client);
  // A short name of Windows is taken by nobody here, and is refused like any unsafe one.
  const isFree = (name: string) => /~\d/.test(name) || (target && takenPlace(client, target, name) === undefined);
  const isLeft = (name: string) => client.leftovers?.of(name) !== undefined || client.leftovers?.folders.includes(name);
  return names.filter((name) => isHomeFile(client, name) && isFree(name) && !isLeft(name));
}

/** What was found free: what something imported needs as finds, and of all else why it stays. */
export interface FreeFound {
  readonly finds: readonly Find[];
  readonly findings: readonly Finding[];
}

/**
 * The files that hooks, the status line, servers, instructions and skills name, with all that stands beside them in their
 * folder, and what those name in turn: without them the rest would not work on another machine.
 */
export function findFree(homes: readonly FreeHome[]): FreeFound {
  const needed = neededEntries(homes);
  const all = homes.flatMap(({ state, entries }) => entries.map((entry) => ({ state, entry })));
  const isTaken = ({ entry }: (typeof all)[number]) =>
    needed.has(entry) && entry.closed === undefined && !entry.name.startsWith('.');
  return {
    finds: all
      .filter(isTaken)
      .flatMap(({ state, entry }) => entry.files.flatMap((file) => freeFind(state, entry, file))),
    // A client writes hidden files by itself; one that a person made shows by being named.
    findings: all
      .filter((one) => !isTaken(one) && (needed.has(one.entry) || !one.entry.name.startsWith('.')))
      .map(({ state, entry }) => stays(state, entry, needed.has(entry)))
      .concat(all.filter(isTaken).flatMap(({ state, entry }) => entry.left.map((file) => linkStays(state, file)))),
  };
}

/** Goes on until nothing new is named. */
function neededEntries(homes: readonly FreeHome[]): ReadonlySet<TopEntry> {
  const needed = new Set<TopEntry>();
  let texts = homes.flatMap(({ state }) => importedTexts(state, homes));
  while (texts.length > 0) {
    const fresh = homes.flatMap(({ state, entries }) =>
      entries
        .filter((entry) => !needed.has(entry) && texts.some((one) => namesPlace(one, state, entry.name)))
        .map((entry) => ({ state, entry })),
    );
    for (const { entry } of fresh) needed.add(entry);
    texts = fresh.flatMap(({ state, entry }) => entry.files.flatMap((file) => textOf(state, file)));
  }
  return needed;
}

/** The texts of all that could be imported: values of files that others write too, instructions, and whole files. */
function importedTexts({ client, documents, runtime }: ClientState, homes: readonly FreeHome[]): NamingText[] {
  const free = new Set(homes.flatMap(({ entries }) => entries.flatMap(({ files }) => files)));
  const values = [...documents.values()].flatMap(({ target, values: held, text }) => {
    if (target.kind === 'instructions') return [text];
    const leaves = leavesOf(held).filter(([path]) => target.kind !== 'fragment' || !target.isLocal?.(path));
    return leaves.flatMap(([, value]) => textsIn(value));
  });
  const files = [...runtime.files].filter(([name]) => !free.has(name) && !documents.has(name));
  return [...values, ...files.map(([, file]) => plain(file))].map((text) => ({ client: client.name, text }));
}

function textOf({ client, runtime }: ClientState, file: string): NamingText[] {
  const found = runtime.files.get(file);
  return found ? [{ client: client.name, text: plain(found) }] : [];
}

function plain({ bytes }: RuntimeFile): string {
  return isBinary(bytes) ? '' : (decodeText(bytes) ?? '');
}

/** A file, for every client first; with the home as a token where its text names that. */
function freeFind(state: ClientState, entry: TopEntry, file: string): Find[] {
  const { client, home, runtime } = state;
  const found = runtime.files.get(file);
  if (!found) return [];
  const id = unitId(client.name, file);
  const tokens = placesOfFile(client, id, file, { ...found, bytes: bytesWithHomeToken(found.bytes, home.root) });
  const literal = placesOfFile(client, id, file, found);
  const [shared, own] = [
    [tokens[0], literal[0]],
    [tokens.at(-1), literal.at(-1)],
  ].map((places) => places.flatMap((place) => (place ? [place] : [])));
  const kind = (found.mode & 0o100) !== 0 ? 'script' : 'file';
  const list = unitId(client.name, entry.name);
  return [{ id, client: client.name, list, kind, shared: shared ?? [], own: own ?? [] }];
}

function linkStays({ client }: ClientState, file: string): Finding {
  const id = unitId(client.name, file.replace(/\/$/, ''));
  const message = `"${id}" is not imported: it is a link to elsewhere, or no regular file`;
  return { code: 'not-taken', severity: 'warning', message, remedy: 'Put a copy in its place, or into clients/.' };
}

function stays({ client }: ClientState, { name, closed }: TopEntry, isNeeded: boolean): Finding {
  const hidden = name.startsWith('.') ? 'its name starts with a dot' : unsafeName(name);
  const reason = closed ?? hidden ?? 'nothing that is imported names it';
  const message = `"${unitId(client.name, name)}" stays where it is: ${reason}`;
  const remedy = `If other machines should have it, copy it to clients/${client.name}/files/${name}, then push.`;
  return { code: 'not-taken', severity: isNeeded ? 'warning' : 'note', message, remedy };
}
