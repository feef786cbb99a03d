import { unsafeName } from './names.ts';

// Not the tokens of texts (`{{…}}`): those that a server asks for.

const namePattern = /^[A-Za-z0-9_][\w.-]*$/;
const headerPattern = /^[A-Za-z0-9][\w-]*$/;
/** What stands in a JSON text and between the quotes of every shell as it is. */
const valuePattern = /^[!#-[\]-~](?:[ !#-[\]-~]*[!#-[\]-~])?$/;
/** Servers take headers of about 8 kB. */
const longestValue = 4096;

/** Why a token cannot have this name, or undefined. */
export function tokenNameProblem(name: string): string | undefined {
  if (!namePattern.test(name))
    return 'it may have letters, digits, "_", "-" and ".", and begins with none of the last two';
  return unsafeName(name);
}

/** Why a text cannot be a token, or undefined. What it says never holds the text. */
export function tokenValueProblem(value: string): string | undefined {
  if (value === '') return 'it is empty';
  if (value.length > longestValue) return `it is longer than ${longestValue} characters`;
  return valuePattern.test(value) ? undefined : 'it is not one line of printable ASCII without quotes and backslashes';
}

/** Why there can be no header of this name, or undefined. */
export function headerProblem(header: string): string | undefined {
  return headerPattern.test(header) ? undefined : 'it is not the name of a header';
}

/** The token in a file: its first line, as the launcher reads it too. Undefined for what no token can be. */
export function tokenIn(bytes: Uint8Array): string | undefined {
  const [line = ''] = new TextDecoder('latin1').decode(bytes).split('\n', 1);
  return tokenValueProblem(line) === undefined ? line : undefined;
}

/** The headers that send a token, as the JSON object that both clients want from a helper. */
export function headersText(token: string, header = 'Authorization'): string {
  const isUsual = header.toLowerCase() === 'authorization';
  return `${JSON.stringify({ [header]: isUsual ? `Bearer ${token}` : token })}\n`;
}
