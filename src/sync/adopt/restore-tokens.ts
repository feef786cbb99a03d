import { applyEdits } from '../../content/edits.ts';
import { liftText } from '../../content/lift.ts';
import { sourcePieces } from '../../content/pieces.ts';
import { expandPieces, type TokenValues } from '../../content/tokens.ts';
import { emptyTable, isTable, sameValue, type Value } from '../../model/value.ts';

/**
 * A runtime value as the source should spell it: where its texts still hold what a token of `literal` (the value in the
 * source) stands for, the token stays.
 */
export function withTokens(literal: Value | undefined, have: Value, tokens: TokenValues): Value {
  if (typeof have === 'string') return typeof literal === 'string' ? restored(literal, have, tokens) : have;
  if (Array.isArray(have)) {
    const list = Array.isArray(literal) ? (literal as readonly Value[]) : [];
    return (have as readonly Value[]).map((item, index) =>
      withTokens(twinOf(item, list, tokens) ?? list[index], item, tokens),
    );
  }
  if (!isTable(have)) return have;
  const below = isTable(literal) ? literal : emptyTable();
  const result = emptyTable();
  for (const key of Object.keys(have)) {
    const old = Object.hasOwn(below, key) ? below[key] : undefined;
    result[key] = withTokens(old, have[key] as Value, tokens);
  }
  return result;
}

/** The element of the source that deploys as this one, wherever it stands in its list. */
function twinOf(item: Value, list: readonly Value[], tokens: TokenValues): Value | undefined {
  if (typeof item !== 'string') return undefined;
  return list.find((literal) => typeof literal === 'string' && sameValue(expanded(literal, tokens), item));
}

function restored(literal: string, have: string, tokens: TokenValues): string {
  const lifted = liftText(expandPieces(sourcePieces('', literal), tokens), have);
  return 'edits' in lifted ? applyEdits(literal, lifted.edits) : have;
}

function expanded(literal: string, tokens: TokenValues): string {
  return expandPieces(sourcePieces('', literal), tokens)
    .map(({ text }) => text)
    .join('');
}
