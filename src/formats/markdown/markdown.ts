import { isTable, type KeyPath, type Table, valueAt } from '../../model/value.ts';
import type { Format } from '../format.ts';
import type { Inserted } from '../tagged-text.ts';
import { edit } from './edit.ts';
import { brokenBlock, foundBlock, markerLines, ownPlaces, wholeBlock } from './find-block.ts';
import { delimitersOf, normalText, parseBody, tableOfSections } from './sections.ts';

/**
 * CLAUDE.md and AGENTS.md: one block of ours between two comments, in it the main text and the inlined memories. Claude
 * Code strips comments before the model sees them, Codex does not (research/clients.md).
 */
export const markdown: Format = {
  name: 'markdown',
  read,
  isMarked: (text, { address }) => valueAt(sectionsIn(text), address.path) !== undefined,
  edit,
  render: (_, value) => normalText(String(value)),
  lineOf,
  standsIn: (text, section) => !hasStrayMarkers(text) && ownPlaces(text, section).length > 0,
};

/** Broken markers: what stands there may be ours. */
function hasStrayMarkers(text: string): boolean {
  return markerLines(text).length > 0 && !wholeBlock(text);
}

function read(text: string, inserted: readonly Inserted[] = []): Table {
  const block = foundBlock(text, inserted) ?? wholeBlock(text) ?? brokenBlock(text, inserted, '');
  return tableOfSections(parseBody(block?.body ?? ''));
}

function sectionsIn(text: string): Table {
  return tableOfSections(parseBody(wholeBlock(text)?.body ?? ''));
}

function lineOf(text: string, [section, name]: KeyPath): number | undefined {
  const block = wholeBlock(text);
  if (!block) return undefined;
  const begin = text.slice(0, block.start).split('\n').length;
  const { memory } = sectionsIn(text);
  if (section !== 'memory' || name === undefined || !isTable(memory) || !Object.hasOwn(memory, name)) return begin + 1;
  const [open] = delimitersOf(name);
  return begin + 1 + block.body.split('\n').findIndex((line) => line.trimEnd() === open);
}
