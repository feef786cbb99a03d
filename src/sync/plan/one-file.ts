import { type Finding, problem } from '../../model/finding.ts';
import { parentsOf } from '../../model/paths.ts';
import { type ClientState, type Glue, runtimePath } from './client-state.ts';
import type { DecidedUnit } from './decided-unit.ts';

/** A client with what was decided about its units. */
export interface Decided {
  readonly state: ClientState;
  readonly units: readonly DecidedUnit[];
}

/** What is one file for several clients: by their names, the file that each has of it. */
interface Shared {
  readonly place: string;
  readonly names: ReadonlyMap<string, string>;
}

/** Files that another client's plan writes as well, and what they are called there. */
export type FollowedFiles = ReadonlyMap<string, { readonly client: string; readonly file: string }>;

/** The same by client. */
export type Followed = ReadonlyMap<string, FollowedFiles>;

/** What was decided, made one where two clients have one file. */
export interface Reconciled {
  readonly decided: readonly Decided[];
  readonly followed: Followed;
  readonly findings: readonly Finding[];
}

/**
 * By a link of the user's, a file of one client may be one of the other's. Where both want the same in it, it is written once and both
 * records know it; what one of them still has stays when the other's goes. Where they want different things nothing is planned:
 * each push would undo the other. `beside` are the clients that the run leaves alone.
 */
export function reconcile(decided: readonly Decided[], beside: readonly Decided[]): Reconciled {
  const all = [...decided, ...beside];
  const findings: Finding[] = [];
  const followed = new Map<string, Map<string, { client: string; file: string }>>();
  const glue = new Map<string, Glue>();
  const changed = new Map(decided.map(({ state, units }) => [state.client.name, [...units]]));
  for (const shared of sharedFiles(all)) {
    const members = all.filter(
      (member) => shared.names.has(member.state.client.name) && counts(member, shared, beside),
    );
    if (members.length < 2) continue;
    const problemFound = differing(shared, members);
    if (problemFound) findings.push(problemFound);
    const own = members.filter(({ state }) => changed.has(state.client.name));
    for (const { state } of own) {
      const units = changed.get(state.client.name) as DecidedUnit[];
      const others = members.filter((other) => other.state !== state);
      changed.set(
        state.client.name,
        units.map((unit) => (isIn(unit, state, shared) ? agreed(unit, shared, others, beside) : unit)),
      );
    }
    const wants = own.some((member) => wantsOf(member, shared).size > 0);
    const writer = byRight(wants ? own : members, shared, beside)[0] as Decided;
    for (const { state } of own)
      glue.set(state.client.name, joined(glue.get(state.client.name), glueOf(state, shared, members)));
    for (const { state } of own) if (state !== writer.state) follow(followed, state, shared, writer.state);
  }
  const result = decided.map(({ state }) => {
    const { name } = state.client;
    return {
      state: { ...state, ...(glue.has(name) ? { glue: glue.get(name) as Glue } : {}) },
      units: changed.get(name) as DecidedUnit[],
    };
  });
  return { decided: result, followed, findings };
}

/** What other clients' records know of a file: what was done to it, and which of the folders above it were made for it. */
function glueOf(state: ClientState, { names }: Shared, members: readonly Decided[]): Glue {
  const own = names.get(state.client.name) as string;
  const others = members.filter((other) => other.state !== state && other.state.record);
  const [known] = others.flatMap(
    ({ state: { client, record } }) => record?.files[names.get(client.name) as string] ?? [],
  );
  const folders = others.flatMap(({ state: { client, record } }) => {
    const theirs = parentsOf(names.get(client.name) as string).reverse();
    const ours = parentsOf(own).reverse();
    // Each is as far above the file as the other.
    return ours.filter(
      (folder, up) => folder !== '.' && theirs[up] !== '.' && record?.folders.includes(theirs[up] ?? ''),
    );
  });
  return { files: known ? { [own]: known } : {}, folders };
}

function joined(one: Glue | undefined, two: Glue): Glue {
  return { files: { ...one?.files, ...two.files }, folders: [...(one?.folders ?? []), ...two.folders] };
}

/** A client that the run leaves alone counts only where something was deployed for it. */
function counts(member: Decided, shared: Shared, beside: readonly Decided[]): boolean {
  if (!beside.includes(member)) return true;
  return member.units.some((unit) => isIn(unit, member.state, shared) && unit.merged.base !== undefined);
}

function follow(
  followed: Map<string, Map<string, { client: string; file: string }>>,
  { client }: ClientState,
  { names }: Shared,
  writer: ClientState,
): void {
  const own = followed.get(client.name) ?? new Map();
  own.set(names.get(client.name) as string, {
    client: writer.client.name,
    file: names.get(writer.client.name) as string,
  });
  followed.set(client.name, own);
}

/** The files of ours that really are one for two clients. */
function sharedFiles(all: readonly Decided[]): Shared[] {
  const places = new Map<string, Map<string, string>>();
  for (const { state, units } of all) {
    for (const file of new Set(units.map(({ merged }) => merged.unit.file))) {
      const place = state.runtime.places.get(file);
      if (place === undefined) continue;
      const names = places.get(place) ?? new Map();
      if (!names.has(state.client.name)) names.set(state.client.name, file);
      places.set(place, names);
    }
  }
  return [...places].flatMap(([place, names]) => (names.size > 1 ? [{ place, names }] : []));
}

