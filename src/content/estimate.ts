/**
 * About how many tokens a text costs a model. Each client's model cuts texts in its own way, so this is an estimate: four
 * ASCII characters to a token, two of other alphabets, one of the scripts that write words or syllables as single signs.
 * White space counts once.
 */
export function estimatedTokens(text: string): number {
  const plain = text.replace(/\s+/g, ' ').trim();
  let quarters = 0;
  for (const character of plain) quarters += character < '\u0080' ? 1 : signs.test(character) ? 4 : 2;
  return Math.ceil(quarters / 4);
}

const signs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;
