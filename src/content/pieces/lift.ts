import { escapeTokens } from '../placeholders.ts';
import { type Misread, misread, type PlacedEdit } from '../refused-edits.ts';
import { type Change, changesOf, fits, hostOf } from './changes.ts';
import type { TextEdit } from './edits.ts';
import { joinPieces, type Origin, type Piece } from './pieces.ts';
import { isWithin, type Placed, piecesAt, placePieces } from './placed-pieces.ts';
import { respell, spelledLines } from './respell.ts';

/** The edits of source files that an edit of a deployed text means, or why it cannot be carried there. */
export type Lifted = { readonly edits: readonly TextEdit[] } | Refusal;

/** Why an edit stays where it is: one or two sentences for people, and the line of the edited text, one-based. */
export interface Refusal {
  readonly refused: string;
  readonly line: number;
}

/**
 * Carries an edit of a deployed text (`have`, with the line ends of the pieces) into the source: lines that did not change
 * are not touched, and a token whose value is still there stays a token. The caller must make sure that the edited source
 * deploys as `have`: it does not where what Syncline takes away is put in, such as blank lines at the end of a block.
 */
export function liftText(pieces: readonly Piece[], have: string): Lifted {
  const old = joinPieces(pieces);
  if (old === have) return { edits: [] };
  const placed = placePieces(pieces);
  const changes = changesOf(placed, old, have);
  // A token that a person wrote is text: it is put into the source as such.
  const made = editsOf(
    changes.map((change) => ({ ...change, text: escapeTokens(change.text) })),
    placed,
    old,
  );
  const refused = Array.isArray(made) ? misread(pieces, made) : made;
  if (refused) return { refused: refused.reason, line: lineAt(have, refused.at) };
  const spelled = spelledLines(pieces);
  const respelled = changes.map(({ at, text, ...range }): Change => {
    const beside = [have[at - 1] ?? '\n', have[at + text.length] ?? '\n'] as const;
    return { ...range, at, text: respell(text, beside, spelled) };
  });
  const edits = editsOf(respelled, placed, old) as readonly PlacedEdit[];
  return { edits: edits.map(({ at: _, ...edit }) => edit) };
}

function lineAt(text: string, at: number): number {
  return text.slice(0, text[at] === '\n' ? at + 1 : at).split('\n').length;
}

/** The edits of all changes, in the order of the sources, or why there are none. */
function editsOf(changes: readonly Change[], placed: readonly Placed[], old: string): PlacedEdit[] | Misread {
  const edits: PlacedEdit[] = [];
  for (const change of changes) {
    const made = editsOfChange(change, placed, old);
    if (typeof made === 'string') return { reason: made, at: change.at };
    edits.push(...made.map((edit) => ({ ...edit, at: change.at })));
  }
  return edits.sort((a, b) => (a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1));
}

/** The edits that a change means, or why there are none. */
function editsOfChange(change: Change, placed: readonly Placed[], old: string): TextEdit[] | string {
  const { start, end, text } = change;
  if (start === end) {
    const host = hostOf(start, text, placed);
    return host ? [editAt(host.from, text)] : refusal(piecesAt(placed, start, end).find(({ piece }) => !piece.from));
  }
  if (!fits(change, placed)) {
    const touched = piecesAt(placed, start, end).filter((each) => isWithin(each, start, end));
    return refusal(touched.find(({ piece }) => !piece.from));
  }
  const goes = piecesAt(placed, start, end).filter((each) =>
    each.piece.text === '' ? isLost(each.start, change, old) : isWithin(each, start, end),
  );
  const origins = joined(goes.flatMap((each) => originWithin(each, start, end)));
  return origins.map((from, index) => editAt(from, index === 0 ? text : ''));
}

/** A token without a value goes when what stands on both its sides goes, or when its line does. */
function isLost(at: number, { start, end, text }: Change, old: string): boolean {
  if (start < at && at < end) return true;
  if (text !== '' || (at !== start && at !== end)) return false;
  const isLineStart = (old[start - 1] ?? '\n') === '\n';
  const isLineEnd = (old[end] ?? '\n') === '\n';
  return at === start ? isLineStart : isLineEnd && old[start] === '\n';
}

function originWithin({ piece, start, end }: Placed, from: number, to: number): Origin[] {
  const origin = piece.from;
  if (!origin || origin.spelled !== undefined) return origin ? [origin] : [];
  const first = origin.start + Math.max(from - start, 0);
  return [{ ...origin, start: first, end: origin.end - Math.max(end - to, 0) }];
}

/** What stands side by side in the source as one. */
function joined(origins: readonly Origin[]): Origin[] {
  const runs: Origin[] = [];
  for (const origin of origins) {
    const last = runs.at(-1);
    if (last?.path === origin.path && last.end === origin.start) runs[runs.length - 1] = { ...last, end: origin.end };
    else runs.push(origin);
  }
  return runs;
}

function editAt({ path, start, end, lineEnd }: Origin, text: string): TextEdit {
  return { path, start, end, text: lineEnd ? text.replaceAll(/\r?\n/g, lineEnd) : text };
}

function refusal(touched: Placed | undefined): string {
  const instead = touched?.piece.instead ?? 'Put it back as it was, and make your change beside it.';
  return `Syncline writes this text itself. ${instead}`;
}
