import { digestOfFile } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import { canonical, type Value } from '../../model/value.ts';
import type { SourceChange } from '../adopt/change.ts';
import type { ClientState } from '../client-state.ts';
import { aloneProposal, type Find, type Proposal, type TakeRequest } from './find.ts';
import { type FoundFiles, findBeyond, findFiles, findInstructions } from './find-files.ts';
import { proposeEntries } from './find-servers.ts';
import { findValues } from './find-values.ts';
import { notTaken } from './sound.ts';

/** All that could be taken from the homes into a new source, and what is told beside: servers first, instructions last. */
export function proposals(request: TakeRequest): {
  readonly proposals: readonly Proposal[];
  readonly findings: readonly Finding[];
} {
  const { states, environment } = request;
  const values = states.map((state) => findValues(state, request));
  const files = states.map((state) => findFiles(state, environment));
  const all = [
    ...values.flatMap((each) => each.finds),
    ...files.flatMap((each) => each.finds),
    ...states.flatMap(findInstructions),
  ];
  const linked = linkedFinds(all, states);
  const finds = all.filter((find) => !linked.has(find));
  const entries = proposeEntries(
    values.flatMap((each) => each.entries),
    request,
  );
  const beyond = states.flatMap(findBeyond).map(leadsAway);
  return {
    proposals: [...entries, ...joined(finds, states.length)],
    findings: [...beyond, ...[...linked].map(isOneFile), ...files.flatMap(leftFiles)],
  };
}

/** Those finds whose files are, by a link, files of a client that comes before: they are that one's. */
function linkedFinds(finds: readonly Find[], states: readonly ClientState[]): ReadonlySet<Find> {
  const taken = new Set<string>();
  const linked = states.flatMap(({ client, runtime }) => {
    const places = [...runtime.places].filter(([, place]) => taken.has(place)).map(([name]) => name);
    for (const place of runtime.places.values()) taken.add(place);
    const own = places.length > 0 ? finds.filter((find) => find.client === client.name) : [];
    return own.filter(({ id }) => {
      const file = id.slice(client.name.length + 1).replace(/#.*$/, '');
      return places.some((name) => name === file || name.startsWith(`${file}/`));
    });
  });
  return new Set(linked);
}

function isOneFile({ id }: Find): Finding {
  const message = `"${id}" is, by a link, a file that another client has too; it is taken from there`;
  return { code: 'not-taken', severity: 'note', message, remedy: 'Give each client a file of its own to share it.' };
}

/** What all clients have alike is one proposal; else each is its client's own. */
function joined(finds: readonly Find[], clients: number): Proposal[] {
  const groups = new Map<string, Find[]>();
  for (const find of finds) {
    const key = find.shared ? JSON.stringify(find.shared.map(keyOf)) : find.id;
    groups.set(key, [...(groups.get(key) ?? []), find]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const common = group.length === clients && clients > 1 ? first?.shared : undefined;
    if (!first || !common) return group.map(aloneProposal);
    const ids = group.map(({ id }) => id);
    const own = group.flatMap((find) => find.own[0] ?? []);
    // Each unit is told with the file that it went into.
    const places = [group.flatMap((find) => find.shared ?? []), own];
    return [{ ...aloneProposal(first), ids, places }];
  });
}

function keyOf({ path, edit }: SourceChange): Value {
  if (edit.kind === 'whole') return [path, digestOfFile(edit.content, edit.executable)];
  if (edit.kind !== 'values') return [path, edit.kind];
  const said = [...edit.set, ...edit.append].map((one): Value => [[...one.path], one.value]);
  return [path, canonical(said)];
}

function leadsAway(id: string): Finding {
  const message = `"${id}" is a link that leads out of the client's home; it is not taken`;
  return { code: 'not-taken', severity: 'note', message, remedy: 'Put a copy into clients/ if it shall be shared.' };
}

/** What of the files is not taken for what it is. */
function leftFiles({ learned, unread }: FoundFiles): Finding[] {
  const reason = 'its name cannot stand on every system, or holds a secret';
  return [...learnedNote(learned), ...unread.map((id) => notTaken([id], reason))];
}

/** One note, however many: what a client writes down by itself it also rewrites and deletes. */
function learnedNote(ids: readonly string[]): Finding[] {
  const [first] = ids;
  if (first === undefined) return [];
  const what = ids.length > 1 ? `"${first}" and ${ids.length - 1} more are` : `"${first}" is`;
  const message = `${what} what the client learned by itself, and not taken`;
  const remedy = 'pull-runtime lists it, and --adopt with a name makes one a memory of the repository.';
  return [{ code: 'not-taken', severity: 'note', message, remedy }];
}
