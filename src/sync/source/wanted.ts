import type { Piece } from '../../content/pieces/pieces.ts';
import type { Finding } from '../../model/finding.ts';
import type { WantedUnit } from '../../model/unit.ts';

/** What the source wants, and what is wrong with it; secrets in texts are looked for once for all clients. */
export interface Desired {
  readonly units: readonly WantedUnit[];
  readonly findings: readonly Finding[];
  /** By unit: where each part of its text comes from. */
  readonly pieces?: readonly UnitPieces[];
}

/** The id of a unit, and how its text is made of the source; asked only by adoption. */
export type UnitPieces = readonly [id: string, pieces: () => readonly Piece[]];