function isIn({ merged }: DecidedUnit, { client }: ClientState, { names }: Shared): boolean {
  return merged.unit.file === names.get(client.name);
}

/** First who still has something there, then whose file it really is: the others come by a link. */
function byRight(members: readonly Decided[], shared: Shared, beside: readonly Decided[]): Decided[] {
  const rank = (member: Decided) => {
    const { state } = member;
    const file = shared.names.get(state.client.name) as string;
    const hasSome = wantsOf(member, shared).size > 0 || beside.includes(member);
    return [!hasSome, runtimePath(state.home, file) !== shared.place, !state.record?.files[file]];
  };
  const weight = (member: Decided) => rank(member).reduce((sum, isLess) => 2 * sum + (isLess ? 1 : 0), 0);
  return [...members].sort((a, b) => weight(a) - weight(b));
}

/** The same unit of another client: a whole file has no address. */
function twinIn(unit: DecidedUnit, other: Decided, shared: Shared): DecidedUnit | undefined {
  const address = addressOf(unit);
  return other.units.find((one) => isIn(one, other.state, shared) && addressOf(one) === address);
}

function addressOf({ merged: { unit } }: DecidedUnit): string {
  return JSON.stringify([unit.kind === 'file', unit.address?.path ?? [], unit.address?.element?.digest ?? '']);
}

/** What is done about a unit, seen together with the same unit of the other clients. */
function agreed(
  unit: DecidedUnit,
  shared: Shared,
  others: readonly Decided[],
  beside: readonly Decided[],
): DecidedUnit {
  const twins = others.flatMap((other) => {
    const twin = twinIn(unit, other, shared);
    return twin ? [{ ...twin, stays: twin.merged.want !== undefined || beside.includes(other) }] : [];
  });
  const { merged, action } = unit;
  // What either record knows to have been the user's comes back, whoever writes the file, and whichever record goes last.
  const known = twins.find((twin) => twin.merged.earlier)?.merged.earlier;
  const kept = merged.base?.earlier || !known ? {} : { earlier: known };
  // What the other client's record says that we placed is ours here, too.
  if (action === 'record' || action === 'none') {
    const isPlaced = !merged.base && twins.some((twin) => twin.merged.base?.origin === 'placed');
    return { merged: { ...merged, marked: merged.marked || isPlaced, ...kept }, action };
  }
  if (action === 'remove' || action === 'restore') {
    if (twins.some(({ stays }) => stays)) return { merged, action: 'release' };
    const earlier = merged.earlier ?? twins.find((twin) => twin.action === 'restore')?.merged.earlier;
    return earlier ? { merged: { ...merged, earlier }, action: 'restore' } : unit;
  }
  // Who keeps the file for one client keeps it for both.
  const isWritten = action === 'update' || action === 'create';
  if (isWritten && twins.some((twin) => twin.action === 'leave' && twin.merged.want))
    return { merged, action: 'leave' };
  // What one record knows as ours is no edit of anybody's, though the other record does not know it.
  const ours = twins.find((twin) => twin.action === 'update' && twin.merged.base);
  if (!ours || action !== 'stop' || merged.base) return unit;
  return { merged: { ...merged, verdict: ours.merged.verdict, marked: true, ...kept }, action: 'update' };
}

/** Why what is one file cannot be written: the clients want different things of it. Undefined where they do not. */
function differing(shared: Shared, members: readonly Decided[]): Finding | undefined {
  const wanting = members
    .map((member) => ({ member, wants: wantsOf(member, shared) }))
    .filter(({ wants }) => wants.size > 0);
  const [first, ...others] = wanting;
  const other = others.find(({ wants }) => !isSame(wants, first?.wants as ReadonlyMap<string, string>));
  if (!first || !other) return undefined;
  const [one, two] = [first.member.state, other.member.state];
  const unit = first.member.units.find((each) => isIn(each, one, shared)) as DecidedUnit;
  const paths = [one, two].map((state) => runtimePath(state.home, shared.names.get(state.client.name) as string));
  const message = `by a link, this is the same file as ${JSON.stringify(paths[0])}, and ${one.client.title} and ${two.client.title} want different things in it: ${whatDiffers(unit)}`;
  const remedy = `Give each client a file of its own: remove the link, and push. Or let the source want the same for both: ${howToAgree(unit)}.`;
  return problem('one-file', message, remedy, { path: paths[1] as string });
}

function wantsOf({ state, units }: Decided, shared: Shared): Map<string, string> {
  const wanted = units.filter((unit) => isIn(unit, state, shared) && unit.merged.want !== undefined);
  return new Map(wanted.map((unit) => [addressOf(unit), unit.merged.wantSide?.digest ?? '']));
}

function isSame(one: ReadonlyMap<string, string>, two: ReadonlyMap<string, string>): boolean {
  return one.size === two.size && [...one].every(([address, digest]) => two.get(address) === digest);
}

function whatDiffers({ merged: { unit } }: DecidedUnit): string {
  if (unit.kind === 'file') return 'the text is not the same for both';
  if (unit.kind === 'section') return 'the text of the instructions, or how memories are given to the agent, differs';
  return 'each has a format of its own';
}

function howToAgree({ merged: { unit } }: DecidedUnit): string {
  if (unit.kind === 'file') return 'no {{client.…}}, {{path.…}} or file of one client alone in what both get';
  if (unit.kind === 'section')
    return 'instructions in clients/shared/instructions.md alone, and memories as files only (unlisted-memories in clients/syncline.toml)';
  return 'only where the formats are the same';
}
