import { liftText } from '../../content/pieces/lift.ts';
import { type Piece, sourcePieces } from '../../content/pieces/pieces.ts';
import { decodeText } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import type { WantedUnit } from '../../model/unit.ts';
import type { SourceChange, SourceEdit } from './change.ts';

/** What an edited text changes in the source, or why it cannot be carried there. */
export type LiftedUnit = { readonly changes: readonly SourceChange[] } | { readonly refused: Finding };

/** The edit of a text in one of our Markdown blocks. `path` is the runtime file. */
export function liftSection(unit: WantedUnit, pieces: readonly Piece[], have: string, path: string): LiftedUnit {
  return liftedText(unit, pieces, have, path);
}

/** The edit of a whole file, its exec bit included; bytes that are no text replace those of the source. */
export function liftFile(
  unit: WantedUnit,
  pieces: readonly Piece[] | undefined,
  file: RuntimeFile,
  path: string,
): LiftedUnit {
  const executable = (file.mode & 0o100) !== 0;
  const text = decodeText(file.bytes);
  // What is copied byte by byte comes from its source as a whole.
  const own = pieces ?? copiedPieces(unit);
  if (!own || text === undefined) {
    const edit = { kind: 'whole', content: file.bytes, executable } as const;
    return { changes: [{ id: unit.id, path: unit.source.path, edit }] };
  }
  const lifted = liftedText(unit, own, text, path);
  if ('refused' in lifted || executable === (unit.executable === true)) return lifted;
  const bit: SourceEdit = { kind: 'text', edits: [], executable };
  const [first = { id: unit.id, path: unit.source.path, edit: bit }, ...rest] = lifted.changes;
  return { changes: [{ ...first, edit: { ...bit, ...first.edit } }, ...rest] };
}

function copiedPieces({ content, source }: WantedUnit): readonly Piece[] | undefined {
  const text = content && decodeText(content);
  return text === undefined ? undefined : sourcePieces(source.path, text);
}

function liftedText(unit: WantedUnit, pieces: readonly Piece[], have: string, path: string): LiftedUnit {
  const lifted = liftText(pieces, have);
  if ('refused' in lifted) {
    const message = `"${unit.id}" cannot be carried into the source: ${lifted.refused}`;
    const remedy = 'Make the change in the source by hand, then push with --overwrite.';
    return { refused: problem('not-adopted', message, remedy, { path, line: lifted.line }) };
  }
  const paths = [...new Set(lifted.edits.map((edit) => edit.path))];
  const changes = paths.map(
    (source): SourceChange => ({
      ...{ id: unit.id, path: source },
      edit: { kind: 'text', edits: lifted.edits.filter((edit) => edit.path === source) },
    }),
  );
  return { changes };
}
