/** The quote that a text ends in; empty outside of quotes. */
export type Quote = '' | "'" | '"';

/** A command line up to the cursor: its words as a shell sees them, and the quote that is still open at its end. */
export interface SplitLine {
  /** The last one is being typed; it is empty after a space. */
  readonly words: readonly string[];
  readonly quote: Quote;
}

/** Takes a line apart as bash does. Never fails: what is not finished yet counts as far as it goes. */
export function splitLine(line: string): SplitLine {
  const words = [''];
  let quote: Quote = '';
  let isWord = false;
  const add = (text: string) => {
    words[words.length - 1] += text;
    isWord = true;
  };
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === '\\' && quote !== "'") add(unescaped(line[++at] ?? '', quote));
    else if (quote !== '' ? character === quote : character === "'" || character === '"') {
      quote = quote === '' ? (character as Quote) : '';
      add('');
    } else if (quote === '' && /\s/.test(character)) {
      if (isWord) words.push('');
      isWord = false;
    } else add(character);
  }
  return { words, quote };
}

/** In double quotes a backslash stands for itself before most characters. */
function unescaped(character: string, quote: Quote): string {
  return quote === '"' && !/^["$`\\]?$/.test(character) ? `\\${character}` : character;
}

/** A text as it goes on after the cursor in such a quote, so that the shell reads just this text. */
export function quotedRest(text: string, quote: Quote): string {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  // History is expanded in double quotes too, and no backslash helps against that.
  if (quote === '"') return text.replace(/["$`\\]/g, '\\$&').replaceAll('!', `"'!'"`);
  return text.replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}
