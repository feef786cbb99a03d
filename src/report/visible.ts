/**
 * Characters that a terminal or a reader must not meet raw: control characters, what turns the direction of a text, and
 * what is not seen at all. Names and values of the source and of the runtime may hold any of them.
 */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** A name or a sentence as one line that shows every character: `\u001b` for an escape. */
export function visible(text: string): string {
  return text.replace(unseen, escaped);
}

/** A line of a text, in which tabs may stand. */
export function visibleLine(line: string): string {
  return line.replace(unseen, (character) => (character === '\t' ? character : escaped(character)));
}

/** A JSON text with the same meaning, in which such characters are escaped, too; its own line ends stay. */
export function visibleJson(json: string): string {
  return json.replace(unseen, (character) => (character === '\n' ? character : units(character)));
}

/**
 * A text as one word of a shell, whatever stands in it. What a terminal must not meet raw is escaped in `$'…'`, which bash, zsh and
 * ksh read back as the same text.
 */
export function shellWord(text: string): string {
  if (visible(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  const quoted = text.replace(/[\\']/g, (character) => `\\${character}`);
  return `$'${quoted.replace(unseen, (character) => ansiC(character))}'`;
}

function ansiC(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : escaped(character);
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? units(character);
}

function units(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
