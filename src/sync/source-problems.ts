import type { FragmentProblem } from '../adapters/client.ts';
import { placesOf } from '../content/overlay.ts';
import { findSecrets, suspectsIn } from '../content/secrets.ts';
import { decodeText } from '../content/text.ts';
import { type Format, Malformed } from '../formats/format.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { SourceFile, SourceTree } from '../model/source.ts';
import type { Table } from '../model/value.ts';

/** A source file of a structured format, read; or why it could not be. */
export type SourceRead = { readonly text: string; readonly values: Table } | { readonly finding: Finding };

/** Reads a fragment or a whole structured file of the source. */
export function readSource(file: SourceFile, format: Format): SourceRead {
  const text = decodeText(file.bytes);
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
 * Literal secrets that can be told by their shape, where they stand in the source: in every text that one of the
 * clients may get, deployed or not. The files of variables are searched where they are read.
 */
export function shapedSecrets(tree: SourceTree, clients: readonly string[]): Finding[] {
  const places = new Set(clients.flatMap((client) => placesOf(tree, client)));
  const own = tree.files.filter(({ path }) =>
    [...places].some((place) => path.startsWith(`${place}/`) && path !== `${place}/vars.toml`),
  );
  return own.flatMap(({ path, bytes }) =>
    findSecrets(decodeText(bytes) ?? '').map(({ kind, line }) => secretProblem(kind, path, line)),
  );
}

/** Literals in a structured file that their places give away as secrets. */
export function placedSecrets(
  file: SourceFile,
  { text, values }: { readonly text: string; readonly values: Table },
  format: Format,
): Finding[] {
  return suspectsIn(values).map(({ path, reason }) => secretProblem(reason, file.path, format.lineOf(text, path) ?? 1));
}

/** The finding for a literal secret in the source; never holds the secret. */
function secretProblem(kind: string, path: string, line: number): Finding {
  return problem(
    'literal-secret',
    `a literal secret (${kind}) stands in the source`,
    'Take it out of the repository and its history, and name an environment variable instead.',
    { path, line },
  );
}
