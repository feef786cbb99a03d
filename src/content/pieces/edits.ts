import { commonLines, gapsOf } from './differences.ts';

/** Replace `[start, end)` of a source file's text (as `decodeText` gives it) by `text`. */
export interface TextEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text after edits of it, which do not overlap; those at one place are made in the order given. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}

/** Lines that two clients, or two units, want in different ways. */
export interface EditConflict {
  readonly path: string;
  /** Of the source, one-based. */
  readonly line: number;
  readonly source: string;
  readonly one: string;
  readonly other: string;
}

export type MergedEdits =
  | { readonly merged: readonly TextEdit[] }
  | { readonly conflicts: readonly [EditConflict, ...EditConflict[]] };

/**
 * Brings edits of one source file together that were seen in two places: what both say counts once, what touches no line
 * of the other is taken from each, all else is a conflict. `text` is the source. The merged edits are of whole lines.
 */
export function mergeEdits(text: string, one: readonly TextEdit[], other: readonly TextEdit[]): MergedEdits {
  const [first, second] = [lineEdits(text, one), lineEdits(text, other)];
  const merged: TextEdit[] = [];
  const conflicts: EditConflict[] = [];
  for (const [start, end] of clustersOf([...first, ...second])) {
    const within = (edits: readonly TextEdit[]) => edits.filter((edit) => edit.start >= start && edit.end <= end);
    const [mine, theirs] = [within(first), within(second)];
    if (theirs.length === 0 || sameEdits(mine, theirs)) merged.push(...mine);
    else if (mine.length === 0) merged.push(...theirs);
    else conflicts.push(conflictOf(text, start, end, mine, theirs));
  }
  const [conflict, ...more] = conflicts;
  return conflict ? { conflicts: [conflict, ...more] } : { merged };
}

/** The edits as edits of whole lines: those that make the same text are the same. */
function lineEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const path = edits[0]?.path ?? '';
  const now = applyEdits(text, edits);
  const gaps = gapsOf(commonLines(text, now), text.length, now.length);
  return gaps.map(([start, end, from, to], index) =>
    slidDown({ path, start, end, text: now.slice(from, to) }, text, gaps[index + 1]?.[0] ?? text.length),
  );
}

/** Of equal places for lines put in or taken out the lowest, so that two who did the same did it at the same place. */
function slidDown(edit: TextEdit, text: string, limit: number): TextEdit {
  const isNew = edit.start === edit.end;
  if (!isNew && edit.text !== '') return edit;
  let { start, end } = edit;
  let lines = isNew ? edit.text : text.slice(start, end);
  for (;;) {
    const line = lines.slice(0, lines.indexOf('\n') + 1);
    if (line === '' || end + line.length > limit || !text.startsWith(line, end)) break;
    lines = lines.slice(line.length) + line;
    start += line.length;
    end += line.length;
  }
  return { ...edit, start, end, text: isNew ? lines : '' };
}

/** The ranges in which edits overlap or touch. */
function clustersOf(edits: readonly TextEdit[]): [start: number, end: number][] {
  const clusters: [number, number][] = [];
  for (const { start, end } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = clusters.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else clusters.push([start, end]);
  }
  return clusters;
}

function sameEdits(one: readonly TextEdit[], other: readonly TextEdit[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ start, end, text }, index) => {
      const twin = other[index] as TextEdit;
      return twin.start === start && twin.end === end && twin.text === text;
    })
  );
}

function conflictOf(
  text: string,
  start: number,
  end: number,
  one: readonly TextEdit[],
  other: readonly TextEdit[],
): EditConflict {
  const source = text.slice(start, end);
  const shown = (edits: readonly TextEdit[]) =>
    applyEdits(
      source,
      edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
    );
  const line = text.slice(0, start).split('\n').length;
  return { path: (one[0] as TextEdit).path, line, source, one: shown(one), other: shown(other) };
}
