import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { SourceFile, SourceTree } from '../model/source.ts';
import type { Statement } from './flat-toml.ts';
import { type FlatValues, readFlat } from './flat-values.ts';
import { fileAt, placesOf } from './overlay.ts';
import { findSecrets, suspectText } from './secrets.ts';
import { variableName } from './tokens.ts';

const rule = 'Write one NAME = "value" per line, without tables; the value is a text, a number or true or false.';

const manifest = 'clients/syncline.toml';

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

const budgetKey = 'session-budget';

/** Tokens for each client, where the repository says nothing: of a window of 200,000 that is 4 of 100. */
const defaultBudget = 8_000;

/**
 * How many tokens the files of one client may cost every session: `session-budget` in `clients/syncline.toml`. The finding
 * says what is wrong with it.
 */
export function readSessionBudget(tree: SourceTree): { readonly budget: number; readonly finding?: Finding } {
  const file = fileAt(tree, manifest);
  const { values, statements } = file ? readVariableFile(file) : { values: {}, statements: [] };
  const budget = (values as Readonly<Record<string, unknown>>)[budgetKey];
  if (budget === undefined) return { budget: defaultBudget };
  if (typeof budget === 'number' && Number.isSafeInteger(budget) && budget > 0) return { budget };
  const line = statements.find(({ key }) => key === budgetKey)?.line ?? 1;
  const message = `"${budgetKey}" must be a whole number of tokens above 0`;
  const remedy = `Write ${budgetKey} = ${defaultBudget}, or delete the line.`;
  return { budget: defaultBudget, finding: problem('session-budget', message, remedy, { path: manifest, line }) };
}

/**
 * The id that the repository gives itself: `id` in `clients/syncline.toml`. Throws `Failure` when the file is there but
 * has none, because to go on would be to take the repository for another one; a budget alone may stand there.
 */
export function readRepositoryId(tree: SourceTree): string | undefined {
  const file = fileAt(tree, manifest);
  if (!file) return undefined;
  const { values, findings } = readVariableFile(file);
  if (findings.length > 0) throw new Failure(findings);
  if (typeof values.id === 'string' && values.id.trim() !== '') return values.id;
  const [only, ...others] = Object.keys(values);
  if (only === budgetKey && others.length === 0) return undefined;
  const message = `"${file.path}" has no "id" that is a text.`;
  throw new Failure([problem('no-id', message, 'Write id = "…" into it, or delete it.', { path: file.path, line: 1 })]);
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
