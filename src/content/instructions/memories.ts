import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import { readFrontmatter } from '../frontmatter.ts';
import { caseTwins, unsafePath } from '../names.ts';
import { type OverlayFile, overlayFiles } from '../overlay.ts';
import { type Piece, sourcePieces } from '../pieces/pieces.ts';
import { expandPieces, expandTokens, type TokenValues } from '../placeholders.ts';
import { decodeText, encodeText, withoutBom } from '../text.ts';

/** One memory as a client gets it. */
export interface MemoryFile {
  /** Below the memory folder: `projects/syncline.md`. */
  readonly relative: string;
  /** With the tokens expanded. */
  readonly bytes: Uint8Array;
  /** The source file, relative to the repository. */
  readonly source: string;
  /** The text of `bytes`. */
  readonly text: string;
  /** One line that says what it is about. */
  readonly title: string;
  /** Where each part of `text` comes from. */
  pieces(): Piece[];
}

/** The memories of a client. `reserved` says why a client owns a name, or gives undefined. */
export function memoryFiles(
  tree: SourceTree,
  client: string,
  values: TokenValues,
  reserved: (relative: string) => string | undefined,
): { files: MemoryFile[]; findings: Finding[] } {
  const files: MemoryFile[] = [];
  const found = overlayFiles(tree, client, 'memory');
  const findings = caseTwins(found.map(({ relative, file }) => ({ relative, path: file.path })));
  for (const entry of found) {
    findings.push(...nameProblems(entry, reserved));
    if (!entry.relative.endsWith('.md')) continue;
    const memory = readMemory(entry, values);
    findings.push(...memory.findings);
    if (memory.file) files.push(memory.file);
  }
  return { files, findings };
}

function nameProblems({ relative, file }: OverlayFile, reserved: (relative: string) => string | undefined): Finding[] {
  const findings = unsafePath(file.path, relative, 'refused');
  const at = { path: file.path, line: 1 };
  const reason = reserved(relative);
  if (reason !== undefined) {
    const message = `"${relative}" cannot be the name of a memory: ${reason}.`;
    findings.push(problem('reserved-memory', message, 'Rename it.', at));
  }
  if (!relative.endsWith('.md')) {
    const message = `"${relative}" is not a memory: only files that end in ".md" belong there.`;
    findings.push(problem('not-a-memory', message, 'Rename it to end in ".md", or move it out of the folder.', at));
  }
  return findings;
}

function readMemory({ relative, file }: OverlayFile, values: TokenValues): { file?: MemoryFile; findings: Finding[] } {
  const source = decodeText(file.bytes);
  if (source === undefined) {
    const message = `The memory "${relative}" is not UTF-8 text.`;
    return { findings: [problem('not-utf8', message, 'Save it as UTF-8.', { path: file.path, line: 1 })] };
  }
  const { text, findings } = expandTokens(source, values, file.path);
  const bytes = text === source ? file.bytes : encodeText(text);
  const pieces = () => expandPieces(sourcePieces(file.path, source), values);
  return { file: { relative, bytes, source: file.path, text, title: titleOf(text, relative), pieces }, findings };
}

const longestTitle = 160;

/** What a Markdown text is about, in one line: its description, else its first heading, line, or the file's name. */
export function titleOf(text: string, relative: string): string {
  const plain = withoutBom(text);
  const frontmatter = readFrontmatter(plain);
  const name = (relative.split('/').at(-1) as string).replace(/\.md$/, '');
  const body = frontmatter?.body ?? plain;
  const { description } = frontmatter?.data ?? {};
  const choices = [typeof description === 'string' ? description : '', firstHeading(body), firstLine(body), name];
  const title = choices.map(oneLine).find((choice) => choice !== '') as string;
  return [...title].length > longestTitle
    ? `${[...title]
        .slice(0, longestTitle - 1)
        .join('')
        .trimEnd()}…`
    : title;
}

function firstHeading(body: string): string {
  let fenced = false;
  for (const line of body.split('\n')) {
    if (/^ {0,3}(?:```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : /^ {0,3}#{1,6}[ \t]+(.*)$/.exec(line.trimEnd());
    const words = heading ? oneLine((heading[1] as string).replace(/[ \t]+#+$/, '')) : '';
    if (words !== '') return words;
  }
  return '';
}

function firstLine(body: string): string {
  return (
    body
      .split('\n')
      .map(oneLine)
      .find((line) => /[\p{L}\p{N}]/u.test(line) && !/^(?:```|~~~)/.test(line)) ?? ''
  );
}

// Comments go: one of them could be read as a marker of our block.
function oneLine(text: string): string {
  return text
    .replace(/<!--.*?(?:-->|$)/gs, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
