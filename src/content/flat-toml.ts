/** One `NAME = value` as it is spelled, and its line. */
export interface Statement {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface Statements {
  readonly statements: readonly Statement[];
  /** Table headers, and keys that hold a table or a list or are dotted. */
  readonly nested: readonly Statement[];
  /**
   * The text with blank lines where something nested stood. Only this may reach the parser: for `[toString]` it writes
   * onto Object.prototype.
   */
  readonly flat: string;
}

/** The statements of a TOML text, found without parsing it. */
export function statementsOf(text: string): Statements {
  const [statements, nested, flat]: [Statement[], Statement[], string[]] = [[], [], []];
  let [offset, line, depth, inTable] = [0, 1, 0, false];
  for (const shape of shapeOf(text).split('\n')) {
    const spelled = text.slice(offset, offset + shape.length);
    offset += shape.length + 1;
    const found = depth === 0 ? statementIn(shape, spelled, line) : undefined;
    if (found?.isNested) nested.push(found.statement);
    else if (found && !inTable) statements.push(found.statement);
    inTable ||= /^\s*\[/.test(shape) && depth === 0;
    flat.push(inTable || depth > 0 || found?.isNested ? '' : spelled);
    line += spelled.split('\n').length;
    if (depth > 0 || found?.isNested) depth = Math.max(0, depth + balanceOf(shape));
  }
  return { statements, nested, flat: flat.join('\n') };
}

function statementIn(
  shape: string,
  spelled: string,
  line: number,
): { statement: Statement; isNested: boolean } | undefined {
  const equals = shape.indexOf('=');
  const isHeader = /^\s*\[/.test(shape);
  if (equals === -1 && !isHeader) return undefined;
  const end = isHeader ? shape.trimEnd().length : equals;
  const key = unquoted(spelled.slice(0, end).trim());
  const value = isHeader ? '' : spelled.slice(equals + 1, shape.trimEnd().length).trim();
  const isNested = isHeader || shape.slice(0, equals).includes('.') || /^[[{]/.test(value);
  return { statement: { key, value, line }, isNested };
}

/** A text of the same length in which strings and comments are blotted out, so that its structure is plain. */
function shapeOf(text: string): string {
  const strings = /"""(?:\\[\s\S]|[^\\])*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*/g;
  return text.replace(strings, (found) => (found[0] === '#' ? ' ' : '"').repeat(found.length));
}

function balanceOf(shape: string): number {
  return (shape.match(/[[{]/g)?.length ?? 0) - (shape.match(/[\]}]/g)?.length ?? 0);
}

function unquoted(key: string): string {
  return /^(["']).*\1$/s.test(key) ? key.slice(1, -1) : key;
}
