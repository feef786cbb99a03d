import type { Table } from '../../model/value.ts';
import type { Format } from '../format.ts';
import { type Doc, readDoc } from './doc.ts';
import { edit, read } from './edit.ts';
import { lineOfKey } from './line-of.ts';
import { isMarkedIn } from './marked.ts';
import { render } from './render.ts';

/**
 * TOML as Codex reads and writes it: all of TOML 1.1 in, TOML 1.0 out. Our text stands in one marked block, or in the
 * user's own table where a key needs to.
 */
export const toml: Format = {
  name: 'toml',
  read,
  edit,
  render,
  lineOf: lineOfKey,
  isMarked: (text, unit) => {
    const { doc, values } = readOnce(text);
    return isMarkedIn(doc, values, unit);
  },
};

interface Reading {
  readonly text: string;
  readonly doc: Doc;
  readonly values: Table;
}

let latest: Reading | undefined;

// Asked once per unit of the same file, which must not cost one reading each.
function readOnce(text: string): Reading {
  if (latest?.text !== text) latest = { text, values: read(text), doc: readDoc(text) };
  return latest;
}
