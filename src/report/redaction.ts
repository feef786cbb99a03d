/** Takes secrets out of a text; where each stood, `mark` says what stands there now: `<redacted>` unless it is given. */
export type Mask = (text: string, mark?: (secret: string) => string) => string;

// A NUL stands in no text that is shown, so nothing of a user's is taken for a number.
const number = /<redacted\0\d+>/g;

/** Marks by which a comparison tells one secret from another; `withoutNumbers` makes them `<redacted>` again. */
export function numberedMarks(): (secret: string) => string {
  const numbers = new Map<string, number>();
  return (secret) => {
    const known = numbers.get(secret) ?? numbers.size;
    numbers.set(secret, known);
    return `<redacted\0${known}>`;
  };
}

/** The lines of a unified diff of texts with such marks, without them; a line that differs only in a secret says so. */
export function withoutNumbers(lines: readonly string[]): string[] {
  const removed = new Set<string>();
  return lines.map((line) => {
    if (!line.startsWith('-') && !line.startsWith('+')) removed.clear();
    const plain = line.replace(number, '<redacted>');
    if (line.startsWith('-')) removed.add(plain.slice(1));
    return plain !== line && line.startsWith('+') && removed.has(plain.slice(1)) ? `${plain} (differs, masked)` : plain;
  });
}
