import fc from 'fast-check';
import type { EditResult, UnitText, UnitValue } from '../../src/formats/format.ts';
import { markdown } from '../../src/formats/markdown/markdown.ts';
import { stripOurs, tagged } from '../../src/formats/tagged-text.ts';
import { editInTurn, sameUnit } from './edit-in-turn.ts';

/** The line that opens our block. */
export const begin = '<!-- >>> syncline managed >>> -->';
/** The line that closes it. */
export const end = '<!-- <<< syncline managed <<< -->';
/** A unit: the main text, or a memory. */
export const section = (path: string[], value: string): UnitValue => ({ kind: 'section', address: { path }, value });
export const main = section(['block'], '# Ours\n\nBe brief.');
export const global = section(['memory', 'global.md'], 'Use tabs.\n\n- one\n- two');
const conventions = section(['memory', 'conventions.md'], 'Write tests.');
/** A unit of each kind. */
export const units = [main, global, conventions];

/** A file between two edits, and what the record knows of it. */
export interface State {
  readonly text: string;
  readonly placed: readonly UnitValue[];
  readonly inserted: EditResult['inserted'];
}

/** A file that we never edited. */
export const untouched = (text: string): State => ({ text, placed: [], inserted: [] });

/** One edit: units to set, units to remove. */
export function step(
  state: State,
  set: readonly UnitValue[],
  remove: readonly UnitText[] = [],
): State & { result: EditResult } {
  const gone = (unit: UnitValue) => [...set, ...remove].some((other) => sameUnit(unit, other));
  const placed = units
    .flatMap((unit) =>
      [...set, ...state.placed.filter((other) => !gone(other))].filter((other) => sameUnit(unit, other)),
    )
    .filter((unit, index, all) => all.indexOf(unit) === index);
  const request = { set, remove, placed, inserted: state.inserted, parents: [], label: 'repo' };
  const result = markdown.edit(state.text, request);
  return { text: result.text, placed, inserted: result.inserted, result };
}

const spans = (inserted: EditResult['inserted']) =>
  inserted.map(({ at, text }) => ({ start: at, end: at + text.length }));
/** The user's own part of a text. */
export const ownText = (text: string, inserted: EditResult['inserted']) => stripOurs(tagged(text, spans(inserted)));

const line = fc.constantFrom('# Mine', '', 'text', '<!-- a comment -->', '```', '- x', '<!-- memory/global.md -->');
/** Files as people write them. */
export const userText = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([bom, lines, eol, last]) => bom + lines.join(eol) + (last && lines.length > 0 ? eol : ''));
export const batches = fc.array(fc.uniqueArray(fc.nat(2), { minLength: 1 }), { minLength: 1, maxLength: 5 });

/** Edits in turn, each of them checked. */
export function run(
  text: string,
  plan: readonly (readonly number[])[],
  check: (state: State & { result: EditResult }) => void,
): State {
  return editInTurn(untouched(text), units, plan, step, check);
}

/** What `read` gives for some units. */
export function valuesOf(units: readonly UnitValue[]): unknown {
  const memories = units.filter(({ address }) => address.path[0] === 'memory');
  const block = units.find(({ address }) => address.path[0] === 'block');
  const memory = Object.fromEntries(memories.map(({ address, value }) => [address.path[1], value]));
  return { ...(block ? { block: block.value } : {}), ...(memories.length > 0 ? { memory } : {}) };
}
