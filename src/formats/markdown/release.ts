import type { EditRequest, UnitText } from '../format.ts';
import type { Splice } from '../tagged-text.ts';
import type { Block } from './find-block.ts';
import { memoryOf, type Sections } from './sections.ts';

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
