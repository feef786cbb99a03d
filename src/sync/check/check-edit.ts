import type { UnitText, UnitValue } from '../../formats/format.ts';
import { type Inserted, stripOurs, tagged } from '../../formats/tagged-text.ts';
import { membersByDigest } from '../../model/digest.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { type PathSet, pathSet } from '../../model/path-set.ts';
import { type Address, pathText } from '../../model/unit.ts';
import { type KeyPath, leavesOf, sameValue, type Table, tableOf, type Value, valueAt } from '../../model/value.ts';
import type { DocumentEdit } from '../plan/decided-unit.ts';

/** What is wrong with the edit of a shared file: the user's part must be whole, ours as wanted, and the client content. */
export function checkEdit(edit: DocumentEdit): Finding[] {
  const { document, result } = edit;
  const now = result.text === '' ? {} : document.target.format.read(result.text, result.inserted);
  return [
    ...foreignTextChanged(edit),
    ...foreignValueChanged(edit, now),
    ...foreignElementChanged(edit, now),
    ...wantedValueMissing(edit, now),
    ...earlierValueMissing(edit),
    ...clientRefuses(edit, now),
  ];
}

function foreignTextChanged({ document, result }: DocumentEdit): Finding[] {
  if (result.movedForeignText) return [];
  const same = userText(document.text, result.before) === userText(result.text, result.inserted);
  return same ? [] : [broken('text that is not ours would change', document.path)];
}

function userText(text: string, inserted: readonly Inserted[]): string {
  const spans = inserted.map(({ at, text: ours }) => ({ start: at, end: at + ours.length }));
  return stripOurs(tagged(text, spans));
}

/** Every leaf that no unit of the edit names has the value it had, and no new one has come. */
function foreignValueChanged({ document, set, remove, parents }: DocumentEdit, values: Table): Finding[] {
  const own = [...set.flatMap(pathsOfSet), ...remove.map(({ address }) => address.path)];
  const [touched, emptied] = [pathSet(own), pathSet([...own, ...parents])];
  const foreign = (table: Table) =>
    new Map(
      leavesOf(table)
        .filter(([path]) => path[0] !== document.target.format.markerKey && !touched.covers(path))
        .filter(([path, value]) => !isEmptyParent(path, value, emptied))
        .map(([path, value]) => [JSON.stringify(path), value] as const),
    );
  const [old, now] = [foreign(document.values), foreign(values)];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter((key) => !sameValue(old.get(key), now.get(key)));
  return changed.map((key) => broken(`the value at ${key} is not ours and would change`, document.path));
}

/** What a client added to an entry of ours is not ours: only the leaves that are set or dropped are. */
function pathsOfSet({ kind, address, value, drop }: UnitValue): KeyPath[] {
  if (kind !== 'entry') return [address.path];
  return [...leavesOf(value).map(([path]) => path), ...(drop ?? [])].map((path) => [...address.path, ...path]);
}

/** A list that is a set holds what it held, less what is removed and with what is set. */
function foreignElementChanged({ document, set, remove }: DocumentEdit, now: Table): Finding[] {
  const lists = new Map<string, { readonly path: KeyPath; readonly counts: Map<string, number> }>();
  const countsOf = (path: KeyPath) => {
    const known = lists.get(pathText(path)) ?? { path, counts: countsAt(document.values, path) };
    lists.set(pathText(path), known);
    return known.counts;
  };
  const change = (units: readonly UnitText[], to: (count: number) => number) => {
    for (const { address } of units) {
      const counts = address.element && countsOf(address.path);
      counts?.set(address.element?.digest ?? '', to(counts.get(address.element?.digest ?? '') ?? 0));
    }
  };
  change(remove, (count) => Math.max(0, count - 1));
  change(set, (count) => Math.max(1, count));
  const changed = [...lists.values()].filter(({ path, counts }) => !sameCounts(counts, countsAt(now, path)));
  return changed.map(({ path }) =>
    broken(`elements of "${pathText(path)}" that are not ours would change`, document.path),
  );
}

/** How often each element stands in a list, by digest. */
function countsAt(values: Table, path: KeyPath): Map<string, number> {
  const list = valueAt(values, path);
  const members = Array.isArray(list) ? [...membersByDigest(list)] : [];
  return new Map(members.map(([digest, at]) => [digest, at.length]));
}

function sameCounts(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return [...a.keys(), ...b.keys()].every((digest) => (a.get(digest) ?? 0) === (b.get(digest) ?? 0));
}

/** An empty table above a unit comes and goes with the unit, also when the client or a person took the unit out. */
function isEmptyParent(path: KeyPath, value: Value, touched: PathSet): boolean {
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return empty && touched.reaches(path);
}

function wantedValueMissing({ document, set, remove }: DocumentEdit, values: Table): Finding[] {
  const missing = set.filter(({ address, value }) => !holds(values, address, value));
  const left = remove.filter(({ kind, address }) => kind !== 'element' && valueAt(values, address.path) !== undefined);
  const wanted = pathSet(set.map(({ address }) => address.path));
  return [
    ...missing.map(({ address }) => broken(`"${address.path.join('.')}" would not have its value`, document.path)),
    ...left
      .filter(({ address }) => !wanted.reaches(address.path))
      .map(({ address }) => broken(`"${address.path.join('.')}" would still be there`, document.path)),
  ];
}

/** What comes back must stand in the plain text, whatever we hold to be ours: a section in no block, an entry as it was. */
function earlierValueMissing({ document, result, back = [] }: DocumentEdit): Finding[] {
  const { format } = document.target;
  const values = result.text === '' ? {} : format.read(result.text);
  const isBack = ({ kind, address, value, drop = [] }: UnitValue) => {
    if (kind === 'section') return format.standsIn?.(result.text, String(value)) ?? false;
    const gone = drop.every((path) => valueAt(values, [...address.path, ...path]) === undefined);
    return gone && holds(values, address, value);
  };
  return back
    .filter((unit) => !isBack(unit))
    .map(({ address }) =>
      broken(`what stood at "${address.path.join('.')}" before us would not come back`, document.path),
    );
}

function holds(values: Table, { path, element }: Address, want: Value): boolean {
  const have = valueAt(values, path);
  if (element) return Array.isArray(have) && membersByDigest(have).has(element.digest);
  return leavesOf(want).every(([leaf, value]) => sameValue(valueAt(have, leaf), value));
}

/** Only what the plan itself brings about: what a client refuses already, or refused before us, is the user's to correct. */
function clientRefuses({ document, back = [] }: DocumentEdit, now: Table): Finding[] {
  const { target } = document;
  if (target.kind !== 'fragment') return [];
  const earlier = tableOf(back.map(({ address, value }) => [address.path, value]));
  const before = new Set([...target.refusals(document.values), ...target.refusals(earlier)]);
  return target
    .refusals(now)
    .filter((message) => !before.has(message))
    .map((message) =>
      problem(
        'client-would-refuse',
        `after this run the client would refuse to load the file: ${message}`,
        'Change the source, or settle the unit with --overwrite or --keep, so that the file stays whole.',
        { path: document.path },
      ),
    );
}

/** A finding that is a bug of ours: the plan would do what no plan may. */
export function broken(message: string, path: string): Finding {
  const remedy =
    'Nothing was written. This is a bug in Syncline: please report it with the two files, secrets removed.';
  return problem('broken-plan', message, remedy, { path });
}
