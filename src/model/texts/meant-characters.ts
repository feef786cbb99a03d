// By Unicode property, so that what a later version of Unicode adds counts, too. Beside the properties stand the blank
// signs that Unicode counts among the symbols and marks.
/** The characters that a reader does not see, as what stands between brackets in a pattern; the space is one of them. */
export const hiding = String.raw`\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{DI}\p{NChar}\u2800\u{16fe4}\u{1d159}`;
/** Each character that a reader does not see, wherever it stands: line ends and tabs, too, and no space. */
export const everyHiding = new RegExp(`(?! )[${hiding}]`, 'gu');
const oneHiding = new RegExp(`(?! )[${hiding}]`, 'u');
const emoji = /\p{Emoji}/u;
const pictograph = /\p{ExtPict}|\p{EMod}|\ufe0f/u;
/** The signs of scripts that say themselves what they are, though Unicode counts them as format characters. */
const visibleSign = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}]/u;
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const unspaced =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Javanese}\p{Script=Balinese}]/u;
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303f\uff00-\uff60]/u;
const mongolian = /\p{Script=Mongolian}/u;
const braille = /[\u2801-\u28ff]/;
const sign = /[\p{P}\p{S}\p{Nd}]/u;

/** Flags of parts of countries, the only ones whose tags are in general use. */
const flags = ['gbeng', 'gbsct', 'gbwls'].map((place) => {
  const tags = [...place].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)));
  return `\u{1f3f4}${tags.join('')}\u{e007f}`;
});
const flagLength = 14;

/** True for a character that a reader does not see, and that stands where it has no use. */
export function isHiding(text: string, character: string, at: number): boolean {
  return oneHiding.test(character) && !isMeant(text, character, at);
}

/** Whether a character stands where people write it and where it can hide nothing. */
export function isMeant(text: string, character: string, at: number): boolean {
  const [before, after] = [characterBefore(text, at), characterAt(text, at + character.length)];
  const beside = (pattern: RegExp) => pattern.test(before) || pattern.test(after);
  const between = (pattern: RegExp) => pattern.test(before) && pattern.test(after);
  switch (character) {
    case '\t':
    case '\n':
      return true;
    case '\r':
      return after === '\n';
    case '\f':
      return before === '' || before === '\n';
    case '\ufeff':
      return at === 0;
    case '\ufe0e':
    case '\ufe0f':
      return /[#*\d]/.test(before) ? after === '\u20e3' : emoji.test(before);
    case '\u200d':
      return (pictograph.test(before) && /\p{ExtPict}/u.test(after)) || isInWord(before, after);
    case '\u200c':
      return isInWord(before, after);
    case '\u200b':
      return between(unspaced);
    case '\u200e':
    case '\u200f':
    case '\u061c':
      return beside(rightToLeft) && !beside(oneHiding);
    case '\u00a0':
    case '\u2009':
    case '\u202f':
      return beside(sign) && before !== '' && after !== '' && !beside(/ /) && !beside(oneHiding);
    case '\u3000':
      return (
        eastAsian.test(after) || eastAsian.test(before) || (after === '\u3000' && eastAsian.test(text[at + 2] ?? ''))
      );
    case '\u2800':
      return beside(braille);
    case '\u180b':
    case '\u180c':
    case '\u180d':
    case '\u180e':
    case '\u180f':
      return mongolian.test(before) && !oneHiding.test(before);
    default:
      return visibleSign.test(character) || isInFlag(text, at);
  }
}

function isInFlag(text: string, at: number): boolean {
  const from = Math.max(0, at - flagLength + 2);
  const start = text.slice(from, at).lastIndexOf('\u{1f3f4}');
  return start !== -1 && flags.includes(text.slice(from + start, from + start + flagLength));
}

/** A joiner belongs to a letter before it; at the end of a word it keeps that letter's form. */
function isInWord(before: string, after: string): boolean {
  return joining.test(before) && !oneHiding.test(before) && !oneHiding.test(after);
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1) & 0xfc00;
  const pair = low === 0xdc00 && at > 1 ? characterAt(text, at - 2) : '';
  return pair.length === 2 ? pair : (text[at - 1] ?? '');
}
