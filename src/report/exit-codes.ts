/** What each exit code means: the help of every command, its topic and the tables of the docs say the same. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done; after push, check and clean both sides are equal'],
  [1, 'differences are left, or doctor found problems'],
  [2, 'could not do it: usage, a file that does not parse or cannot be read, a secret, a lock, another repository'],
  [3, 'a person must choose (conflicts, new powers without a terminal); nothing was written'],
];

const columns = 80;

/** The table as `--help` prints it, at 80 columns. */
export const exitCodesText = `Exit codes:\n${exitCodes.map(([code, meaning]) => `  ${code}  ${wrapped(meaning, 5)}`).join('\n')}`;

/** A sentence in lines that stand below each other, so many columns from the left. */
function wrapped(sentence: string, indent: number): string {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1) as string;
    if (indent + line.length + word.length >= columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
