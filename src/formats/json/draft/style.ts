import { isTable, type Value } from '../../../model/value.ts';
import { type Container, type Draft, piecesOfDraft, type Slot, textOf } from './draft.ts';

/** How a file is written. */
export interface Layout {
  readonly eol: string;
  readonly unit: string;
  /** No white space between tokens at all. */
  readonly compact: boolean;
  /** Lists of scalars stand on one line, wherever they stand. */
  readonly flatLists: boolean;
  /** What stands inside the braces of an object on one line. */
  readonly pad: string;
}

/** How a value is written at its place. */
export interface Style {
  readonly layout: Layout;
  /** The indentation of the line on which the value starts. */
  readonly indent: string;
  readonly inline: boolean;
}

const lineBreak = /\r\n|\r|\n/;

/** What JSON writers write when there is no file to follow. */
export const plainLayout: Layout = { eol: '\n', unit: '  ', compact: false, flatLists: false, pad: '' };

/** The layout of a file, seen in its root object. */
export function layoutOf(draft: Draft): Layout {
  const { slots } = draft.root;
  const first = slots.find(onOwnLine);
  const eol = lineBreak.exec(textOf(first ? first.before : piecesOfDraft(draft)))?.[0] ?? '\n';
  const compact = slots.length > 0 && !first && textOf((slots[0] as Slot).head).endsWith('":');
  return { eol, unit: (first && indentOf(first)) || '  ', compact, flatLists: false, pad: '' };
}

/** True when a member starts on a line of its own. */
export function onOwnLine(slot: Slot): boolean {
  return lineBreak.test(textOf(slot.before));
}

/** The white space between the last line break before a member and the member. */
export function indentOf(slot: Slot): string {
  return textOf(slot.before).split(lineBreak).at(-1) as string;
}

/** The line break that stands before a member. */
export function breakOf(slot: Slot): string {
  return lineBreak.exec(textOf(slot.before))?.[0] ?? '\n';
}

/** What to write before a new member that follows `sibling` in a container on one line. */
export function gapAfter(container: Container, sibling: Slot, layout: Layout): string {
  if (sibling !== container.slots[0]) return textOf(sibling.before);
  if (container.kind === 'object') return /\s$/.test(textOf(sibling.head)) ? ' ' : '';
  return layout.compact ? '' : ' ';
}

/** The colon as the members of a container have it. */
export function colonAfter(sibling: Slot | undefined, layout: Layout): string {
  const colon = sibling && /\s*:\s*$/.exec(textOf(sibling.head))?.[0];
  if (colon === undefined || lineBreak.test(colon)) return layout.compact ? ':' : ': ';
  return colon;
}

/** A value as JSON text. Integers beyond 2^53 are written exactly. */
export function write(value: Value, style: Style): string {
  const list = Array.isArray(value);
  if (!list && !isTable(value)) return scalarText(value);
  const { layout, indent } = style;
  const inline = style.inline || (list && layout.flatLists && value.every((item) => isScalar(item as Value)));
  const [open, close] = list ? '[]' : '{}';
  const deeper = { ...style, indent: inline ? indent : indent + layout.unit };
  const members = list
    ? value.map((item) => write(item as Value, deeper))
    : Object.entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}${layout.compact ? ':' : ': '}${write(item, deeper)}`,
      );
  if (members.length === 0) return `${open}${close}`;
  const pad = list ? '' : layout.pad;
  if (inline) return `${open}${pad}${members.join(layout.compact ? ',' : ', ')}${pad}${close}`;
  const line = layout.eol + deeper.indent;
  return `${open}${line}${members.join(`,${line}`)}${layout.eol}${indent}${close}`;
}

function isScalar(value: Value): boolean {
  return !Array.isArray(value) && !isTable(value);
}

function scalarText(value: Value): string {
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}
