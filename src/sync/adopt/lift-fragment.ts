import type { WantedUnit } from '../../model/unit.ts';
import { type KeyPath, type Value, valueAt } from '../../model/value.ts';
import { type FragmentSource, type Place, partAt, placesOfElement } from '../source/fragment.ts';
import type { FragmentPart } from '../source/fragment-parts.ts';
import type { SourceChange, ValueEdit } from './change.ts';
import { withTokens } from './restore-tokens.ts';

/** The edit of one key: into the file it comes from. Undefined `have`: somebody took it out. */
export function liftLeaf(source: FragmentSource, unit: WantedUnit, have: Value | undefined): SourceChange[] {
  const path = unit.address?.path ?? [];
  const at = partAt(source.target, source.fragment, path);
  return at ? [valueChange(source, unit.id, at, { want: unit.value, have })] : [];
}

/** The edit of one element of a list, in every file that has it; undefined `have`: somebody took it out. */
export function liftElement(source: FragmentSource, unit: WantedUnit, have: Value | undefined): SourceChange[] {
  const want = unit.value as Value;
  const places = placesOfElement(source, source.fragment, unit.address?.path ?? [], want);
  return places.map((at) => valueChange(source, unit.id, at, { want, have }));
}

/** A value as it was deployed, and as the runtime has it; absent: somebody took it out. */
export interface EditedValue {
  readonly want: Value | undefined;
  readonly have: Value | undefined;
}

/** One value put or taken out where it stands; the source's own spelling and tokens stay. */
export function valueChange(
  { tokens }: FragmentSource,
  id: string,
  { part, path }: Place,
  { want, have }: EditedValue,
): SourceChange {
  if (have === undefined) return changeOf(id, part, { remove: [path] });
  const value = withTokens({ literal: through(part.literal, path), want, have }, tokens);
  return changeOf(id, part, { set: [{ path, value }] });
}

/** A change of one of the files of a fragment. */
export function changeOf(id: string, { file, format }: FragmentPart, edit: Partial<ValueEdit>): SourceChange {
  return { id, path: file.path, edit: { kind: 'values', format, set: [], append: [], remove: [], ...edit } };
}

/** The value at a path that may lead through lists. */
function through(root: Value, path: KeyPath): Value | undefined {
  return path.reduce<Value | undefined>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)] as Value | undefined;
    return valueAt(value, [key]);
  }, root);
}
