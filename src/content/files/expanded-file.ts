import type { Finding } from '../../model/finding.ts';
import type { SourceFile } from '../../model/source.ts';
import { type Piece, sourcePieces } from '../pieces/pieces.ts';
import { expandPieces, expandTokens, mayHoldTokens, type TokenValues } from '../placeholders.ts';
import { decodeText, encodeText } from '../text.ts';

/** A source file of any kind as a client gets it. */
export interface ExpandedFile {
  /** With the tokens expanded, where it is a text. */
  readonly bytes: Uint8Array;
  readonly findings: readonly Finding[];
  /** Where each part of the deployed text comes from; absent: the file is copied byte by byte. */
  pieces?(): Piece[];
}

/** Larger files are data, not text for an agent: they are copied as they are. */
const largestText = 1024 * 1024;

/** Expands the tokens of a text; a larger file, and bytes that are no text, stay as they are. */
export function expandedFile({ path, bytes }: SourceFile, values: TokenValues): ExpandedFile {
  const source = bytes.length <= largestText && mayHoldTokens(bytes) ? decodeText(bytes) : undefined;
  if (source === undefined) return { bytes, findings: [] };
  const { text, findings } = expandTokens(source, values, path);
  const pieces = () => expandPieces(sourcePieces(path, decodeText(bytes) as string), values);
  return { bytes: text === source ? bytes : encodeText(text), findings, pieces };
}
