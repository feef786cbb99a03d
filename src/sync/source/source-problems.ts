import type { FragmentProblem } from '../../adapters/client.ts';
import { readAllowedSecrets } from '../../content/allowances.ts';
import { placesOf } from '../../content/overlay.ts';
import { secretRemedy } from '../../content/secrets/secret-remedies.ts';
import { findSecrets, maskSecrets, type SecretHit, suspectsIn } from '../../content/secrets/secrets.ts';
import { decodeText, decodeUtf8, legibleText } from '../../content/text.ts';
import { type Format, Malformed } from '../../formats/format.ts';
import { json } from '../../formats/json/json.ts';
import { toml } from '../../formats/toml/toml.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import { isTable, type KeyPath, type Table, type Value } from '../../model/value.ts';

/** A source file of a structured format, read; or why it could not be. */
export type SourceRead = { readonly text: string; readonly values: Table } | { readonly finding: Finding };

/** Reads a fragment or a whole structured file of the source. */
export function readSource(file: SourceFile, format: Format): SourceRead {
  const text = decodeUtf8(file.bytes);
  if (text === undefined) {
    return {
      finding: problem('not-utf8', 'the file is not valid UTF-8', 'Save it as UTF-8.', { path: file.path, line: 1 }),
    };
  }
  try {
    return { text, values: format.read(text) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const place = { path: file.path, line: error.line, column: error.column };
    const message = `the file does not parse: ${error.message}`;
    return { finding: problem('malformed-source', message, 'Correct the line named here.', place) };
  }
}

/** Keys that stand twice in a source file: only the last would count. */
export function doubledKeys(file: SourceFile, text: string, format: Format): Finding[] {
  return (format.doubledKeys?.(text) ?? []).map(({ key, line }) =>
    problem('two-sources', `the key "${key}" stands twice`, 'Keep one of them.', { path: file.path, line }),
  );
}

/** Problems of a structured file as findings, each at the line of the key it is about. */
export function problemsAsFindings(
  { file, text, format }: { readonly file: SourceFile; readonly text: string; readonly format: Format },
  problems: readonly FragmentProblem[],
): Finding[] {
  return problems.map(({ code, severity, path, message, remedy }): Finding => {
    const line = format.lineOf(text, path) ?? 1;
    return { code, severity: severity ?? 'error', message, remedy, path: file.path, line };
  });
}

/**
 * Literal secrets that can be told by their shape, in the contents and the names of `searchedFiles`. The files of variables
 * are searched where they are read.
 */
export function shapedSecrets(tree: SourceTree, clients: readonly string[]): Finding[] {
  return searchedFiles(tree, clients).flatMap((file) => [
    ...secretsInName(file),
    ...(file.path.endsWith('/vars.toml') ? [] : secretsAsFindings(file, findSecrets(legibleText(file.bytes)))),
  ]);
}

/** Every file that one of the clients may get something from, deployed or not. */
export function searchedFiles(tree: SourceTree, clients: readonly string[]): SourceFile[] {
  const places = [...new Set(clients.flatMap((client) => placesOf(tree, client)))];
  return tree.files.filter(({ path }) => places.some((place) => path.startsWith(`${place}/`)));
}

/** The paths of those files in which a secret is found by its shape or by its place. */
export function filesWithSecrets(files: readonly SourceFile[]): string[] {
  return files.filter((file) => linesOfSecrets(file).length > 0).map(({ path }) => path);
}

/** Notes about files that may hold secrets: what is shown of them is not all that they hold. */
export function maskedSources(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file): Finding[] => {
    const lines = linesOfSecrets(file);
    if (lines.length === 0) return [];
    const where = `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, 10).join(', ')}${lines.length > 10 ? ', …' : ''}`;
    const message = `clients/allowed-secrets.toml allows what looks like a secret here (${where}); it is shown as <redacted>`;
    const remedy = 'Read those lines in the file itself before you accept them.';
    return [{ code: 'masked-source', severity: 'note', message, remedy, path: file.path, line: lines[0] as number }];
  });
}

function linesOfSecrets({ path, bytes }: SourceFile): number[] {
  const text = legibleText(bytes);
  const suspects = suspectsIn(valuesOf(path, text) ?? {}).map((one) => formatOf(path)?.lineOf(text, one.path) ?? 1);
  return [...new Set([...findSecrets(text).map(({ line }) => line), ...suspects])].sort((a, b) => a - b);
}

/** The secrets themselves in files that may hold them: what a plan may write. Never to be shown. */
export function allowedTexts(tree: SourceTree): ReadonlySet<string> {
  const { files } = readAllowedSecrets(tree);
  const texts = tree.files.filter(({ path }) => files.has(path)).map(({ bytes }) => legibleText(bytes));
  return new Set(texts.flatMap(findSecrets).map(({ secret }) => secret));
}

function secretsInName({ path }: SourceFile): Finding[] {
  const [hit] = findSecrets(path);
  if (!hit) return [];
  const message = `a literal secret (${hit.kind}) stands in the name of a file of the source`;
  return [problem('literal-secret', message, 'Rename the file.', { path: maskSecrets(path, []), line: 1 })];
}

/** Secrets that were found in the text of a source file, each with what to write in its place. */
export function secretsAsFindings({ path, bytes }: SourceFile, hits: readonly SecretHit[]): Finding[] {
  const values = hits.length > 0 ? valuesOf(path, decodeText(bytes) ?? '') : undefined;
  return hits.map(({ kind, secret, line }) => secretProblem(kind, path, line, values && pathTo(values, secret)));
}

/** Literals in a structured file that their places give away as secrets, or their shapes where the text hides those. */
export function placedSecrets(
  file: SourceFile,
  { text, values }: { readonly text: string; readonly values: Table },
  format: Format,
): Finding[] {
  const told = new Set(findSecrets(text).map(({ secret }) => secret));
  return suspectsIn(values, told).map(({ path, reason }) =>
    secretProblem(reason, file.path, format.lineOf(text, path) ?? 1, path),
  );
}

/** The finding for a literal secret in the source; never holds the secret. */
function secretProblem(kind: string, path: string, line: number, at: KeyPath | undefined): Finding {
  return problem('literal-secret', `a literal secret (${kind}) stands in the source`, secretRemedy(path, at), {
    path: maskSecrets(path, []),
    line,
  });
}

/** The values of a text that is TOML or JSON by the name of its file; undefined when it is neither. */
export function valuesOf(path: string, text: string): Table | undefined {
  try {
    return formatOf(path)?.read(text);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** The format of a file that is TOML or JSON by its name. */
export function formatOf(path: string): Format | undefined {
  return path.endsWith('.json') ? json : path.endsWith('.toml') ? toml : undefined;
}

/** The keys that lead to a text, the positions in lists left out. */
function pathTo(value: Value, text: string, at: KeyPath = []): KeyPath | undefined {
  if (typeof value === 'string') return value.includes(text) ? at : undefined;
  const isList = Array.isArray(value);
  if (!isList && !isTable(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = pathTo(member, text, isList ? at : [...at, key]);
    if (found) return found;
  }
  return undefined;
}
