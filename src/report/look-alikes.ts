import { codeUnits, visible } from '../model/texts/visible.ts';

/** Where the address of a URL stands, up to its path. */
const addresses = /\b[a-z][a-z0-9+.-]*:[\\/]{2,}[^\s"'`<>]*?(?=[/\\?#\s"'`<>]|$)/giu;
const words = /[\p{L}\p{N}\p{M}_.@-]+/gu;
const notAscii = /[^\x20-\x7e]/gu;
const latin = /[A-Za-z]/;
/** Letters of other scripts that look like ones of ASCII, as far as whole words can be made of them. */
const twins = /^[\d_.@-]*(?:[аеорсухіјѕһԁԛԝгпкАВЕКМНОРСТУХІЈЅԌԚԜνορυικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ][\d_.@-]*)+$/u;
/** Not seen as what they are: private use, not assigned, more marks than a letter takes, letters that turn the order of their neighbours. */
const odd =
  /[\p{Co}\p{Cn}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]|(?<![\p{L}\p{M}])\p{M}+|(?<=\p{M}\p{M})\p{M}+|[\u0334-\u0338\u20d0-\u20f0]/gu;

/**
 * A command or an address on one line in which nothing can be taken for something else: beside what is not seen, letters of another
 * script in an address or in a word of ASCII letters are shown by their codes, and so is whatever covers or reorders its neighbours.
 */
export function unmistakable(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const shown = text
    .replace(addresses, (address) => address.replace(notAscii, codeUnits))
    .replace(words, (word) => (isMixed(word) ? word.replace(notAscii, codeUnits) : word))
    .replace(odd, codeUnits);
  return visible(shown);
}

function isMixed(word: string): boolean {
  if (/^[\x20-\x7e]+$/.test(word)) return false;
  const plain = word.normalize('NFKC');
  if (/^[\x20-\x7e]+$/.test(plain)) return true;
  return twins.test(word) || (latin.test(plain) && /(?!\p{Script=Latin})\p{L}/u.test(plain));
}
