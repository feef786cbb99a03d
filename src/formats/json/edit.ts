import { pathSet } from '../../model/path-set.ts';
import { addressText } from '../../model/unit.ts';
import { emptyTable, type KeyPath, type Table } from '../../model/value.ts';
import { type EditResult, type UnitText, Unplaceable } from '../format.ts';
import { insertedIn, locate, splice, stripOurs, type TaggedText, tagged } from '../tagged-text.ts';
import { prune, removeUnit, setMarker, setUnit } from './apply.ts';
import { type Draft, ours, piecesOfDraft } from './draft/draft.ts';
import { stands, type Work } from './draft/find.ts';
import { readDraft } from './draft/read-draft.ts';
import { layoutOf, plainLayout } from './draft/style.ts';
import { wantedFor } from './draft-scope.ts';
import { valuesAfter } from './expected.ts';
import { isRightMarker, type MarkedRequest, managedIn, markerFor } from './marker.ts';
import { agrees, claim, claimsOn, settleCommas } from './ownership.ts';
import { parseFile, readFile } from './read/parse.ts';
import { sameTree } from './read/same-tree.ts';
import { heirsOf } from './replacement-elements.ts';

/** See `Format.edit`. An empty text is a file that is not there yet: all of it becomes ours. */
export function edit(text: string, request: MarkedRequest): EditResult {
  if (text === '')
    return request.set.length > 0 ? create(request) : unchanged(text, { ...request, inserted: [], parents: [] });
  const values = readFile(text);
  if (isAtRest(text, values, request)) return unchanged(text, request);
  const draft = draftOf(text, values, request);
  settleCommas(draft.root);
  return change(text, values, draft, request);
}

/** Nothing to do, and our texts and the marker stand as the record says: the common case, and a file can be large. */
function isAtRest(text: string, values: Table, request: MarkedRequest): boolean {
  const { set, remove, inserted, markerKey } = request;
  if (set.length + remove.length > 0 || inserted.length === 0) return false;
  const marker = markerFor(request);
  return (
    marker !== undefined &&
    markerKey !== undefined &&
    isRightMarker(values[markerKey], marker) &&
    inserted.every((piece) => text.startsWith(piece.text, piece.at))
  );
}

function unchanged(text: string, { inserted, parents }: MarkedRequest): EditResult {
  const empty = stripOurs(tagged(text, locate(text, inserted) ?? [])) === '';
  return { text, inserted, parents, before: inserted, movedForeignText: false, empty, notes: [] };
}

function create(request: MarkedRequest): EditResult {
  const root = { kind: 'object' as const, at: -1, open: ours('{'), slots: [], tail: [], close: ours('}') };
  const draft: Draft = { prefix: [], root, suffix: ours('\n') };
  return change('', emptyTable(), draft, { ...request, parents: [[]] });
}

/** The draft of a file with the owners of its text: as the record says, else as the structure of the file says. */
function draftOf(text: string, values: Table, request: MarkedRequest): Draft {
  const { set, remove, placed, parents, inserted, markerKey } = request;
  const units = [...placed, ...set, ...remove];
  const spans = inserted.length > 0 ? locate(text, inserted) : undefined;
  const draft = readDraft(tagged(text, spans ?? []), wantedFor(units, parents));
  if (!spans || !agrees(draft, claimsOn(units, parents, markerKey))) {
    claim(draft, claimsOn(claimable(values, units, request), parents, markerKey));
  }
  return draft;
}

/** Units that may be held to be ours without finding our text: those the file lists; without a list, those of the record. */
function claimable(
  values: Table,
  units: readonly UnitText[],
  { inserted, placed, remove, markerKey }: MarkedRequest,
): readonly UnitText[] {
  if (markerKey !== undefined && Object.hasOwn(values, markerKey)) {
    const managed = new Set(managedIn(values));
    return units.filter(({ address }) => managed.has(addressText(address)));
  }
  return inserted.length > 0 ? [...placed, ...remove] : [];
}

function change(text: string, values: Table, draft: Draft, request: MarkedRequest): EditResult {
  const before = render(draft);
  const root = { container: draft.root, indent: '', spread: true, layout: text === '' ? plainLayout : layoutOf(draft) };
  const { markerKey } = request;
  const work: Work = { text, root, created: [], markerKey };
  const marker = markerFor(request);
  const heirs = heirsOf(request.set);
  for (const unit of request.remove) removeUnit(work, unit, heirs);
  for (const unit of request.set) setUnit(work, unit);
  const parents = [...request.parents, ...work.created];
  prune(work, parents);
  setMarker(work, marker);
  const gone = draft.root.slots.length === 0 && parents.some((path) => path.length === 0);
  const after = gone ? tagged('', []) : render(draft);
  check(after.text, text === after.text ? undefined : valuesAfter(values, { ...request, parents, marker }), request);
  return resultOf(before, after, gone ? [] : parentsIn(work, parents, request.placed));
}

function resultOf(before: TaggedText, after: TaggedText, parents: KeyPath[]): EditResult {
  const own = stripOurs(after);
  const movedForeignText = stripOurs(before) !== own;
  const [inserted, old] = [insertedIn(after), insertedIn(before)];
  return { text: after.text, inserted, parents, before: old, movedForeignText, empty: own === '', notes: [] };
}

function render(draft: Draft): TaggedText {
  return splice(tagged('', []), [{ start: 0, end: 0, insert: piecesOfDraft(draft) }]);
}

/** The parents we made that stand and still hold something of ours, each once. */
function parentsIn(work: Work, parents: readonly KeyPath[], placed: readonly UnitText[]): KeyPath[] {
  const holding = pathSet(placed.map(({ address }) => address.path));
  const once = new Map(parents.map((path) => [JSON.stringify(path), path]));
  return [...once.values()].filter((path) => holding.reaches(path) && stands(work, path));
}

/** The last guard: the new text must parse and hold the old values with the edit, nothing else. */
function check(text: string, expected: Table | undefined, { set, remove }: MarkedRequest): void {
  if (!expected) return;
  const address = (set[0] ?? remove[0])?.address ?? { path: [] };
  const got = text === '' ? emptyTable() : parsed(text);
  if (!got || !sameTree(got, expected))
    throw new Unplaceable('the edit would have changed more than it should', address);
}

function parsed(text: string): Table | undefined {
  try {
    return parseFile(text);
  } catch {
    return undefined;
  }
}
