/** A place in a text where a client puts the value of an environment variable. */
export interface Reference {
  readonly name: string;
  /** What stands there when the variable is not set: `d` in `${NAME:-d}`. */
  readonly fallback?: string;
}

/** What Claude Code 2.1 expands; everything else stays as it is. */
const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
/** VS Code's and Cursor's spelling of `${NAME}`. */
const editorSpelling = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;
/** What an editor puts in by itself or asks a person for. Claude would look for a variable of that name. */
const editorOnly =
  /\$\{(?:(?:env|input|config|command|workspaceFolder):[^}]*|workspaceFolder(?:Basename)?|workspaceRoot|userHome|pathSeparator)\}/;
/** Forms of the shell, which no client knows. */
const otherForm = /\$\{[A-Za-z_][A-Za-z0-9_]*:(?!-)[^}]*\}/;
/** Gemini CLI's other spelling of `${NAME}`. */
const bareName = /^(?:Bearer )?\$([A-Za-z_][A-Za-z0-9_]*)$/;

/** The references in a text, in order. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(reference)].map(([, name, fallback]) => {
    return { name: name as string, ...(fallback === undefined ? {} : { fallback }) };
  });
}

/** The reference that a text is after `before`, or undefined where there is more or less. */
export function soleReference(text: string, before = ''): Reference | undefined {
  const [first] = referencesIn(text);
  if (!first) return undefined;
  const { name, fallback } = first;
  return text === `${before}\${${name}${fallback === undefined ? '' : `:-${fallback}`}}` ? first : undefined;
}

/** A text with `${env:NAME}` written as `${NAME}`. */
export function inOneSpelling(text: string): string {
  return text.replace(editorSpelling, (_, name) => `\${${name}}`);
}

/** What in a text no client expands, though it looks like a reference: `${input:x}`; undefined if there is nothing. */
export function foreignReference(text: string, of: 'value' | 'shell line'): string | undefined {
  const spelt = inOneSpelling(text);
  return (editorOnly.exec(spelt) ?? (of === 'value' ? otherForm.exec(spelt) : null))?.[0];
}

/** The variable of a text that is only `$NAME` or `Bearer $NAME`, which both clients take literally. */
export function bareReference(text: string): string | undefined {
  return bareName.exec(text)?.[1];
}

/** The variables of the environment that a line of shell reads and does not set itself. */
export function variablesOfLine(line: string): string[] {
  const read = [...line.matchAll(/(?<!\\)\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name]) => name as string);
  return [...new Set(read)].filter((name) => !new RegExp(`\\b${name}=|\\b(?:for|read) ${name}\\b`).test(line));
}
