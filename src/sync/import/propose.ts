import { digestOfFile } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import { canonical, type Value } from '../../model/value.ts';
import type { SourceChange } from '../adopt/change.ts';
import { aloneProposal, type Find, type ImportRequest, type Proposal } from './find.ts';
import { type FoundFiles, findBeyond, findFiles, findInstructions } from './find-files.ts';
import { findFree } from './find-free.ts';
import { outsideFindings } from './find-outside.ts';
import { proposeEntries } from './find-servers.ts';
import { emptyFiles, findValues } from './find-values.ts';
import { leftoverFindings } from './leftovers.ts';
import { notTaken } from './proven-proposals.ts';

/** All that could be taken from the homes into a new source, and what is told beside: servers first, instructions last. */
export function proposals(request: ImportRequest): {
  readonly proposals: readonly Proposal[];
  readonly findings: readonly Finding[];
} {
  const { states, homes, environment } = request;
  const free = findFree(request.free);
  const values = states.map((state) => findValues(state, request));
  const files = states.map((state) => findFiles(state, environment));
  const finds = [
    ...values.flatMap((each) => each.finds),
    ...files.flatMap((each) => each.finds),
    ...free.finds,
    ...states.flatMap(findInstructions),
  ];
  const entries = proposeEntries(
    values.flatMap((each) => each.entries),
    request,
  );
  const beyond = states.flatMap(findBeyond).map(leadsAway);
  return {
    proposals: [...entries, ...joined(finds, states.length)],
    findings: [
      ...beyond,
      ...files.flatMap(leftFiles),
      ...free.findings,
      ...states.flatMap(emptyFiles),
      ...outsideFindings(states, environment),
      ...homes.flatMap(leftoverFindings),
    ],
  };
}

/** What all clients have alike is one proposal, so what is one file for them all by a link; else each is its client's own. */
function joined(finds: readonly Find[], clients: number): Proposal[] {
  const spellings = Math.max(0, ...finds.map(({ shared = [] }) => shared.length));
  const groups: (readonly Find[])[] = [];
  let open = finds;
  for (let index = 0; index < spellings && clients > 1; index += 1) {
    const alike = groupedBy(open, ({ shared }) => JSON.stringify(shared?.[index]?.map(keyOf)));
    groups.push(...alike.filter((group) => group.length === clients));
    const taken = new Set(groups.flat());
    open = open.filter((find) => !taken.has(find));
  }
  const groupOf = new Map(groups.flatMap((group) => group.map((find) => [find, group] as const)));
  return finds.flatMap((find) => {
    const group = groupOf.get(find);
    if (!group) return [aloneProposal(find)];
    return group[0] === find ? [sharedProposal(group)] : [];
  });
}

function groupedBy(finds: readonly Find[], key: (find: Find) => string | undefined): Find[][] {
  const groups = new Map<string, Find[]>();
  for (const find of finds) {
    const name = key(find);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), find]);
  }
  return [...groups.values()];
}

function sharedProposal(group: readonly Find[]): Proposal {
  const ids = group.map(({ id }) => id);
  const own = group.flatMap((find) => find.own[0] ?? []);
  const spellings = group[0]?.shared?.length ?? 0;
  // Each unit is reported with the file that it went into.
  const shared = Array.from({ length: spellings }, (_, index) => group.flatMap((find) => find.shared?.[index] ?? []));
  return { ...aloneProposal(group[0] as Find), ids, places: [...shared, own] };
}

function keyOf({ path, edit }: SourceChange): Value {
  if (edit.kind === 'whole') return [path, digestOfFile(edit.content, edit.executable)];
  if (edit.kind !== 'values') return [path, edit.kind];
  const said = [...edit.set, ...edit.append].map((one): Value => [[...one.path], one.value]);
  return [path, canonical(said)];
}

function leadsAway(id: string): Finding {
  const message = `"${id}" is a link that leads out of your home or nowhere; it is not imported`;
  return { code: 'not-taken', severity: 'note', message, remedy: 'Put a copy into clients/ if it should be shared.' };
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
  const message = `${what} what the client learned by itself, and not imported`;
  const remedy = 'pull-runtime lists it, and --adopt with a name makes one a memory of the repository.';
  return [{ code: 'not-taken', severity: 'note', message, remedy }];
}
