import type { FragmentTarget, SharedFragment } from '../../adapters/client.ts';
import { fileAt } from '../../content/overlay.ts';
import { expandTokens, type TokenValues } from '../../content/placeholders.ts';
import type { EditableFormat } from '../../formats/format.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import { emptyTable, isTable, type KeyPath, type Table, type Value } from '../../model/value.ts';
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
    if (!file) return [];
    const judged = judgedFile(file, kind, index > 0);
    findings.push(...judged.findings);
    if (!judged.part) return [];
    return [{ ...judged.part, values: expanded(judged.part.literal, [], judged.part, tokens, findings) as Table }];
  });
  return { parts, findings };
}

/** One file before its tokens are expanded; without a part where it cannot be read. */
interface JudgedFile {
  readonly part?: Omit<FragmentPart, 'values'>;
  readonly findings: readonly Finding[];
}

/** What every client shares is judged once. */
const judgedFiles = new WeakMap<SourceFile, Map<unknown, JudgedFile>>();

function judgedFile(
  file: SourceFile,
  kind: Pick<SharedFragment, 'format' | 'problems'>,
  isLayered: boolean,
): JudgedFile {
  const known = judgedFiles.get(file) ?? new Map<unknown, JudgedFile>();
  judgedFiles.set(file, known);
  const judged = known.get(kind.problems) ?? judgeFile(file, kind, isLayered);
  known.set(kind.problems, judged);
  return judged;
}

function judgeFile(
  file: SourceFile,
  { format, problems }: Parameters<typeof judgedFile>[1],
  isLayered: boolean,
): JudgedFile {
  const read = readSource(file, format);
  if ('finding' in read) return { findings: [read.finding] };
  const { text, values: literal } = read;
  const findings = [
    ...problemsAsFindings({ file, text, format }, problems(isLayered ? withoutNulls(literal) : literal)),
    ...placedSecrets(file, read, format),
    ...doubledKeys(file, text, format),
  ];
  return { part: { file, text, literal, format, isLayered }, findings };
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
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Table).map(([key, inner]): [string, Value] => [
    key,
    expanded(inner, [...at, key], part, tokens, findings),
  ]);
  // What holds no token stays the same object, so that what was judged of it holds.
  if (members.every(([key, inner]) => inner === (value as Table)[key])) return value;
  return Array.isArray(value)
    ? members.map(([, inner]) => inner)
    : Object.assign(emptyTable(), Object.fromEntries(members));
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
