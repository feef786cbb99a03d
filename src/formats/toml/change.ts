import { isTable, type KeyPath, sameValue, type Table, type Value, valueAt } from '../../model/value.ts';
import type { EditRequest, UnitText, UnitValue } from '../format.ts';
import { type Doc, placeAt } from './read/doc.ts';
import { lastIndexOf } from './units.ts';

/** What has to change in a file, by value. */
export interface Change {
  readonly cut: Cut[];
  readonly replace: Write[];
  readonly add: Addition[];
}

/** A key path to take out with all below it, or the last of the equal elements of a list. */
export interface Cut {
  readonly path: KeyPath;
  readonly digest?: string;
}

export interface Write {
  readonly unit: UnitText;
  readonly path: KeyPath;
  readonly value: Value;
}

/** A value for a path at which nothing stands. `part`: of an entry that stands; elements come as one list per path. */
export interface Addition extends Write {
  readonly form: 'leaf' | 'entry' | 'part' | 'elements';
}

/** Compares what is asked for with what stands in the file. Equal values give no change. */
export function changeFor(doc: Doc, values: Table, request: EditRequest): Change {
  const change: Change = { cut: request.remove.map(cutOf), replace: [], add: [] };
  const lists: NewElements = new Map();
  for (const unit of request.set) {
    if (unit.kind === 'element') setElement(change, values, unit, lists);
    else if (unit.kind === 'entry') setEntry(change, doc, values, unit);
    else
      setValue(
        change,
        doc,
        { unit, path: unit.address.path, value: unit.value },
        valueAt(values, unit.address.path),
        'leaf',
      );
  }
  return change;
}

/** True when there is nothing to do but to look at the layout. */
export function isNothing({ cut, replace, add }: Change): boolean {
  return cut.length + replace.length + add.length === 0;
}

function cutOf({ address }: UnitText): Cut {
  return address.element ? { path: address.path, digest: address.element.digest } : { path: address.path };
}

/** The elements to add, by the list that they go into. */
type NewElements = Map<string, Value[]>;

function setElement(change: Change, values: Table, unit: UnitValue, lists: NewElements): void {
  const { path, element } = unit.address;
  if (lastIndexOf(valueAt(values, path), element?.digest ?? '') >= 0) return;
  const key = JSON.stringify(path);
  const standing = lists.get(key);
  if (standing) {
    standing.push(unit.value);
    return;
  }
  const value = [unit.value];
  lists.set(key, value);
  change.add.push({ unit, path, value, form: 'elements' });
}

function setEntry(change: Change, doc: Doc, values: Table, unit: UnitValue): void {
  const { path } = unit.address;
  const have = valueAt(values, path);
  for (const each of unit.drop ?? []) {
    const full = [...path, ...each];
    if (valueAt(values, full) !== undefined) change.cut.push({ path: full });
  }
  if (isTable(have) && isTable(unit.value)) setTable(change, doc, { unit, path, value: unit.value }, have);
  else setValue(change, doc, { unit, path, value: unit.value }, have, 'entry');
}

function setTable(change: Change, doc: Doc, write: Write, have: Table): void {
  const want = write.value as Table;
  for (const key of Object.keys(want)) {
    const inner: Write = { unit: write.unit, path: [...write.path, key], value: want[key] as Value };
    const old = valueAt(have, [key]);
    if (isTable(old) && isFilled(inner.value)) setTable(change, doc, inner, old);
    else setValue(change, doc, inner, old, 'part');
  }
}

function setValue(change: Change, doc: Doc, write: Write, have: Value | undefined, form: Addition['form']): void {
  if (sameValue(have, write.value)) return;
  if (have === undefined) change.add.push({ ...write, form });
  else if (placeAt(doc.root, write.path)?.slot) change.replace.push(write);
  else {
    change.cut.push({ path: write.path });
    change.add.push({ ...write, form });
  }
}

/** An empty table below an entry is a value like any other; a filled one is a place for values. */
function isFilled(value: Value): boolean {
  return isTable(value) && Object.keys(value).length > 0;
}
