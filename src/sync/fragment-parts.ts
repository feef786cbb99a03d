import type { FragmentTarget, SharedFragment } from '../adapters/client.ts';
import { fileAt } from '../content/overlay.ts';
import { expandTokens, type TokenValues } from '../content/tokens.ts';
import type { EditableFormat } from '../formats/format.ts';
import type { Finding } from '../model/finding.ts';
import type { SourceFile, SourceTree } from '../model/source.ts';
import { emptyTable, isTable, type KeyPath, type Table, type Value } from '../model/value.ts';
import { doubledKeys, placedSecrets, problemsAsFindings, readSource } from './source-problems.ts';

/** One source file that says something for a fragment. */
export interface FragmentPart {
  readonly file: SourceFile;
  readonly text: string;
  /** As they stand in the file, and with tokens expanded. */
  readonly literal: Table;
  readonly values: Table;
  readonly format: EditableFormat;
  /** Whether it stands in a layer above `clients` itself, where `null` leaves out what stands below. */
  readonly isLayered: boolean;
}

/** The parts of a kind, the lowest first, and what is wrong with each by itself. */
export interface FragmentParts {
  readonly parts: readonly FragmentPart[];
  readonly findings: readonly Finding[];
}

/** The files that hold what a target shares with other clients, from every layer. */
export function sharedParts(shared: SharedFragment, tree: SourceTree, tokens: TokenValues): FragmentParts {
  return partsAt(tree, 'shared', shared, tokens);
}

/** The client's own fragments of a target, from every layer. */
export function ownParts(client: string, target: FragmentTarget, tree: SourceTree, tokens: TokenValues): FragmentParts {
  return partsAt(tree, client, target, tokens);
}

function partsAt(
  tree: SourceTree,
  place: string,
  kind: Pick<SharedFragment, 'source' | 'format' | 'problems'>,
  tokens: TokenValues,
): FragmentParts {
  const findings: Finding[] = [];
  const parts = tree.layers.flatMap((layer, index): FragmentPart[] => {
    const file = fileAt(tree, `${layer}/${place}/${kind.source}`);
    const read = file && readSource(file, kind.format);
    if (!file || !read) return [];
    if ('finding' in read) {
      findings.push(read.finding);
      return [];
    }
    const isLayered = index > 0;
    const judged = isLayered ? withoutNulls(read.values) : read.values;
    findings.push(
      ...problemsAsFindings({ file, text: read.text, format: kind.format }, kind.problems(judged)),
      ...placedSecrets(file, read, kind.format),
      ...doubledKeys(file, read.text, kind.format),
    );
    const part = { file, text: read.text, literal: read.values, format: kind.format, isLayered };
    return [{ ...part, values: expanded(read.values, [], part, tokens, findings) as Table }];
  });
  return { parts, findings };
}

/** The values with the tokens in their texts expanded; keys hold none. */
function expanded(
  value: Value,
  at: KeyPath,
  part: Omit<FragmentPart, 'values'>,
  tokens: TokenValues,
  findings: Finding[],
): Value {
  if (typeof value === 'string') {
    const { text, findings: found } = expandTokens(value, tokens, part.file.path);
    const line = found.length > 0 ? part.format.lineOf(part.text, at) : undefined;
    findings.push(...found.map(({ column: _, ...finding }) => ({ ...finding, line: line ?? 1 })));
    return text;
  }
  const below = (key: string, inner: Value) => expanded(inner, [...at, key], part, tokens, findings);
  if (Array.isArray(value)) return value.map((item, index) => below(String(index), item as Value));
  if (!isTable(value)) return value;
  return Object.assign(
    emptyTable(),
    Object.fromEntries(Object.keys(value).map((key) => [key, below(key, value[key] as Value)])),
  );
}

/** In a layer `null` stands for what is left out, which no shape knows. */
function withoutNulls(table: Table): Table {
  const kept = emptyTable();
  for (const key of Object.keys(table)) {
    const value = table[key] as Value;
    if (value !== null) kept[key] = isTable(value) ? withoutNulls(value) : value;
  }
  return kept;
}
