/**
 * The cases of a table, each once: " ¦ " stands between two on a line, and a line that starts with "## " names what follows.
 * Control characters have their pictures (␊ for a line feed, ␠ for a space at either end), «feff» is a character by its
 * number, «80*[» a repetition and «» the empty text.
 */
export function casesIn(table: string): readonly string[] {
  const lines = table.split('\n').filter((line) => line !== '' && !line.startsWith('## '));
  return [...new Set(lines.flatMap((line) => line.split(' ¦ ')).map(caseOf))];
}

function caseOf(spelled: string): string {
  return spelled
    .replaceAll(/«(\d+)\*(.+?)»/g, (_, count: string, text: string) => text.repeat(Number(count)))
    .replaceAll(/«([0-9a-f]*)»/g, (_, hex: string) => (hex === '' ? '' : String.fromCharCode(Number.parseInt(hex, 16))))
    .replaceAll(/[␀-␠]/g, (picture) => String.fromCharCode(picture.charCodeAt(0) - 0x2400))
    .replaceAll('␡', '\u007f');
}
