/** The paths that `@path` names in a text, as Claude Code reads it: not in code, `\ ` for a space. */
export function importsIn(text: string): string[] {
  const plain = withoutCode(text);
  return [...plain.matchAll(/(?:^|\s)@((?:[^\s\\]|\\ )+)/g)].map(([, path]) => (path as string).replaceAll('\\ ', ' '));
}

/** The text without its comments; those in code stay. */
export function withoutComments(text: string): string {
  return text.replace(
    /(^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ {0,3}\2[^\n]*$|`[^`\n]+`)|<!--[\s\S]*?-->/gm,
    (_, code) => code ?? '',
  );
}

function withoutCode(text: string): string {
  return withoutComments(text)
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\n]*$|$(?![\s\S]))/gm, '')
    .replace(/`[^`\n]+`/g, '');
}
