import type { ConvertedPiece, FragmentProblem, TextProblem, WholeFilesTarget } from '../../adapters/client.ts';
import { caseTwins, unsafePath } from '../../content/names.ts';
import { type OverlayFile, overlayFiles } from '../../content/overlay.ts';
import { cutPieces, type Piece, sourcePieces } from '../../content/pieces/pieces.ts';
import { expandPieces, expandTokens, type TokenValues } from '../../content/placeholders.ts';
import { decodeText, encodeText } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import { unitId, type WantedUnit } from '../../model/unit.ts';
import { namesakes } from './duplicate-units.ts';
import { placedSecrets, problemsAsFindings, readSource } from './source-problems.ts';
import type { Desired } from './wanted.ts';

/** The units of a target of whole files: the client's own, over those that every client shares. */
export function wholeFiles(client: string, target: WholeFilesTarget, tree: SourceTree, tokens: TokenValues): Desired {
  const found = filesOf(client, target, tree);
  const parts = found.map((each) => wholeFile(client, target, each, tokens));
  const named = found.map(({ relative, file }) => ({ relative, path: file.path }));
  const findings = [
    ...named.flatMap(({ path, relative }) => unsafePath(path, relative, 'refused')),
    ...caseTwins(named),
    ...parts.flatMap((part) => part.findings),
    ...namesakes(
      target,
      parts.flatMap((part) => part.units),
      tree,
    ),
  ];
  return { units: parts.flatMap((part) => part.units), findings, pieces: parts.flatMap((part) => part.pieces ?? []) };
}

/** A source file of the target. */
interface FoundFile extends OverlayFile {
  readonly isShared: boolean;
}

function filesOf(client: string, target: WholeFilesTarget, tree: SourceTree): FoundFile[] {
  const found = overlayFiles(tree, client, target.source).map(({ relative, file }) => ({
    ...{ relative, file },
    isShared: tree.layers.some((layer) => file.path === `${layer}/shared/${target.source}/${relative}`),
  }));
  const taken = found.filter(({ isShared, relative }) => !(isReadMe(relative) || (isShared && !target.shared)));
  const own = new Set(taken.filter(({ isShared }) => !isShared).map(({ relative }) => target.file(relative)));
  return taken.filter(({ isShared, relative }) => !isShared || !own.has(target.shared?.file(relative) ?? ''));
}

/** A README is for the people who keep the folder. */
function isReadMe(relative: string): boolean {
  return /(?:^|\/)README\.md$/i.test(relative);
}

function wholeFile(client: string, target: WholeFilesTarget, found: FoundFile, tokens: TokenValues): Desired {
  const { relative, file, isShared } = found;
  const extension = isShared && target.shared ? target.shared.extension : target.extension;
  if (!relative.endsWith(extension)) return { units: [], findings: [wrongExtension(target, found, extension)] };
  if (isShared && target.shared?.convert) return convertedFile(client, target, found, tokens);
  const name = isShared && target.shared ? target.shared.file(relative) : target.file(relative);
  return target.content.kind === 'text'
    ? textFile(client, name, target.content, found, tokens)
    : structuredFile(client, name, target.content, file);
}

function structuredFile(
  client: string,
  name: string,
  content: Extract<WholeFilesTarget['content'], { kind: 'structured' }>,
  file: SourceFile,
): Desired {
  const unit = fileUnit(client, name, { content: file.bytes, executable: file.executable, source: file.path });
  const read = readSource(file, content.format);
  if ('finding' in read) return { units: [unit], findings: [read.finding] };
  const problems: readonly FragmentProblem[] = content.problems(read.values);
  const part = { file, text: read.text, format: content.format };
  return {
    units: [unit],
    findings: [...problemsAsFindings(part, problems), ...placedSecrets(file, read, content.format)],
  };
}

function textFile(
  client: string,
  name: string,
  content: Extract<WholeFilesTarget['content'], { kind: 'text' }>,
  { relative, file }: FoundFile,
  tokens: TokenValues,
): Desired {
  const source = decodeText(file.bytes);
  if (source === undefined) return { units: [], findings: [notText(file)] };
  const { text, findings } = expandTokens(source, tokens, file.path);
  const bytes = text === source ? file.bytes : encodeText(text);
  const unit = fileUnit(client, name, { content: bytes, executable: file.executable, source: file.path });
  return {
    units: [unit],
    findings: [...findings, ...textFindings(file, content.problems(source, relative))],
    pieces: [[unit.id, () => expandPieces(sourcePieces(file.path, source), tokens)]],
  };
}

/** A file that all clients share and that this one reads in another form, or in several files; made of the text with its tokens expanded. */
function convertedFile(
  client: string,
  target: WholeFilesTarget,
  { relative, file }: FoundFile,
  tokens: TokenValues,
): Desired {
  const { shared } = target;
  const source = decodeText(file.bytes);
  if (!shared?.convert || source === undefined) return { units: [], findings: [notText(file)] };
  const { text, findings } = expandTokens(source, tokens, file.path);
  const { pieces, problems, beside = [] } = shared.convert(text, relative);
  const main = { name: shared.file(relative), pieces };
  const files = [main, ...beside.map((other) => ({ name: other.file, pieces: [{ text: other.text }] }))];
  const folder = shared.folder?.(relative);
  const units = files.map(({ name, pieces: of }) => ({
    ...fileUnit(client, name, { content: encodeText(joined(of, text)), executable: false, source: file.path }),
    ...(folder === undefined ? {} : { folder }),
  }));
  const from = () => expandPieces(sourcePieces(file.path, source), tokens);
  return {
    units,
    findings: [...findings, ...textFindings(file, problems)],
    pieces: files.map((one, index) => [units[index]?.id ?? '', () => convertedPieces(one.pieces, from(), file)]),
  };
}

const ownFile = 'give this client a file of its own, which goes before that one';

function joined(pieces: readonly ConvertedPiece[], text: string): string {
  return pieces.map((piece) => ('text' in piece ? piece.text : text.slice(piece.start, piece.end))).join('');
}

/** The pieces of a converted text: what was taken over comes from where it stands in the source. */
function convertedPieces(pieces: readonly ConvertedPiece[], from: readonly Piece[], { path }: SourceFile): Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if ('text' in piece) return [{ ...piece, instead: `Edit "${path}" instead, or ${ownFile}.` }];
    const taken = cutPieces(from, piece.start, piece.end);
    if (!piece.quoted) return taken;
    return taken.map((one) => (one.from ? { ...one, from: { ...one.from, quoted: true } } : one));
  });
}

function notText({ path }: SourceFile): Finding {
  return problem('not-utf8', `"${path}" is not UTF-8 text.`, 'Save it as UTF-8.', { path, line: 1 });
}

function textFindings({ path }: SourceFile, problems: readonly TextProblem[]): Finding[] {
  return problems.map((one): Finding => ({ ...one, severity: one.severity ?? 'error', path }));
}

function wrongExtension({ source }: WholeFilesTarget, { relative, file }: FoundFile, extension: string): Finding {
  const message = `"${relative}" does not belong into "${source}": only files that end in "${extension}" do.`;
  return problem('wrong-extension', message, 'Rename it, or move it out of the folder.', { path: file.path, line: 1 });
}

/** The unit of a whole file. */
export function fileUnit(
  client: string,
  file: string,
  { content, executable, source }: { content: Uint8Array; executable: boolean; source: string },
): WantedUnit {
  return { id: unitId(client, file), client, file, kind: 'file', content, executable, source: { path: source } };
}
