import { hiding, isMeant } from './meant-characters.ts';

/** A stretch of a text that a person who reads it does not see as what it is. */
export interface Hidden {
  readonly start: number;
  readonly end: number;
  /** In words, with the code points: `a tag character (U+E0041)`. */
  readonly what: string;
}

const hidingCharacter = new RegExp(String.raw`(?![ \t\n]|\r\n)[${hiding}]`, 'gu');
/** All of these are seen; where nothing else stands, nothing else is asked. */
const other = /[^\t\n\r\x20-\x7e]|\r(?!\n)/;
/**
 * Characters that no font has to show, several in a row, and more marks than any letter takes, which cover what is around them. One sign
 * of private use is an icon.
 */
const stacked = /\p{Co}{4,}|\p{M}{6,}/gu;
/** So many columns move what follows out of a window; so many empty lines, out of a screen. */
const longBlank = /[ \t\r\n]{25,}/g;
const windowWidth = 100;
const screenHeight = 40;
const tabWidth = 4;

/**
 * Everything in a text that a reader does not see: control and format characters, blanks that are no spaces, what is left
 * out when a text is drawn, and long runs of blanks before more text. What stands where people write it is none: joiners
 * in emoji and in the scripts that need them, a byte order mark at the start, a narrow blank beside a sign.
 * At most `most` of them, in order.
 */
export function hiddenIn(text: string, most = 1000): Hidden[] {
  const found = other.test(text) ? hiddenCharacters(text, most) : [];
  const more = other.test(text) ? stackedCharacters(text) : [];
  return [...found, ...more, ...longBlanks(text, most)].sort((a, b) => a.start - b.start);
}

function hiddenCharacters(text: string, most: number): Hidden[] {
  const found: Hidden[] = [];
  for (const { 0: character, index } of text.matchAll(hidingCharacter)) {
    if (isMeant(text, character, index)) continue;
    found.push({ start: index, end: index + character.length, what: `${kindOf(character)} (${codeOf(character)})` });
    if (found.length === most) break;
  }
  return found;
}

function stackedCharacters(text: string): Hidden[] {
  return [...text.matchAll(stacked)].flatMap(({ 0: run, index }) => {
    if (hidingCharacter.test(run)) {
      hidingCharacter.lastIndex = 0;
      return [];
    }
    const what = /\p{Co}/u.test(run) ? 'characters of private use' : 'marks on one letter';
    return [{ start: index, end: index + run.length, what: `${[...run].length} ${what} in a row (${codeOf(run)})` }];
  });
}

function kindOf(character: string): string {
  if (character === '\u001b') return 'an escape character';
  if (/\p{Cc}/u.test(character)) return 'a control character';
  if (/\p{Bidi_C}/u.test(character)) return 'a control of the direction of text';
  if (/[\u{e0000}-\u{e007f}]/u.test(character)) return 'a tag character';
  if (/\p{VS}/u.test(character)) return 'a variation selector';
  if (/\p{Z}|[\u2800\u{16fe4}\u{1d159}]/u.test(character)) return 'a blank that is no space';
  return /\p{Cs}|\p{NChar}/u.test(character) ? 'no character' : 'an invisible character';
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}

function longBlanks(text: string, most: number): Hidden[] {
  const found: Hidden[] = [];
  for (const { 0: blank, index } of text.matchAll(longBlank)) {
    const end = index + blank.length;
    const what = /\S/.test(text[end] ?? '') ? blankOf(blank, text, index) : undefined;
    if (what !== undefined) found.push({ start: end, end: end + 1, what: `${what} in a row, with text behind them` });
    if (found.length === most) break;
  }
  return found;
}

function blankOf(blank: string, text: string, start: number): string | undefined {
  const lines = blank.split('\n').length - 1;
  if (lines > screenHeight) return `${lines - 1} empty lines`;
  // Blanks at the end of a line hide nothing.
  const indent = blank.slice(blank.lastIndexOf('\n') + 1);
  const isWide = indent.length + (indent.split('\t').length - 1) * (tabWidth - 1) >= windowWidth;
  const end = start + blank.length;
  return isWide && !isColumn(text, end - indent.length, end) ? `${indent.length} blanks` : undefined;
}

/** No table is wider. */
const widestTable = 2000;

/** A run of blanks in a table, in whose column the line above or below has a text: that is as wide. */
function isColumn(text: string, start: number, end: number): boolean {
  const near = text.slice(Math.max(0, start - 2 * widestTable), end + 2 * widestTable);
  const at = Math.min(start, 2 * widestTable);
  const from = near.lastIndexOf('\n', at - 1) + 1;
  if (!/^[ \t]*\|/.test(near.slice(from, at))) return false;
  const above = near.slice(near.lastIndexOf('\n', from - 2) + 1, Math.max(0, from - 1));
  const below = /\n(.*)/.exec(near.slice(at))?.[1] ?? '';
  const [column, width] = [at - from, end - start];
  return [above, below].some(
    (line) => /^[ \t]*\|/.test(line) && line.slice(column, column + width).trim().length > width / 2,
  );
}
