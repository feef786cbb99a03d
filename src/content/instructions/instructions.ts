import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import { splitFrontmatter } from '../frontmatter.ts';
import { fileAt, placesOf } from '../overlay.ts';
import { cutPieces, joinPieces, type Piece, plainPieces, sourcePieces } from '../pieces/pieces.ts';
import { expandPieces, expandTokens, type TokenValues } from '../placeholders.ts';
import { decodeText, plainBody, withoutBom } from '../text.ts';
import { importProblems, markerProblems } from './instruction-problems.ts';
import type { MemoryFile } from './memories.ts';

export interface InstructionsOptions {
  /** Below `shared/` and the client's folder of every layer; what both clients share comes first, the layers last. */
  readonly source: string;
  /** import: the client reads `@path` lines. inline: the always-on memories are sections of their own. */
  readonly memories: 'import' | 'inline';
  /** The memory folder relative to the instructions file, which stands in the client's home. */
  readonly memoryFolder: string;
}

/** A memory that stands in the instructions file as text. */
export interface Section {
  readonly name: string;
  readonly text: string;
  readonly source: string;
  /** Where each part of `text` comes from. */
  pieces(): Piece[];
}

export interface Instructions {
  /** Our block without the sections; undefined when there is nothing to say. LF line ends, none at the end. */
  readonly block?: string;
  readonly sections: Section[];
  readonly findings: Finding[];
  /** The source file that the block is put down to. */
  readonly blockSource: string;
  /** Where each part of the block comes from. */
  pieces(): Piece[];
}

/** The memories that an agent always has before it, in this order. */
const alwaysOn = ['global.md', 'conventions.md'];

/**
 * What our block in a client's instructions file holds: the shared instructions, the client's own, the always-on memories,
 * an index of the others.
 */
export function instructionSections(
  tree: SourceTree,
  client: string,
  options: InstructionsOptions,
  memories: readonly MemoryFile[],
  values: TokenValues,
): Instructions {
  const paths = placesOf(tree, client).map((place) => `${place}/${options.source}`);
  const texts = paths.map((path) => ownText(tree, path, values));
  const always = alwaysOn.flatMap((name) => memories.filter(({ relative }) => relative === name));
  const [imported, inlined] = options.memories === 'import' ? [always, []] : [[], always];
  const sections = inlined.map(sectionOf).filter(({ text }) => text !== '');
  const folder = values.memoryPath ?? options.memoryFolder;
  // The client's own file first: who looks for a sentence of the block looks there.
  const there = paths.filter((_, index) => texts[index]?.there).at(-1);
  const instead = `Put text of your own into "${there ?? paths[1]}".`;
  const written = [importsOf(imported, options.memoryFolder, instead), ...indexOf(memories, folder, instead)];
  const parts = [...texts, ...written.map(writtenPart)].filter(({ text }) => text !== '');
  const block = parts.map(({ text }) => text).join('\n\n');
  const glue = { text: '\n\n', instead };
  const pieces = () => parts.flatMap((part, index) => [...(index === 0 ? [] : [glue]), ...part.pieces()]);
  const own = texts.map(({ text }, index) => ({ text, source: paths[index] as string }));
  const unread = options.memories === 'inline' ? [...own, ...inlined] : [];
  const findings = [
    ...texts.flatMap((each) => each.findings),
    ...inlined.flatMap(({ text, source }) => markerProblems(text, source)),
    ...unread.flatMap(({ text, source }) => importProblems(text, source, values.clientName)),
  ];
  const blockSource = there ?? (imported[0] ?? indexed(memories)[0])?.source ?? (paths[1] as string);
  return { ...(block === '' ? {} : { block }), sections, findings, blockSource, pieces };
}

interface Part {
  readonly text: string;
  pieces(): Piece[];
}

function writtenPart(pieces: readonly Piece[]): Part {
  return { text: joinPieces(pieces), pieces: () => [...pieces] };
}

function ownText(
  tree: SourceTree,
  path: string,
  values: TokenValues,
): Part & { there: boolean; findings: readonly Finding[] } {
  const file = fileAt(tree, path);
  if (!file) return { there: false, ...writtenPart([]), findings: [] };
  const source = decodeText(file.bytes);
  if (source === undefined) {
    const finding = problem('not-utf8', `"${path}" is not UTF-8 text.`, 'Save it as UTF-8.', { path, line: 1 });
    return { there: true, ...writtenPart([]), findings: [finding] };
  }
  const { text, findings } = expandTokens(source, values, path);
  const pieces = () => plainPieces(expandPieces(sourcePieces(path, source), values));
  return { there: true, text: plainBody(text), pieces, findings: [...findings, ...markerProblems(text, path)] };
}

function sectionOf({ relative, text, source, ...memory }: MemoryFile): Section {
  const plain = withoutBom(text);
  const body = splitFrontmatter(plain)?.body ?? plain;
  const trimmed = plainBody(body).replace(/^\n+/, '');
  const pieces = () => {
    const all = plainPieces(cutPieces(memory.pieces(), text.length - body.length, text.length));
    const { length } = joinPieces(all);
    return cutPieces(all, length - trimmed.length, length);
  };
  return { name: relative, text: trimmed, source, pieces };
}

function importsOf(memories: readonly MemoryFile[], folder: string, instead: string): Piece[] {
  if (memories.length === 0) return [];
  const text = ['## Shared memory', '', ...memories.map(({ relative }) => `@${folder}/${relative}`)].join('\n');
  return [{ text, instead }];
}

function indexed(memories: readonly MemoryFile[]): MemoryFile[] {
  return memories.filter(({ relative }) => !alwaysOn.includes(relative) && isListed(relative));
}

/** Whether the instructions name a memory: all but a README, which is for the people who keep the folder. */
export function isListed(relative: string): boolean {
  return !/(?:^|\/)README\.md$/i.test(relative);
}

function indexOf(memories: readonly MemoryFile[], folder: string, instead: string): Piece[][] {
  const isProject = ({ relative }: MemoryFile) => relative.startsWith('projects/');
  const projects = indexed(memories).filter(isProject);
  const others = indexed(memories).filter((memory) => !isProject(memory));
  const line = ({ relative, title, source }: MemoryFile): Piece => ({
    text: `\n- ${folder}/${relative}: ${title}`,
    instead: `Edit the description or the first heading of "${source}", and push.`,
  });
  const list = (heading: string, when: string, files: MemoryFile[]): Piece[] =>
    files.length === 0 ? [] : [{ text: `${heading}\n\n${when}\n`, instead }, ...files.map(line)];
  return [
    list('## Project memory', 'Before you work on one of these projects, read its file.', projects),
    list('## More memory', 'When one of these subjects comes up, read its file.', others),
  ];
}
