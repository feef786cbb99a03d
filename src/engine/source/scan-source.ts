import {
  readAllowedHiddenText,
  readAllowedSecrets,
  unusedAllowances,
  withoutAllowed,
} from '../../content/allowances.ts';
import { maskSecrets } from '../../content/secrets/secrets.ts';
import { decodeText, encodeText, isBinary } from '../../content/text.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import type { ChangedFile } from '../../sync/adopt/change.ts';
import type { CopyRequest } from '../../sync/plan-copy.ts';
import {
  filesWithSecrets,
  maskedSources,
  searchedFiles,
  secretsAsFindings,
} from '../../sync/source/source-problems.ts';
import type { World } from '../world.ts';
import type { NamedText } from './scanner.ts';

/**
 * Looks through the whole source, for secrets with the scanner, and for what a reader does not see. Throws `Failure` with all
 * that stands in a file that may hold none; gives warnings about files that may and do not.
 */
export async function scanSource({ tree }: { readonly tree: SourceTree }): Promise<Finding[]> {
  const [allowed, open] = [readAllowedSecrets(tree), readAllowedHiddenText(tree)];
  const [scanned, hidden] = [await scanFiles(tree.files), await hiddenIn(tree.files)];
  refuse([...withoutAllowed(scanned, allowed), ...withoutAllowed(hidden, open)]);
  const listed = tree.files.filter(({ path }) => allowed.files.has(path));
  const used = [...scanned.map(({ path }) => path ?? ''), ...filesWithSecrets(listed)];
  const usedOpen = new Set(hidden.map(({ path }) => path ?? ''));
  return [...unusedAllowances(allowed, new Set(used)), ...unusedAllowances(open, usedOpen)];
}

/** Every secret that the scanner finds in some files: what must not be shown. */
export async function scannedSecrets(files: readonly SourceFile[]): Promise<string[]> {
  const hits = await scan(files.flatMap(({ path, bytes }) => textOf(path, bytes)));
  return [...new Set(hits.map(({ secret }) => secret))];
}

/**
 * Looks through what a plan would deploy with the scanner. What equals the record was looked through when it was deployed, so
 * when all does, the scanner is not even loaded. Throws `Failure` with every secret; gives notes about those that are allowed,
 * and warnings about what a reader does not see.
 */
export async function scanPlanned(
  { clients }: World,
  { tree }: { readonly tree: SourceTree },
  units: readonly PlannedUnit[],
): Promise<Finding[]> {
  const wanted = units.filter(({ source }) => source !== undefined);
  const moved = wanted.filter(({ verdict }) => verdict !== 'same' && verdict !== 'agreed');
  if (moved.length === 0) return [];
  const pathsOf = (some: readonly PlannedUnit[]) => new Set(some.map(({ source }) => source?.path));
  const [settled, open] = [pathsOf(wanted), pathsOf(moved)];
  const names = clients.map(({ name }) => name);
  // A file that no unit comes from may be put into one that does: variables, what every skill gets.
  const files = searchedFiles(tree, names).filter(({ path }) => open.has(path) || !settled.has(path));
  const allowed = readAllowedSecrets(tree);
  refuse(withoutAllowed(await scanFiles(files), allowed));
  return [
    ...maskedSources(files.filter(({ path }) => allowed.files.has(path))),
    ...(await hiddenWarnings(tree, files)),
  ];
}

/** Warnings about what a reader does not see in files of the source; none about files that may hold it. */
async function hiddenWarnings(tree: SourceTree, files: readonly SourceFile[]): Promise<Finding[]> {
  const found = withoutAllowed(await hiddenIn(files), readAllowedHiddenText(tree));
  return found.map((finding) => ({ ...finding, severity: 'warning' }));
}

/**
 * Looks through files that would go into the source. Throws `Failure` with every secret that was not in them before; gives
 * warnings about what a reader does not see.
 */
export async function scanAdopted(tree: SourceTree, files: readonly ChangedFile[]): Promise<Finding[]> {
  const made = files.flatMap(({ path, after }) => (after ? [{ path, ...after }] : []));
  const before = await scan(
    tree.files
      .filter(({ path }) => made.some((file) => file.path === path))
      .flatMap((file) => textOf(file.path, file.bytes)),
  );
  const known = new Set(before.map(({ secret }) => secret));
  const hits = await scan(made.flatMap(({ path, bytes }) => textOf(path, bytes)));
  const fresh = hits.filter(({ secret }) => !known.has(secret));
  const findings = made.flatMap((file) =>
    secretsAsFindings(
      file,
      fresh.filter(({ path }) => path === file.path),
    ),
  );
  refuse(
    findings.map((finding) => ({
      ...finding,
      message: `adopting would bring this into the source: ${finding.message}`,
    })),
  );
  return hiddenWarnings(tree, made);
}

/** Takes out of the copies what only the scanner finds. */
export async function scanCopies(requests: readonly CopyRequest[]): Promise<CopyRequest[]> {
  const contents = requests.flatMap(({ copy }) => [...copy.values()]);
  const hits = await scan(contents.flatMap((bytes) => textOf('', bytes)));
  const secrets = [...new Set(hits.map(({ secret }) => secret))];
  if (secrets.length === 0) return [...requests];
  const masked = (bytes: Uint8Array) =>
    textOf('', bytes).map(({ text }) => encodeText(maskSecrets(text, secrets)))[0] ?? bytes;
  return requests.map((request) => ({
    ...request,
    copy: new Map([...request.copy].map(([name, bytes]) => [name, masked(bytes)])),
  }));
}

async function scanFiles(files: readonly SourceFile[]): Promise<Finding[]> {
  const hits = await scan(files.flatMap(({ path, bytes }) => textOf(path, bytes)));
  return files.flatMap((file) =>
    secretsAsFindings(
      file,
      hits.filter(({ path }) => path === file.path),
    ),
  );
}

async function scan(texts: readonly NamedText[]) {
  return (await import('./scanner.ts')).scanTexts(texts);
}

function textOf(path: string, bytes: Uint8Array): NamedText[] {
  return isBinary(bytes) ? [] : [{ path, text: decodeText(bytes) ?? '' }];
}

/** A check of a home in sync looks at no text, and loads nothing for it. */
async function hiddenIn(files: readonly SourceFile[]): Promise<Finding[]> {
  return (await import('../../sync/source/hidden-texts.ts')).hiddenTexts(files);
}

function refuse(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new Failure(findings);
}
