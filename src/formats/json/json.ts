import { recently } from '../../model/memo/recently.ts';
import { type Address, addressText } from '../../model/unit.ts';
import type { Value } from '../../model/value.ts';
import type { EditableFormat } from '../format.ts';
import { amend } from './amend.ts';
import { plainLayout, write } from './draft/style.ts';
import { edit } from './edit.ts';
import { managedIn, markerKey } from './marker.ts';
import { doubledKeys } from './read/doubled-keys.ts';
import { lineOfKey } from './read/line-of.ts';
import { readFile } from './read/parse.ts';

/**
 * JSON as both clients read it: no comments, of doubled keys the last. Claude Code writes whole files anew, with known keys
 * first and two spaces, so ownership is looked up in the record and the structure, never in positions alone
 * (research/clients.md, Claude Code §3). `read` gives our marker key too.
 */
export const json: EditableFormat = {
  name: 'json',
  markerKey,
  read: readFile,
  isMarked: (text, { address }) => text !== '' && managedOnce(text).has(addressText(address)),
  edit: (text, request) => edit(text, { ...request, markerKey }),
  render,
  lineOf: lineOfKey,
  amend,
  doubledKeys,
};

// Asked once per unit of the same file.
const managedOnce = recently((text) => new Set(managedIn(readFile(text))));

const { markerKey: _, ...unmarked } = json;

/**
 * JSON of a client that refuses a file for a root key it does not know (Codex's `hooks.json`: research/clients.md, Codex
 * §7). Nothing in the file says what is ours: only the record does, and `_syncline` is a key like any other.
 */
export const unmarkedJson: EditableFormat = {
  ...unmarked,
  isMarked: () => false,
  edit: (text, request) => edit(text, { ...request, markerKey: undefined }),
};

function render({ path, element }: Address, value: Value): string {
  const text = write(value, { layout: plainLayout, indent: '', inline: false });
  return element ? text : `${JSON.stringify(path.at(-1) ?? '')}: ${text}`;
}
