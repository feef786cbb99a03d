import { parse } from '@iarna/toml';
import { type Finding, problem } from '../model/finding.ts';
import type { SourceFile } from '../model/source.ts';
import { type Statement, statementsOf } from './flat-toml.ts';
import { decodeText, withoutBom } from './text.ts';

/** What one of our own files holds: `NAME = value`, one per line. */
export interface FlatValues {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly statements: readonly Statement[];
  readonly findings: Finding[];
}

/** Reads one of our own TOML files; `nested` says what is wrong with a table, a list or a dotted key in it. */
export function readFlat(file: SourceFile, nested: (statement: Statement) => Finding): FlatValues {
  const { path, bytes } = file;
  const decoded = decodeText(bytes);
  if (decoded === undefined) {
    const finding = problem('not-utf8', `"${path}" is not valid UTF-8.`, 'Save it as UTF-8.', { path, line: 1 });
    return { text: '', values: {}, statements: [], findings: [finding] };
  }
  const text = withoutBom(decoded);
  const { statements, nested: refused, flat } = statementsOf(text);
  const findings = refused.map(nested);
  try {
    return { text, values: parse(flat), statements, findings };
  } catch (error) {
    return { text, values: {}, statements, findings: [...findings, malformed(error, path)] };
  }
}

function malformed(error: unknown, path: string): Finding {
  const { message, line = 0, col = 0 } = error as Error & { line?: number; col?: number };
  const reason = message.split(/ at row \d|\n/)[0];
  // On the first line the parser counts columns from one, on the others from zero.
  const at = { path, line: line + 1, column: line === 0 ? Math.max(1, col) : col + 1 };
  return problem('malformed', `"${path}" is not valid TOML: ${reason}.`, 'Correct the line.', at);
}
