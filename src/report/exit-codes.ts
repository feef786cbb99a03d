/** What each exit code means, in one line each: the help of every command and the tables of the docs say the same. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done; after push, check and clean both sides are equal'],
  [1, 'differences are left, or doctor found problems'],
  [2, 'could not do it: usage, a file that does not parse or cannot be read, a secret, a lock, another repository'],
  [3, 'conflicts; nothing was written'],
];

/** The table as `--help` prints it. */
export const exitCodesText = `Exit codes:\n${exitCodes.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`;
