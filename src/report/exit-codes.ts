/** What each exit code means, at 80 columns: the end of every command's help, and `syncline help exit-codes`. */
export const exitCodesText = `Exit codes:
  0  done; after push, check and clean both sides are equal
  1  differences are left
  2  could not do it: usage, a file that does not parse or cannot be read, a
     secret, a lock, another repository
  3  conflicts; nothing was written`;
