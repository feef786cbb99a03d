import { applyEdits, type TextEdit } from '../../content/pieces/edits.ts';
import { decodeText, encodeText } from '../../content/text.ts';
import { type EditableFormat, Malformed, type PathValue, Unplaceable } from '../../formats/format.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import type { KeyPath } from '../../model/value.ts';

/** What one adopted unit does to one source file. */
export interface SourceChange {
  /** The unit that it was seen in. */
  readonly id: string;
  /** Relative to the repository; absolute in a layer outside it. */
  readonly path: string;
  readonly edit: SourceEdit;
}

/** A new text in parts or as a whole, new values, or the end of the file. */
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

/** A source file after all changes of it; null where it goes. */
export interface ChangedFile {
  readonly path: string;
  readonly after: Pick<SourceFile, 'bytes' | 'executable'> | null;
}

/** The tree with some files changed. */
export function changedTree(tree: SourceTree, changed: readonly ChangedFile[]): SourceTree {
  const kept = tree.files.filter(({ path }) => !changed.some((file) => file.path === path));
  const made = changed.flatMap(({ path, after }) => (after ? [{ path, ...after }] : []));
  return { ...tree, files: [...kept, ...made].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** A source file after an edit of it, or why the edit has no place in it. */
export function afterEdit(edit: SourceEdit, path: string, standing: SourceFile | undefined): ChangedFile | Finding {
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

/** The text of a source file; one that is not there, or is no text, has none. */
export function textOf(file: SourceFile | undefined): string {
  return file ? (decodeText(file.bytes) ?? '') : '';
}
