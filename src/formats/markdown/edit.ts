import { sameValue } from '../../model/value.ts';
import { type EditRequest, type EditResult, type UnitText, type UnitValue, Unplaceable } from '../format.ts';
import { insertedIn, type Span, type Splice, splice, stripOurs, tagged } from '../tagged-text.ts';
import {
  type Block,
  beginMarker,
  brokenBlock,
  endMarker,
  foundBlock,
  markerLines,
  ownPlaces,
  wholeBlock,
} from './find-block.ts';
import { givenBack, releasedOf, unwrapped } from './release.ts';
import {
  composeBody,
  delimitersOf,
  memoryOf,
  normalText,
  parseBody,
  type Sections,
  tableOfSections,
} from './sections.ts';

/** See `Format.edit`. The block stays where it is; a new one goes to the end of the file, after a blank line. */
export function edit(text: string, request: EditRequest): EditResult {
  for (const unit of request.set) refuseDelimiters(unit);
  const standing = blockOf(text, request);
  const old = standing ? parseBody(standing.body) : { memories: new Map() };
  const left = sectionsAfter(old, request);
  const released = releasedOf(left, request);
  const sections: Sections = released.length > 0 ? { memories: new Map() } : left;
  if (foundBlock(text, request.inserted) && sameSections(old, left)) return untouched(text, request, released);
  const [first, ...others] = replacedPlaces(text, request);
  const block = standing ?? (first && { ...first, body: '', whole: false });
  const glue = block ? glueBefore(text, block, request) : undefined;
  const strays = markerLines(text).filter(({ start, end }) => !block || end <= block.start || start >= block.end);
  const before = tagged(text, [...strays, ...(standing ? [standing] : []), ...(glue ? [glue] : [])]);
  const removals = [...strays, ...(standing && first ? [first] : []), ...others].map(({ start, end }) => {
    return { start, end, insert: [] };
  });
  const changes = released.length > 0 ? unwrapped(text, block, left) : splicesFor(text, block, glue, old, sections);
  const after = splice(before, [...removals, ...givenBack(text, block, glue, changes, request)]);
  check(after.text, sections, request, lineAt(text, block?.start ?? text.length));
  const own = stripOurs(after);
  const movedForeignText = stripOurs(before) !== own;
  const [inserted, was] = [insertedIn(after), insertedIn(before)];
  return {
    text: after.text,
    inserted,
    parents: [],
    before: was,
    movedForeignText,
    empty: own === '',
    notes: [],
    released,
  };
}

/** A text that was found as it should be gets no markers as long as it stays so. */
function untouched(text: string, { inserted }: EditRequest, released: readonly UnitText[]): EditResult {
  const same = { text, parents: [], before: inserted, movedForeignText: false, empty: false, notes: [], released };
  return { ...same, inserted: released.length > 0 ? [] : inserted };
}

/** Where the user's own text makes way for another one: only where it stands once. */
function replacedPlaces(text: string, { found = [] }: EditRequest): Span[] {
  const places = found.map(({ value }) => ownPlaces(text, String(value))).filter((each) => each.length === 1);
  return places.flat().sort((a, b) => a.start - b.start);
}

/** Throws `Unplaceable` when markers stand there, but no block that is certainly ours. */
function blockOf(text: string, { set, remove, placed, inserted }: EditRequest): Block | undefined {
  const wanted = composeBody(sectionsAfter({ memories: new Map() }, { set, remove: [], placed }));
  const found = foundBlock(text, inserted) ?? wholeBlock(text) ?? brokenBlock(text, inserted, wanted);
  const address = (set[0] ?? remove[0] ?? placed[0])?.address;
  const [stray] = markerLines(text);
  if (found || !stray || !address) return found;
  const line = lineAt(text, stray.start);
  const reason = 'the markers of our block are broken and the text between them is not as we wrote it';
  throw new Unplaceable(reason, address, line);
}

