import { mergeEdits } from '../../content/pieces/edits.ts';
import { decodeText } from '../../content/text.ts';
import type { PathValue } from '../../formats/format.ts';
import { digestOfFile } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import { canonical, type KeyPath, sameValue, startsWith } from '../../model/value.ts';
import { afterEdit, type ChangedFile, type SourceChange, type SourceEdit, textOf, type ValueEdit } from './change.ts';

/** Two units that want different things of one source file. The sides are texts that may hold secrets. */
export interface AdoptConflict {
  readonly ids: readonly [string, string];
  readonly path: string;
  readonly sides: readonly [string, string];
}

/** What all changes make of the source. */
export interface Changed {
  readonly files: readonly ChangedFile[];
  readonly conflicts: readonly AdoptConflict[];
  readonly refused: readonly Finding[];
}

/** Brings changes together, file by file; what two units say alike counts once. */
export function applyChanges({ files }: SourceTree, changes: readonly SourceChange[]): Changed {
  const changed: { files: ChangedFile[]; conflicts: AdoptConflict[]; refused: Finding[] } = {
    ...{ files: [], conflicts: [], refused: [] },
  };
  for (const path of new Set(changes.map((change) => change.path))) {
    const standing = files.find((file) => file.path === path);
    const [first, ...others] = changes.filter((change) => change.path === path);
    const whole = others.reduce<Joined>(
      (all, next) => ('sides' in all ? all : join(all, next, standing)),
      first as SourceChange,
    );
    const made = 'sides' in whole ? whole : afterEdit(whole.edit, path, standing);
    if ('sides' in made) changed.conflicts.push(made);
    else if ('code' in made) changed.refused.push(made);
    else changed.files.push(made);
  }
  return changed;
}

type Joined = SourceChange | AdoptConflict;

function join(one: SourceChange, other: SourceChange, standing: SourceFile | undefined): Joined {
  const joined = joinedEdit(one.edit, other.edit, standing);
  if ('kind' in joined) return { ...one, edit: joined };
  const sides = joined.sides ?? [shown(one, standing), shown(other, standing)];
  return { ids: [one.id, other.id], path: one.path, sides };
}

/** One edit for two, or two sides that cannot be one; without texts of their own, the whole files are to be shown. */
function joinedEdit(
  a: SourceEdit,
  b: SourceEdit,
  standing: SourceFile | undefined,
): SourceEdit | { readonly sides: AdoptConflict['sides'] | undefined } {
  if (a.kind === 'text' && b.kind === 'text') {
    const merged = mergeEdits(textOf(standing), a.edits, b.edits);
    if ('merged' in merged) return { ...a, ...b, edits: merged.merged };
    const [{ one, other }] = merged.conflicts;
    return { sides: [one, other] };
  }
  if (a.kind === 'values' && b.kind === 'values') {
    const sides = meetingOf(a, b);
    return sides ? { sides } : union(a, b);
  }
  return isSameFile(a, b) ? a : { sides: undefined };
}

function isSameFile(a: SourceEdit, b: SourceEdit): boolean {
  if (a.kind !== 'whole' || b.kind !== 'whole') return a.kind === 'remove' && b.kind === 'remove';
  return digestOfFile(a.content, a.executable) === digestOfFile(b.content, b.executable);
}

function shown({ edit, path }: SourceChange, standing: SourceFile | undefined): string {
  const made = afterEdit(edit, path, standing);
  return 'after' in made && made.after ? (decodeText(made.after.bytes) ?? '(binary)') : '(removed)';
}

/** Two edits that meet in one place and want different things there, as they would be read. */
function meetingOf(a: ValueEdit, b: ValueEdit): readonly [string, string] | undefined {
  for (const [path, value] of placesOf(a)) {
    const met = placesOf(b).find(([other]) => startsWith(other, path) || startsWith(path, other));
    if (met && !(canonical(met[0] as string[]) === canonical(path as string[]) && sameValue(met[1], value))) {
      const text = (at: KeyPath, now: typeof value) =>
        now === undefined ? `(removed: ${at.join('.')})` : a.format.render({ path: at }, now);
      return [text(path, value), text(met[0], met[1])];
    }
  }
  return undefined;
}

function placesOf({ set, remove }: ValueEdit) {
  return [...set.map(({ path, value }) => [path, value] as const), ...remove.map((path) => [path, undefined] as const)];
}

function union(a: ValueEdit, b: ValueEdit): ValueEdit {
  const more = (list: readonly PathValue[], added: readonly PathValue[]) => [
    ...list,
    ...added.filter(({ path, value }) => !list.some((one) => sameValue(one.path, path) && sameValue(one.value, value))),
  ];
  const remove = [...a.remove, ...b.remove.filter((path) => !a.remove.some((one) => sameValue(one, path)))];
  return { ...a, set: more(a.set, b.set), append: more(a.append, b.append), remove };
}
