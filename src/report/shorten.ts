/** A path or a name that is too wide loses its middle: both ends say more. */
export function fitted(text: string, most: number): string {
  if (columns(text) <= most) return text;
  const [signs, half] = [[...text], Math.floor((most - 1) / 2)];
  return [...cut(signs, half), '…', ...cut(signs.reverse(), half).reverse()].join('');
}

/** A sentence that is too wide loses its end. */
export function shortenEnd(text: string, most: number): string {
  return columns(text) <= most ? text : [...cut([...text], most - 1), '…'].join('');
}

/** As many of the signs as have room. */
function cut(signs: readonly string[], most: number): string[] {
  let used = 0;
  const end = signs.findIndex((sign) => {
    used += columns(sign);
    return used > most;
  });
  return signs.slice(0, end === -1 ? signs.length : end);
}

/** Signs of East Asian scripts and emoji take two columns. */
function columns(text: string): number {
  return [...text].reduce((sum, sign) => sum + (wide.test(sign) ? 2 : 1), 0);
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** A line as several, of at most so many columns; a word that is longer stays whole. */
export function wrapped(line: string, most: number): string[] {
  const lines = [''];
  const start = /^ */.exec(line)?.[0] ?? '';
  for (const word of line.trim().split(' ')) {
    const last = lines.at(-1) as string;
    if (last !== '' && last.length + 1 + word.length > most) lines.push(start + word);
    else lines[lines.length - 1] = last === '' ? start + word : `${last} ${word}`;
  }
  return lines;
}
