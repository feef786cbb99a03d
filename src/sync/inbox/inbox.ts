import type { Learned, LearnedMemory } from '../../adapters/client.ts';
import { readFrontmatter } from '../../content/frontmatter.ts';
import { titleOf } from '../../content/instructions/memories.ts';
import { fileAt } from '../../content/overlay.ts';
import { likelySecrets } from '../../content/secrets/likely-secrets.ts';
import { findSecrets, maskSecrets } from '../../content/secrets/secrets.ts';
import { decodeText, encodeText, plainBody, withoutBom } from '../../content/text.ts';
import type { InboxItem } from '../../model/inbox.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { SourceTree } from '../../model/source.ts';
import { unitId } from '../../model/unit.ts';
import type { InspectionCopy } from '../inspection.ts';
import type { ClientState } from '../plan/client-state.ts';
import { destinations, projectNames } from './inbox-names.ts';

/** A file of what a client learned, as it was read. */
export interface LearnedText {
  /** As in unit ids. */
  readonly name: string;
  /** Its path from the folder's root on, as the client's description takes it. */
  readonly at: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface Draft {
  /** What it is called among those of its project. */
  readonly name: string;
  readonly item: Omit<InboxItem, 'destination' | 'standing'>;
}

/**
 * What a client learned by itself and another could know as well, sorted by id. Left out are texts that say nothing, what
 * is no UTF-8, what we deployed ourselves, and names that hold a secret.
 */
export function inboxItems(
  state: ClientState,
  learned: Learned,
  files: readonly LearnedText[],
  tree: SourceTree,
): InboxItem[] {
  const secrets = knownSecrets(state);
  const found = files.flatMap((file) => memoriesOf(learned, file).map((memory) => ({ file, memory })));
  const names = projectNames(found.flatMap(({ memory }) => memory.project ?? []));
  const drafts = found.map(({ file, memory }) => draftOf(state, file, memory, names, secrets));
  const offered = drafts.filter(({ item }) => findSecrets(`${item.id} ${item.path}`).length === 0);
  const places = destinations(offered.map(({ name, item }) => ({ ...item, name })));
  const deployed = deployedTexts(state);
  const items = offered.map(({ item }): InboxItem => {
    const destination = places.get(item.id) as string;
    return { ...item, destination, standing: standingOf(item.text, destination, tree) };
  });
  return items
    .filter((item) => item.standing === 'known' || !isOurs(item, state, deployed))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function memoriesOf(learned: Learned, { at, bytes }: LearnedText): LearnedMemory[] {
  const text = decodeText(bytes);
  if (text === undefined) return [];
  return learned.memories(at, text).filter(({ body }) => saysSomething(body));
}

/** Headings, comments and the blanks of a form alone are nothing that was learned. */
function saysSomething(body: string): boolean {
  const plain = plainBody(body);
  const text = readFrontmatter(plain)?.body ?? plain;
  const said = text.replace(/<!--.*?-->/gs, '').replace(/^ {0,3}#{1,6}(?: .*)?$/gm, '');
  return /[\p{L}\p{N}]/u.test(said.replace(/\{\{[^{}]*\}\}|<[^<>\n]*>/g, ''));
}

function draftOf(
  { client }: ClientState,
  { name: file, path }: LearnedText,
  { name, project: key, part, text, body }: LearnedMemory,
  names: ReadonlyMap<string, string>,
  secrets: readonly string[],
): Draft {
  const project = key === undefined ? undefined : (names.get(key) as string);
  const address = part && project !== undefined ? { path: [project] } : undefined;
  const title = titleOf(maskSecrets(withoutBom(body), secrets), file);
  const item = {
    ...{ id: unitId(client.name, file, address), client: client.name, file, path },
    ...(address ? { address } : {}),
    ...(project === undefined ? {} : { project }),
    ...{ text, lines: plainBody(text).split('\n').length, title },
  };
  return { name, item };
}

function standingOf(text: string, destination: string, tree: SourceTree): InboxItem['standing'] {
  const there = fileAt(tree, destination);
  if (!there) return 'new';
  return plainBody(decodeText(there.bytes) ?? '') === plainBody(text) ? 'known' : 'changed';
}

/** A unit of ours, edited or not, is told as one; a copy of one under another name was not learned. */
function isOurs({ file, text }: InboxItem, { wanted, record }: ClientState, deployed: ReadonlySet<string>): boolean {
  const isUnit = [...wanted, ...(record?.units ?? [])].some((unit) => unit.file === file);
  return isUnit || deployed.has(plainBody(text));
}

function deployedTexts({ client, wanted }: ClientState): Set<string> {
  const folder = client.targets.find((target) => target.kind === 'memory')?.folder;
  const texts = wanted.flatMap(({ file, content }) =>
    content && file.startsWith(`${folder}/`) ? (decodeText(content) ?? []) : [],
  );
  return new Set(texts.map(plainBody));
}

function knownSecrets({ documents }: ClientState): string[] {
  return [...documents.values()].flatMap(({ values }) => likelySecrets(values));
}

/** The rows of `--json`, for what is not in the source yet and has no row among `units`. */
export function inboxUnits(items: readonly InboxItem[], units: readonly PlannedUnit[]): PlannedUnit[] {
  const ids = new Set(units.map(({ id }) => id));
  const open = items.filter(({ standing, id }) => standing !== 'known' && !ids.has(id));
  return open.map(({ id, client, file, address, path }) => ({
    ...{ id, client, file, path, kind: address ? 'section' : 'file', verdict: 'unmanaged', action: 'leave' },
    ...(address ? { address } : {}),
  }));
}

/** The copy below `pulled/learned/`, project by project, under the names that the files would get in the source. */
export function inboxCopy(state: ClientState, items: readonly InboxItem[]): InspectionCopy {
  const secrets = knownSecrets(state);
  const copies = items.map(({ project, destination, text }): [string, Uint8Array] => {
    const name = [project, destination.split('/').at(-1)].filter((part) => part !== undefined).join('/');
    return [`learned/${name}`, encodeText(maskSecrets(text, secrets))];
  });
  return new Map(copies);
}
