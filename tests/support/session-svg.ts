/** Turns what stood on a terminal into a picture that GitHub shows: one text line each, in light and in dark. */
const [lineHeight, charWidth, margin] = [18, 7.85, 14];

const classes: Readonly<Record<string, string>> = { 1: 'b', 2: 'f', 31: 'r', 32: 'g', 33: 'y', 36: 'c' };
const ends: Readonly<Record<string, readonly string[]>> = {
  0: ['b', 'f', 'r', 'g', 'y', 'c'],
  22: ['b', 'f'],
  39: ['r', 'g', 'y', 'c'],
};

const style = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; white-space: pre }
rect { fill: #f6f8fa; stroke: #d1d9e0 } .b { font-weight: 700 } .f { fill: #59636e }
.r { fill: #cf222e } .g { fill: #116329 } .y { fill: #7d4e00 } .c { fill: #1b7c83 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } rect { fill: #0d1117; stroke: #3d444d } .f { fill: #9198a1 }
.r { fill: #ff7b72 } .g { fill: #7ee787 } .y { fill: #e3b341 } .c { fill: #76e3ea }
}`;

/** The picture of a terminal's text; colours are kept, other escapes go. `title` is read aloud to who cannot see it. */
export function sessionSvg(screen: string, title: string): string {
  const lines = screen.replace(/\n$/, '').split('\n');
  const columns = Math.max(...lines.map((line) => [...withoutSequences(line)].length));
  const [width, height] = [Math.ceil(columns * charWidth) + 2 * margin, lines.length * lineHeight + 2 * margin];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`;
  const frame = `<title>${escaped(title)}</title><style>${style}</style><rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`;
  const active = new Set<string>();
  const rows = lines.map((line, index) => {
    const y = margin + (index + 0.75) * lineHeight;
    return `<text x="${margin}" y="${y}" xml:space="preserve">${spans(line, active)}</text>`;
  });
  return `${[head, frame, ...rows, '</svg>'].join('\n')}\n`;
}

/** The runs of one line, each in its colours; what is switched on goes on in the next line. */
function spans(line: string, active: Set<string>): string {
  return line
    .split(/(\u001b\[[0-9;?]*[A-Za-z])/)
    .map((part) => {
      const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
      if (codes !== undefined) for (const code of codes.split(';')) apply(code || '0', active);
      if (part === '' || part.startsWith('\u001b')) return '';
      return active.size > 0 ? `<tspan class="${[...active].join(' ')}">${escaped(part)}</tspan>` : escaped(part);
    })
    .join('');
}

function apply(code: string, active: Set<string>): void {
  for (const ended of ends[code] ?? []) active.delete(ended);
  const name = classes[code];
  if (name) active.add(name);
}

function withoutSequences(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
