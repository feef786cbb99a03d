import { type Finding, problem } from '../model/finding.ts';
import type { SourceFile, SourceTree } from '../model/source.ts';
import type { Statement } from './flat-toml.ts';
import { type FlatValues, readFlat } from './flat-values.ts';
import { fileAt, placesOf } from './overlay.ts';
import { variableName } from './placeholders.ts';
import { findSecrets, suspectText } from './secrets/secrets.ts';

const rule = 'Write one NAME = "value" per line, without tables; the value is a text, a number or true or false.';

/** The values of `{{var.NAME}}` for a client: those of `shared`, replaced by the client's own, layer by layer. */
export function readVariables(
  tree: SourceTree,
  client: string,
): { variables: Record<string, string>; findings: Finding[] } {
  const variables = Object.create(null) as Record<string, string>;
  const findings: Finding[] = [];
  for (const place of placesOf(tree, client)) {
    const file = fileAt(tree, `${place}/vars.toml`);
    if (file) findings.push(...readInto(variables, file));
  }
  return { variables, findings };
}

/** A variable with a mistake counts as defined, without a value: its uses are no mistakes of their own. */
function readInto(variables: Record<string, string>, file: SourceFile): Finding[] {
  const { path } = file;
  const { text, values, statements, findings } = readVariableFile(file);
  for (const { key } of statements) variables[key] = '';
  const hits = findSecrets(text);
  const told = new Set(hits.map((hit) => hit.secret));
  const problems = Object.entries(values).flatMap(([name, value]) => {
    const statement = statements.find(({ key }) => key === name) ?? { key: name, value: String(value), line: 1 };
    const found = variableProblems(statement, value, path, told);
    const isSound = found.length === 0 && findSecrets(String(value)).length === 0;
    variables[name] = isSound ? (typeof value === 'string' ? value : statement.value) : '';
    return found;
  });
  return [...findings, ...problems, ...hits.map(({ kind, line }) => secret(kind, path, line))];
}

function readVariableFile(file: SourceFile): FlatValues {
  return readFlat(file, ({ key, line }) => notAVariable(key, file.path, line));
}

function variableProblems(
  { key, line }: Statement,
  value: unknown,
  path: string,
  told: ReadonlySet<string>,
): Finding[] {
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return [notAVariable(key, path, line)];
  if (!variableName.test(key)) {
    const message = `The variable name "${key}" cannot stand in a token.`;
    return [problem('variable-name', message, 'Use letters, digits, "_", "-" and ".".', { path, line })];
  }
  const reason = typeof value === 'string' ? suspectText([key], value, told) : undefined;
  if (!reason) return [];
  return [secret(`"${key}": ${reason}`, path, line)];
}

function secret(what: string, path: string, line: number): Finding {
  const message = `A literal secret stands among the variables (${what}).`;
  return problem('literal-secret', message, 'Take it out, and name an environment variable instead.', { path, line });
}

function notAVariable(key: string, path: string, line: number): Finding {
  return problem('not-a-variable', `"${key}" is not a variable of one value.`, rule, { path, line });
}
