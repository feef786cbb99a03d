import { applyEdits, mergeEdits, type TextEdit } from '../../content/edits.ts';
import { decodeText, encodeText } from '../../content/text.ts';
import { type EditableFormat, Malformed, type PathValue, Unplaceable } from '../../formats/format.ts';
import { digestOfFile } from '../../model/digest.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import { canonical, type KeyPath, sameValue, startsWith } from '../../model/value.ts';

/** What one adopted unit does to one source file. */
export interface SourceChange {
  /** The unit that it was seen in. */
  readonly id: string;
  /** Relative to the repository; absolute in a layer outside it. */
  readonly path: string;
  readonly edit: SourceEdit;
}

export type SourceEdit =
  | { readonly kind: 'text'; readonly edits: readonly TextEdit[]; readonly executable?: boolean }
  | ValueEdit
  | { readonly kind: 'whole'; readonly content: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'remove' };

/** Values to put, to append to lists, and paths to take out, of a structured source file. */
export interface ValueEdit {
  readonly kind: 'values';
  readonly format: EditableFormat;
  readonly set: readonly PathValue[];
  readonly append: readonly PathValue[];
  readonly remove: readonly KeyPath[];
}

/** Two units that want different things of one source file. The sides are texts that may hold secrets. */
export interface AdoptConflict {
  readonly ids: readonly [string, string];
  readonly path: string;
  readonly sides: readonly [string, string];
}

/** A source file after all changes of it; null where it goes. */
export interface ChangedFile {
  readonly path: string;
  readonly after: Pick<SourceFile, 'bytes' | 'executable'> | null;
}

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
    const own = changes.filter((change) => change.path === path);
    const whole = own
      .slice(1)
      .reduce<SourceChange | AdoptConflict>((all, next) => both(all, next, standing), own[0] as SourceChange);
    if ('sides' in whole) changed.conflicts.push(whole);
    else {
      const made = afterEdit(whole.edit, path, standing);
      if ('code' in made) changed.refused.push(made);
      else changed.files.push(made);
    }
  }
  return changed;
}

/** The tree with some files changed. */
export function changedTree(tree: SourceTree, changed: readonly ChangedFile[]): SourceTree {
  const kept = tree.files.filter(({ path }) => !changed.some((file) => file.path === path));
  const made = changed.flatMap(({ path, after }) => (after ? [{ path, ...after }] : []));
  return { ...tree, files: [...kept, ...made].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function both(
  one: SourceChange | AdoptConflict,
  other: SourceChange,
  standing: SourceFile | undefined,
): SourceChange | AdoptConflict {
  if ('sides' in one) return one;
  const [a, b] = [one.edit, other.edit];
  const conflict = (sides: readonly [string, string]) => ({ ids: [one.id, other.id], path: one.path, sides }) as const;
  if (a.kind === 'text' && b.kind === 'text') {
    const merged = mergeEdits(textOf(standing), a.edits, b.edits);
    if ('merged' in merged) return { ...one, edit: { ...a, ...b, edits: merged.merged } };
    return conflict([merged.conflicts[0].one, merged.conflicts[0].other]);
  }
  if (a.kind === 'values' && b.kind === 'values') {
    const meeting = meetingOf(a, b);
    return meeting ? conflict(meeting) : { ...one, edit: union(a, b) };
  }
  if (
    a.kind === 'whole' &&
    b.kind === 'whole' &&
    digestOfFile(a.content, a.executable) === digestOfFile(b.content, b.executable)
  )
    return one;
  if (a.kind === 'remove' && b.kind === 'remove') return one;
  return conflict([shown(a, one.path, standing), shown(b, one.path, standing)]);
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

function afterEdit(edit: SourceEdit, path: string, standing: SourceFile | undefined): ChangedFile | Finding {
  const executable = standing?.executable ?? false;
  if (edit.kind === 'remove') return { path, after: null };
  if (edit.kind === 'whole') return { path, after: { bytes: edit.content, executable: edit.executable } };
  try {
    const text = textOf(standing);
    const now = edit.kind === 'text' ? applyEdits(text, edit.edits) : edit.format.amend(text, edit);
    const bit = edit.kind === 'text' ? (edit.executable ?? executable) : executable;
    return { path, after: { bytes: encodeText(now), executable: bit } };
  } catch (error) {
    if (!(error instanceof Unplaceable || error instanceof Malformed)) throw error;
    const place = { path, ...(error.line === undefined ? {} : { line: error.line }) };
    return problem(
      'not-adopted',
      `the edit has no place in the source: ${error.message}`,
      'Make it there by hand.',
      place,
    );
  }
}

function shown(edit: SourceEdit, path: string, standing: SourceFile | undefined): string {
  const made = afterEdit(edit, path, standing);
  return 'after' in made && made.after ? (decodeText(made.after.bytes) ?? '(binary)') : '(removed)';
}

function textOf(file: SourceFile | undefined): string {
  return file ? (decodeText(file.bytes) ?? '') : '';
}
