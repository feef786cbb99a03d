import { everyHiding, isHiding } from './meant-characters.ts';

/**
 * A name or a sentence as one line that shows every character: `\u001b` for an escape. What is escaped goes by the
 * properties of characters, so that nothing that is not seen reaches a terminal.
 */
export function visible(text: string): string {
  return text.replace(everyHiding, escaped);
}

/** A line of a text, in which tabs may stand, and joiners where emoji and scripts need them. */
export function visibleLine(line: string): string {
  return line.replace(everyHiding, (character, at: number) =>
    character === '\n' || isHiding(line, character, at) ? escaped(character) : character,
  );
}

/** A JSON text with the same meaning, in which such characters are escaped, too; its own line ends stay. */
export function visibleJson(json: string): string {
  return json.replace(everyHiding, (character) => (character === '\n' ? character : codeUnits(character)));
}

/**
 * A text as one word of a shell, whatever stands in it. What a terminal must not meet raw is escaped in `$'…'`, which bash, zsh and
 * ksh read back as the same text.
 */
export function shellWord(text: string): string {
  if (visible(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  const quoted = text.replace(/[\\']/g, (character) => `\\${character}`);
  return `$'${quoted.replace(everyHiding, (character) => ansiC(character))}'`;
}

function ansiC(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : escaped(character);
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? codeUnits(character);
}

/** Characters by their codes: `\u0430`. */
export function codeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
