import { recently } from '../../model/memo/recently.ts';
import type { EditableFormat } from '../format.ts';
import { amend } from './amend/amend.ts';
import { edit } from './edit.ts';
import { hasLostOne, isBetween, marksOf } from './marked.ts';
import { readDoc } from './read/doc.ts';
import { lineOfKey } from './read/line-of.ts';
import { read } from './read/read.ts';
import { render } from './render.ts';

/**
 * TOML as Codex reads and writes it: all of TOML 1.1 in, TOML 1.0 out. Our text stands in one marked block, or in the
 * user's own table where a key needs to.
 */
export const toml: EditableFormat = {
  name: 'toml',
  read,
  edit,
  amend,
  render,
  lineOf: lineOfKey,
  isMarked: (text, unit) => {
    const { doc, values, marks } = readOnce(text);
    return isBetween(marks, doc, values, unit) || (unit.kind === 'entry' && hasLostOne(marks));
  },
};

// Asked once per unit of the same file, which must not cost one reading each.
const readOnce = recently((text) => {
  const values = read(text);
  const doc = readDoc(text);
  return { doc, values, marks: marksOf(doc) };
});
