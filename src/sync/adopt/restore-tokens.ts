import { applyEdits } from '../../content/pieces/edits.ts';
import { liftText } from '../../content/pieces/lift.ts';
import { sourcePieces } from '../../content/pieces/pieces.ts';
import { escapeTokens, expandPieces, type TokenValues } from '../../content/placeholders.ts';
import { emptyTable, isTable, sameValue, type Value } from '../../model/value.ts';

/** A value in the source as it stands there, what was deployed of it, and what the runtime has. */
export interface Spelling {
  readonly literal: Value | undefined;
  readonly want: Value | undefined;
  readonly have: Value;
}

/**
 * A runtime value as the source should spell it: what is as it was deployed stays as it stands there, and where its texts
 * still hold what a token stands for, the token stays.
 */
export function withTokens({ literal, want, have }: Spelling, tokens: TokenValues): Value {
  if (literal !== undefined && want !== undefined && sameValue(want, have)) return literal;
  if (typeof have === 'string')
    return typeof literal === 'string' ? restored(literal, have, tokens) : escapeTokens(have);
  if (Array.isArray(have)) return listWithTokens({ literal, want, have }, tokens);
  if (!isTable(have)) return have;
  const result = emptyTable();
  for (const key of Object.keys(have)) {
    const below = { literal: memberOf(literal, key), want: memberOf(want, key), have: have[key] as Value };
    result[key] = withTokens(below, tokens);
  }
  return result;
}

function memberOf(table: Value | undefined, key: string): Value | undefined {
  return isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined;
}

function listWithTokens({ literal, want, have }: Spelling, tokens: TokenValues): Value {
  const [literals, wanted] = [literal, want].map((list) => (Array.isArray(list) ? (list as readonly Value[]) : []));
  return (have as readonly Value[]).map((item, index) => {
    const twin = twinOf(item, literals ?? [], tokens);
    if (twin !== undefined) return twin;
    return withTokens({ literal: literals?.[index], want: wanted?.[index], have: item }, tokens);
  });
}

/** The element of the source that deploys as this one, wherever it stands in its list. */
function twinOf(item: Value, list: readonly Value[], tokens: TokenValues): Value | undefined {
  if (typeof item !== 'string') return undefined;
  return list.find((literal) => typeof literal === 'string' && sameValue(expanded(literal, tokens), item));
}

function restored(literal: string, have: string, tokens: TokenValues): string {
  const lifted = liftText(expandPieces(sourcePieces('', literal), tokens), have);
  return 'edits' in lifted ? applyEdits(literal, lifted.edits) : escapeTokens(have);
}

function expanded(literal: string, tokens: TokenValues): string {
  return expandPieces(sourcePieces('', literal), tokens)
    .map(({ text }) => text)
    .join('');
}
