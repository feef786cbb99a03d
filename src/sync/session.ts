import type { EverySession, ListedFiles } from '../adapters/every-session.ts';
import { estimatedTokens } from '../content/estimate.ts';
import { readFrontmatter } from '../content/frontmatter.ts';
import { withoutComments } from '../content/instructions/imports.ts';
import { withoutBom } from '../content/text.ts';
import type { SessionCost, SessionFile } from '../model/status.ts';
import { isTable, leavesOf, type Value } from '../model/value.ts';
import type { ClientState } from './plan/client-state.ts';

/** The texts that a client reads for every session, as they stand in the runtime. */
export interface SessionTexts {
  /** By their names relative to the home; of the instructions only those that are read. */
  readonly files: ReadonlyMap<string, string>;
  /** What the instructions import, by the names that reports use. */
  readonly imported: ReadonlyMap<string, string>;
}

/** The files of a client's home that have to be read to tell what a session costs. */
export function sessionFiles({ runtime }: ClientState, session: EverySession): string[] {
  const listed = (folder: string) =>
    listingOf(runtime.listings, folder).filter((file) => !isBeyond(runtime.beyond, file));
  return [
    ...session.instructions,
    ...(session.rules === undefined ? [] : listed(session.rules).filter((file) => file.endsWith('.md'))),
    ...session.listed.flatMap((each) => listed(each.folder).filter((file) => each.isOne(below(each, file)))),
  ];
}

/** The file of instructions that the client reads: the first that says anything. */
export function instructionsFile(files: SessionTexts['files'], { instructions }: EverySession): string | undefined {
  return instructions.find((file) => (files.get(file) ?? '').trim() !== '');
}

/** What every session of a client costs, the dearest file first. */
export function sessionCost(
  state: ClientState,
  session: EverySession,
  texts: SessionTexts,
  budget: number,
): SessionCost {
  const { files, imported } = texts;
  const instructions = instructionsFile(files, session);
  const inFolder = (folder: string) => [...files].filter(([file]) => file.startsWith(`${folder}/`));
  const rules = session.rules === undefined ? [] : inFolder(session.rules).filter(([, text]) => isForAll(text));
  const whole = (name: string, text: string): SessionFile => ({
    name,
    tokens: estimatedTokens(session.imports ? withoutComments(text) : text),
  });
  const found = [
    ...(instructions === undefined
      ? []
      : [{ ...whole(instructions, files.get(instructions) ?? ''), ...partsOf(state, instructions) }]),
    ...[...imported].map(([name, text]) => whole(name, text)),
    ...rules.map(([file, text]) => whole(file, text)),
    ...session.listed.flatMap((each) => listedCost(state, each, inFolder(each.folder))),
  ];
  const dearest = found.sort((a, b) => b.tokens - a.tokens);
  return { tokens: found.reduce((sum, { tokens }) => sum + tokens, 0), budget, files: dearest };
}

function listedCost({ home }: ClientState, listed: ListedFiles, files: readonly [string, string][]): SessionFile[] {
  const ones = files.filter(([file]) => listed.isOne(below(listed, file)));
  const lines = ones.flatMap(([file, text]) => {
    const frontmatter = readFrontmatter(withoutBom(text))?.data ?? {};
    return listed.listing(`${home.root}/${file}`, frontmatter) || [];
  });
  if (lines.length === 0) return [];
  const name = `${lines.length} ${listed.what}${lines.length === 1 ? '' : 's'}: ${lines.length === 1 ? 'name and description' : 'names and descriptions'}`;
  return [{ name, tokens: estimatedTokens(lines.join('\n')) }];
}

/** Rules that say for which paths they are come only with those. */
function isForAll(text: string): boolean {
  return readFrontmatter(withoutBom(text))?.data.paths === undefined;
}

/** What of the instructions is ours: the block with the list of memories, and each memory that stands in it as text. */
function partsOf({ documents }: ClientState, file: string): Pick<SessionFile, 'parts'> {
  const values = documents.get(file)?.values ?? {};
  const sections = leavesOf(values).flatMap(([path, value]) => (isText(value) ? [{ path, value }] : []));
  const parts = sections.map(({ path, value }) => ({
    name: path[0] === 'memory' ? `memory ${path.slice(1).join('/')}` : 'instructions and list of memories',
    tokens: estimatedTokens(value),
  }));
  return isTable(values) && parts.length > 0 ? { parts } : {};
}

function isText(value: Value): value is string {
  return typeof value === 'string';
}

function listingOf(listings: ReadonlyMap<string, readonly string[]>, folder: string): readonly string[] {
  return listings.get(folder) ?? [];
}

function below({ folder }: Pick<ListedFiles, 'folder'>, file: string): string {
  return file.slice(folder.length + 1);
}

function isBeyond(beyond: ReadonlySet<string>, file: string): boolean {
  return [...beyond].some((name) => file === name || file.startsWith(name.endsWith('/') ? name : `${name}/`));
}
