import type { EditRequest, UnitText } from '../format.ts';
import type { Span, Splice } from '../tagged-text.ts';
import { type Block, ownPlaces } from './find-block.ts';
import { memoryOf, normalText, type Sections } from './sections.ts';

/** Those that we let go, if nothing else would be left in our block. */
export function releasedOf({ main, memories }: Sections, { release = [] }: EditRequest): readonly UnitText[] {
  const goes = (name: string | undefined) => release.some(({ address }) => memoryOf(address) === name);
  const all = [...(main === undefined ? [] : [undefined]), ...memories.keys()];
  return all.length > 0 && all.every(goes) ? release : [];
}

/** The text of the block without our markers and delimiters: the user's again, where it stands. */
export function unwrapped(text: string, block: Block | undefined, { main, memories }: Sections): Splice[] {
  if (!block) return [];
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const body = [...(main === undefined ? [] : [main]), ...memories.values()].join('\n\n');
  return [{ start: block.start, end: block.end, insert: [{ text: `${body}\n`.replaceAll('\n', eol), ours: false }] }];
}

/** The splices with what was the user's before us: it stands where our block stood or, when that stays, before it. */
export function givenBack(
  text: string,
  block: Block | undefined,
  glue: Span | undefined,
  splices: readonly Splice[],
  { giveBack = [] }: EditRequest,
): Splice[] {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const texts = giveBack.map(({ value }) => normalText(String(value)));
  const missing = texts.filter((own) => ownPlaces(text, own).length === 0);
  if (missing.length === 0) return [...splices];
  const at = glue?.start ?? block?.start ?? text.length;
  const joins = at > 0 && !text.slice(0, at).endsWith('\n') && text.slice(0, at) !== '\uFEFF' ? '\n' : '';
  const stays = splices.some((edit) => edit.start === block?.start && edit.insert.some(({ ours }) => ours));
  const own = `${joins}${missing.join('\n\n')}\n${stays ? '\n' : ''}`.replaceAll('\n', eol);
  return [{ start: at, end: at, insert: [{ text: own, ours: false }] }, ...splices];
}
