import { decodeText, encodeText } from '../text.ts';

/** A file of git's own that a repository may have already: what of ours is missing there is added at its end. */
export interface GitFile {
  readonly path: string;
  readonly text: string;
}

const ignore = `# Copies that pull-runtime makes to look at.
clients/*/pulled/
/node_modules/
`;

/**
 * Windows would check texts out with other line ends, with which no shell runs a script, and every file would differ from
 * what another machine deployed. What a person imported keeps its bytes.
 */
const attributes = `# The same bytes on every machine; scripts with the line ends that every shell runs.
clients/** -text
clients/**/*.sh text eol=lf
clients/**/*.py text eol=lf
clients/**/*.js text eol=lf
.githooks/* text eol=lf
`;

/** What a repository tells git of its files. */
export const gitFiles: readonly GitFile[] = [
  { path: '.gitignore', text: ignore },
  { path: '.gitattributes', text: attributes },
];

/** The file with those of our lines at its end that it lacks; undefined where it has them all, or is no text. */
export function extended(standing: Uint8Array, { text }: GitFile): Uint8Array | undefined {
  const old = decodeText(standing);
  if (old === undefined) return undefined;
  const end = old.includes('\r\n') ? '\r\n' : '\n';
  const patternsOf = (whole: string) => whole.split(/\r?\n/).map((line) => line.trim().split(/\s/)[0] ?? '');
  const known = new Set(patternsOf(old));
  const lines = text.split('\n').filter((line) => line !== '');
  const missing = lines.filter((line) => !line.startsWith('#') && !known.has(line.split(' ')[0] ?? ''));
  if (missing.length === 0) return undefined;
  const comment = lines.filter((line) => line.startsWith('#'));
  const gap = old === '' ? '' : old.endsWith('\n') ? end : end + end;
  return encodeText(`${old}${gap}${[...comment, ...missing].join(end)}${end}`);
}
