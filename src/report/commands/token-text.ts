import { shellWord, visible } from '../../model/texts/visible.ts';

/** A token as it is listed. */
export interface TokenRow {
  readonly name: string;
  /** When its file was written last, in ISO 8601; null when it has none. */
  readonly made: string | null;
  /** Where it may go; absent where nothing says so. */
  readonly for?: readonly string[];
  /** The variables that are to hold it too, and how they stand to it. */
  readonly variables: readonly {
    readonly name: string;
    readonly state?: 'agrees' | 'differs' | 'unset';
  }[];
  /** Only where it was asked for. */
  readonly value?: string;
}

/** One row a token: its name, when it was made, and how its variables stand to it. Never its value. */
export function tokensText(rows: readonly TokenRow[]): string {
  if (rows.length === 0) return 'No tokens.\n';
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map((row) => `${rowText(row, width)}\n`).join('');
}

function rowText({ name, made, variables, for: origins = [] }: TokenRow, width: number): string {
  const when = made === null ? 'not made yet' : `${made.slice(0, 19).replace('T', ' ')} UTC`;
  const steps = variables.map((variable) => [variable.name, ...(variable.state ? [variable.state] : [])].join(' '));
  const where = origins.length > 0 ? [`for ${origins.join(', ')}`] : [];
  const held = steps.length > 0 ? [steps.join(', ')] : [];
  return visible([name.padEnd(width), when, ...where, ...held].join('  '));
}

/** How each shell sets a variable for the programs it starts. A token holds no backslash. */
const assignments: Readonly<Record<string, (variable: string, token: string) => string>> = {
  sh: (variable, token) => `export ${variable}=${shellWord(token)}`,
  fish: (variable, token) => `set -gx ${variable} '${token.replaceAll("'", "\\'")}'`,
  powershell: (variable, token) => `$env:${variable} = '${token.replaceAll("'", "''")}'`,
};

/** The shells that can be told. */
export const shells = Object.keys(assignments);

/** The line that sets a variable to a token in one of the shells. */
export function assignmentLine(shell: string, variable: string, token: string): string {
  return `${assignments[shell]?.(variable, token)}\n`;
}
