import { isTable, type Value } from '../../model/value.ts';
import { amendWith } from '../amend.ts';
import { type Amendment, type PathValue, Unplaceable } from '../format.ts';
import { type Splice, splice, tagged } from '../tagged-text.ts';
import { cutSplicesAt } from './amend-cut.ts';
import { addSplices, appendSplices } from './amend-put.ts';
import { placeAt } from './doc.ts';
import { readIndexedDoc } from './indexed-doc.ts';
import { lineOfKey } from './line-of.ts';
import { read } from './read.ts';
import { respelled } from './respell.ts';
import { newlineOf } from './scan.ts';

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
  return remove.reduce((now, path) => {
    const splices = cutSplicesAt(readIndexedDoc(now), path);
    return applied(now, splices);
  }, grown);
}

function put(text: string, { path, value }: PathValue): string {
  const doc = readIndexedDoc(text);
  const place = placeAt(doc.root, path);
  if (!place) return applied(text, addSplices(doc, { path, value }));
  const old = place.slot?.member.value;
  if (!old) {
    const without = applied(text, cutSplicesAt(doc, path));
    return applied(without, addSplices(readIndexedDoc(without), { path, value }));
  }
  const now = respelled(value, text.slice(old.start, old.end), newlineOf(text));
  return applied(text, [{ start: old.start, end: old.end, insert: [{ text: now, ours: false }] }]);
}

function applied(text: string, splices: readonly Splice[]): string {
  return splice(tagged(text, []), splices).text;
}

function holdsNull(value: Value): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsNull(item as Value));
  return value === null || (isTable(value) && Object.values(value).some((item) => holdsNull(item as Value)));
}
