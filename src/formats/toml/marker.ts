import type { Item } from './read/scan.ts';

const beginPrefix = '# >>> syncline managed >>>';
const endPrefix = '# <<< syncline managed <<<';

/** The line that opens our block, without its line end; `label` names the repository. */
export function beginLine(label: string): string {
  return `${beginPrefix} edit clients/ in ${label.replace(/[\u0000-\u001f\u007f]+/g, ' ')}, not here`;
}

/** The line that closes our block, without its line end. */
export const endLine = endPrefix;

/** The marker lines of a file. `block` is set when there is one begin, and one end below it. */
export interface Markers {
  readonly begins: readonly Item[];
  readonly ends: readonly Item[];
  readonly block?: { readonly begin: Item; readonly end: Item };
}

/** Finds the marker lines among the comment lines of a file. */
export function markersIn(text: string, items: readonly Item[]): Markers {
  const begins = items.filter((item) => isMarker(text, item, beginPrefix));
  const ends = items.filter((item) => isMarker(text, item, endPrefix));
  const [begin, end] = [begins[0], ends[0]];
  const paired = begin && end && begins.length === 1 && ends.length === 1 && begin.start < end.start;
  return paired ? { begins, ends, block: { begin, end } } : { begins, ends };
}

/** True when an item is a line of ours that opens or closes the block. */
export function isMarkerLine(text: string, item: Item): boolean {
  return isMarker(text, item, beginPrefix) || isMarker(text, item, endPrefix);
}

/** Whether a line stands between the markers of a sound block. */
export function isInside({ block }: Markers, item: Item): boolean {
  return block !== undefined && block.begin.start < item.start && item.start < block.end.start;
}

/** The line ends that an inserted text puts before its begin marker and after its end marker; both empty without them. */
export function glueAround(inserted: string): { before: string; after: string } {
  const before = /^\s*(?=# >>> )/.exec(inserted)?.[0] ?? '';
  const after = new RegExp(`${endPrefix}[^\\n]*\\n(\\s*)$`).exec(inserted)?.[1] ?? '';
  return { before, after };
}

function isMarker(text: string, item: Item, prefix: string): boolean {
  return item.kind === 'comment' && text.slice(item.start, item.end).trimStart().startsWith(prefix);
}
