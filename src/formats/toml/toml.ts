import type { Table } from '../../model/value.ts';
import type { EditableFormat } from '../format.ts';
import { amend } from './amend.ts';
import { type Doc, readDoc } from './doc.ts';
import { edit } from './edit.ts';
import { lineOfKey } from './line-of.ts';
import { hasLostOne, isBetween, type Mark, marksOf } from './marked.ts';
import { read } from './read.ts';
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

interface Reading {
  readonly text: string;
  readonly doc: Doc;
  readonly values: Table;
  readonly marks: readonly Mark[];
}

let latest: Reading | undefined;

// Asked once per unit of the same file, which must not cost one reading each.
function readOnce(text: string): Reading {
  if (latest?.text === text) return latest;
  const values = read(text);
  const doc = readDoc(text);
  latest = { text, doc, values, marks: marksOf(doc) };
  return latest;
}
