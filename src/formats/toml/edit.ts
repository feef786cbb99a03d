import { addressText } from '../../model/unit.ts';
import type { KeyPath, Table } from '../../model/value.ts';
import { type EditNote, type EditRequest, type EditResult, Malformed, type UnitText, Unplaceable } from '../format.ts';
import { insertedIn, type Splice, splice, stripOurs, type TaggedText, tagged } from '../tagged-text.ts';
import { assemble, isSettled } from './assemble.ts';
import { changeFor, isNothing } from './change.ts';
import { checkValues } from './check.ts';
import { cutSplices } from './cut.ts';
import { takeApart } from './layout.ts';
import { markersIn } from './marker.ts';
import { minus, ownsContent, pathOf } from './owned.ts';
import { putAdditions, replaceSplices } from './put.ts';
import { type Doc, pairsOf, readDoc } from './read/doc.ts';
import { read } from './read/read.ts';
import { newlineOf } from './read/scan.ts';
import { tagOurs } from './tag-ours.ts';
import { indexUnits } from './units.ts';

/**
 * Writes and removes units, and repairs our block, as splices. The result is parsed and compared with what was asked
 * for before it is given back. Throws `Malformed` for a text that does not parse, `Unplaceable` for a unit that has no
 * place in it.
 */
export function edit(text: string, request: EditRequest): EditResult {
  const values = read(text);
  const doc = readDoc(text);
  const before = tagOurs(doc, values, request);
  const plan = planEdit(doc, values, before, request);
  const after = firstSound(text, values, request, plan);
  return resultOf(after.text === text ? doc : readDoc(after.text), before, after, request);
}

/** The ways to make an edit, best first: with the block repaired, or, where that changes a value, without. */
function planEdit(doc: Doc, values: Table, before: TaggedText, request: EditRequest): (() => TaggedText)[] {
  const wanted = changeFor(doc, values, request);
  const newline = newlineOf(doc.text);
  const { placed, parents, label } = request;
  const filled = wanted.add.map(({ path }) => path.slice(0, -1));
  const cut = applied(before, cutSplices({ doc, values, text: before, parents, placed, filled }, wanted.cut));
  const cutDoc = cut === before ? doc : readDoc(cut.text);
  const [puts, added] = putAdditions(cutDoc, wanted.add, newline);
  const put = applied(cut, [...replaceSplices(cutDoc, wanted.replace, indexUnits(placed)), ...puts]);
  const repaired = () => {
    const putDoc = put === before ? doc : readDoc(put.text);
    const putValues = put === before ? values : readResult(put.text, request);
    const parts = { before: put, layout: takeApart(putDoc, put, putValues, placed, parents), added, label, newline };
    return isNothing(wanted) && isSettled(parts) ? put : assemble(parts);
  };
  return added.roots.length + added.tables.length > 0 ? [repaired] : [repaired, () => put];
}

function applied(text: TaggedText, splices: readonly Splice[]): TaggedText {
  return splices.length > 0 ? splice(text, splices) : text;
}

function firstSound(
  text: string,
  values: Table,
  request: EditRequest,
  ways: readonly (() => TaggedText)[],
): TaggedText {
  let failure: unknown;
  for (const way of ways) {
    try {
      const after = way();
      if (after.text !== text) checkValues(values, readResult(after.text, request), request);
      return after;
    } catch (error) {
      if (!(error instanceof Unplaceable)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/** A text that we made must parse; where it does not, the first unit of the edit has no place. */
function readResult(text: string, { set, remove }: EditRequest): Table {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const address = (set[0] ?? remove[0])?.address ?? { path: [] };
    throw new Unplaceable(`${addressText(address)} has no place here: ${error.message}`, address, error.line);
  }
}

function resultOf(doc: Doc, before: TaggedText, made: TaggedText, request: EditRequest): EditResult {
  const after = giveBackHeaders(doc, made, request);
  const own = stripOurs(after);
  return {
    text: after.text,
    inserted: insertedIn(after),
    parents: createdParents(doc, after),
    before: insertedIn(before),
    movedForeignText: own !== stripOurs(before),
    empty: own === '',
    notes: strayKeys(doc, request.placed),
  };
}

/** A header of ours that holds only keys of others is theirs now. */
function giveBackHeaders(doc: Doc, text: TaggedText, { placed }: EditRequest): TaggedText {
  const units = indexUnits(placed);
  const given = doc.segments.flatMap(({ header, opaque, path, body }) => {
    if (!header || opaque || units.entryAt(path) || !ownsContent(text, header)) return [];
    const pairs = body.filter((item) => item.kind === 'pair');
    const used = pairs.length === 0 || pairs.some(({ member }) => units.holding([...path, ...member.key]));
    return used ? [] : [header];
  });
  return given.length === 0 ? text : tagged(text.text, minus(text.ours, given));
}

function createdParents(doc: Doc, text: TaggedText): KeyPath[] {
  const ours = doc.segments.filter(({ header, opaque }) => header && !opaque && ownsContent(text, header));
  return ours.map(({ path }) => path);
}

/** Keys that stand below our end marker and so belong to our last table. */
function strayKeys(doc: Doc, placed: readonly UnitText[]): EditNote[] {
  const { block } = markersIn(doc.text, doc.items);
  if (!block) return [];
  const units = indexUnits(placed);
  const segment = doc.segments.find(({ body }) => body.includes(block.end));
  if (!segment?.header) return [];
  const ours = pairsOf(segment).some((pair) => units.holding(pathOf(segment, pair)));
  const stray = ours ? pairsOf(segment).filter(({ start }) => start > block.end.start) : [];
  return stray.map(({ member, line }) => ({
    code: 'stray-root-key',
    message: `"${member.key.join('.')}" stands below the Syncline block, so it belongs to [${segment.path.join('.')}] and is no root key`,
    line,
  }));
}
