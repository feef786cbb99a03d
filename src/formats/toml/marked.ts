import { type Table, valueAt } from '../../model/value.ts';
import type { UnitText } from '../format.ts';
import { markersIn } from './marker.ts';
import { allBelow, type Doc, pairsOf, placeAt } from './read/doc.ts';
import type { Item } from './read/scan.ts';
import { lastIndexOf } from './units.ts';

/** A marker line: where it stands, and whether it opens the block. */
export interface Mark {
  readonly start: number;
  readonly opens: boolean;
}

/** The marker lines of a file, from its start to its end. */
export function marksOf({ text, items }: Doc): Mark[] {
  const { begins, ends } = markersIn(text, items);
  const opening = begins.map(({ start }) => ({ start, opens: true }));
  return [...opening, ...ends.map(({ start }) => ({ start, opens: false }))].sort((a, b) => a.start - b.start);
}

/**
 * Whether a unit stands between a begin marker and an end marker, with no other marker in between. Of an entry one line
 * is enough: a client may have written more of it elsewhere.
 */
export function isBetween(marks: readonly Mark[], doc: Doc, values: Table, unit: UnitText): boolean {
  return linesOf(doc, values, unit).some(({ start }) => {
    const after = marks.findIndex((mark) => mark.start > start);
    return after > 0 && marks[after - 1]?.opens === true && marks[after]?.opens === false;
  });
}

/**
 * Whether one marker stands without its other one: `codex mcp add` deletes a comment above a server and moves the servers,
 * so an entry of ours may then stand anywhere.
 */
export function hasLostOne(marks: readonly Mark[]): boolean {
  return marks.length === 1;
}

function linesOf(doc: Doc, values: Table, { address: { path, element } }: UnitText): Item[] {
  const place = placeAt(doc.root, path);
  if (!place) return [];
  if (!element)
    return allBelow(place).flatMap(({ segments, slot }) => [
      ...segments.flatMap(pairsOf),
      ...headersOf(segments),
      ...(slot ? [slot.pair] : []),
    ]);
  const index = lastIndexOf(valueAt(values, path), element.digest);
  if (index < 0) return [];
  const header = place.elements[index]?.header ?? place.slot?.pair;
  return header ? [header] : [];
}

function headersOf(segments: readonly { readonly header?: Item }[]): Item[] {
  return segments.flatMap(({ header }) => (header ? [header] : []));
}