/** The sections after the edit: memories in the order of `placed`, those that nobody asked about after them. */
function sectionsAfter(
  old: Sections,
  { set, remove, placed }: Pick<EditRequest, 'set' | 'remove' | 'placed'>,
): Sections {
  let main = old.main;
  const memories = new Map(old.memories);
  for (const { address } of remove) {
    const name = memoryOf(address);
    if (name === undefined) main = undefined;
    else memories.delete(name);
  }
  for (const { address, value } of set) {
    const name = memoryOf(address);
    if (name === undefined) main = normalText(String(value));
    else memories.set(name, normalText(String(value)));
  }
  const named = [...placed, ...set].flatMap(({ address }) => memoryOf(address) ?? []);
  const order = [...new Set([...named, ...memories.keys()])].filter((name) => memories.has(name));
  return { main, memories: new Map(order.map((name) => [name, memories.get(name) as string])) };
}

/** The line ends before the block that the record says are ours; never one that now ends a line of the user's. */
function glueBefore(text: string, block: Block, { inserted }: EditRequest): Span | undefined {
  const recorded = inserted.map((piece) => piece.text).find((own) => own.includes(beginMarker)) ?? '';
  const glue = recorded.slice(0, Math.max(0, recorded.indexOf(beginMarker)));
  const start = block.start - glue.length;
  if (glue === '' || glue.trim() !== '' || start < 0 || text.slice(start, block.start) !== glue) return undefined;
  const joins = start > 0 && text[start - 1] !== '\n' && block.end < text.length;
  return { start: joins ? start + (glue.startsWith('\r\n') ? 2 : 1) : start, end: block.start };
}

function splicesFor(
  text: string,
  block: Block | undefined,
  glue: Span | undefined,
  old: Sections,
  now: Sections,
): Splice[] {
  const body = composeBody(now);
  if (body === '')
    return [block, glue].flatMap((span) => (span ? [{ start: span.start, end: span.end, insert: [] }] : []));
  if (block?.whole && sameSections(old, now)) return [];
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const own = `${beginMarker}\n${body}${endMarker}\n`.replaceAll('\n', eol);
  if (block) return [{ start: block.start, end: block.end, insert: [{ text: own, ours: true }] }];
  const at = text.length;
  return [{ start: at, end: at, insert: [{ text: glueAfter(text, eol) + own, ours: true }] }];
}

/** What it takes to put a blank line after a text. */
function glueAfter(text: string, eol: string): string {
  if (text === '' || text === '\uFEFF' || /(?:^|\n)\r?\n$/.test(text)) return '';
  return text.endsWith('\n') ? eol : eol + eol;
}

function sameSections(a: Sections, b: Sections): boolean {
  return sameValue(tableOfSections(a), tableOfSections(b));
}

/** Throws `Unplaceable` for a text that could not be told from our own delimiters. */
function refuseDelimiters({ address, value }: UnitValue): void {
  const name = memoryOf(address);
  const text = normalText(String(value));
  const misnamed = name !== undefined && /[\r\n]|-->|^\s|\s$/.test(name);
  const closed = name !== undefined && text.split('\n').some((line) => line.trimEnd() === delimitersOf(name)[1]);
  const nested = name === undefined && parseBody(`${text}\n`).memories.size > 0;
  if (!misnamed && !closed && !nested && markerLines(text).length === 0) return;
  throw new Unplaceable("the text holds a line that is one of Syncline's own delimiters", address);
}

/** The last guard: what is read back must be what was asked for. */
function check(text: string, sections: Sections, { set, remove, placed }: EditRequest, line: number): void {
  const read = parseBody(wholeBlock(text)?.body ?? '');
  const address = (set[0] ?? remove[0] ?? placed[0])?.address ?? { path: ['block'] };
  if (!sameSections(read, sections))
    throw new Unplaceable('our block would not read back as it was meant', address, line);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
