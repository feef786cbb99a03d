import { isTable, type KeyPath, type Value } from '../../../model/value.ts';
import { amendWith } from '../../amend.ts';
import { type Amendment, type PathValue, Unplaceable } from '../../format.ts';
import { type Splice, splice, tagged } from '../../tagged-text.ts';
import { type Place, placeAt } from '../read/doc.ts';
import { lineOfKey } from '../read/line-of.ts';
import { read } from '../read/read.ts';
import { newlineOf } from '../read/scan.ts';
import { respelled } from '../respell.ts';
import { cutSplicesAt } from './amend-cut.ts';
import { addSplices, appendSplices } from './amend-put.ts';
import { readIndexedDoc } from './indexed-doc.ts';

/** See `EditableFormat.amend`. */
export function amend(text: string, request: Amendment): string {
  return amendWith({ read, lineOf: lineOfKey, write: writeSteps, dropsEmptied: true }, text, request);
}

/** One step after the other, each on the text that the one before left: sources are small. */
function writeSteps(text: string, { set, append, remove }: Amendment): string {
  for (const { path, value } of [...set, ...append])
    if (holdsNull(value)) throw new Unplaceable('TOML has no null', { path });
  const changed = set.reduce(put, text);
  const grown = append.reduce((now, each) => applied(now, appendSplices(readIndexedDoc(now), each)), changed);
  return remove.reduce(without, grown);
}

function put(text: string, { path, value }: PathValue): string {
  const doc = readIndexedDoc(text);
  const place = placeAt(doc.root, path);
  if (!place) return applied(text, addSplices(doc, { path, value }));
  const old = place.slot?.member.value;
  if (!old) return putSpread(text, place, { path, value });
  const now = respelled(value, text.slice(old.start, old.end), newlineOf(text));
  return applied(text, [{ start: old.start, end: old.end, insert: [{ text: now, ours: false }] }]);
}

/** In the place of what stands below headers or dotted keys. */
function putSpread(text: string, { segments, children }: Place, { path, value }: PathValue): string {
  if (segments.length > 0 && isTable(value) && Object.keys(value).length === 0)
    return [...children.keys()].reduce((now, key) => without(now, [...path, key]), text);
  const parent = placeAt(readIndexedDoc(text).root, path.slice(0, -1));
  if (parent && parent.elements.length > 0)
    throw new Unplaceable('an element of an array of tables can only be a table', { path });
  const rest = without(text, path);
  return applied(rest, addSplices(readIndexedDoc(rest), { path, value }));
}

function without(text: string, path: KeyPath): string {
  return applied(text, cutSplicesAt(readIndexedDoc(text), path));
}

function applied(text: string, splices: readonly Splice[]): string {
  return splice(tagged(text, []), splices).text;
}

function holdsNull(value: Value): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsNull(item as Value));
  return value === null || (isTable(value) && Object.values(value).some((item) => holdsNull(item as Value)));
}
