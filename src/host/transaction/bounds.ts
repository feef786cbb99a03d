import { basename, dirname, join, resolve, sep } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import { type ClientHome, isBelow } from '../../model/paths.ts';
import type { RunFile, RunIndex } from '../../model/run.ts';
import type { Disk } from '../disk.ts';
import type { StatePaths } from '../state/state-directory.ts';
import { errorCode } from '../system-error.ts';
import { stagedBeside, targetOf } from './atomic-write.ts';
import type { Journal, JournalStep } from './journal.ts';

/** What a run of ours may have written besides the state folder. */
export interface Bounds {
  /** Of every client: as they are found now, and as the records have them. */
  readonly homes: readonly ClientHome[];
  /** The repositories that are known: the one we are in, and those of the records. */
  readonly repositories: readonly string[];
  /** Layers out of the repository, and the user's configuration. */
  readonly others: readonly string[];
  /** Files that `init` makes in a repository besides `clients/`. */
  readonly around: readonly string[];
}

type Judged = Pick<RunIndex, 'run' | 'command' | 'folders'> & { readonly files: readonly RunFile[] };

/**
 * Throws `Failure` when what a run left names anything that no run of ours writes: whoever can plant a journal or an index could have
 * a file of their choice written. Nothing of it is obeyed then.
 */
export function refuseOutOfBounds(disk: Disk, paths: StatePaths, bounds: Bounds, run: Judged, told: string): void {
  const isMaking = run.command === 'init' && run.files.some(({ client, file }) => client === '' && file === identity);
  const bad =
    run.files.find((file) => !isOurs(disk, paths, bounds, file, isMaking))?.path ??
    run.folders.find((folder) => !isOurFolder(paths, bounds, run.files, folder)) ??
    (isName(run.run) ? undefined : run.run);
  if (bad === undefined) return;
  const message = `it names ${JSON.stringify(bad)}, which no run of Syncline from here would write; nothing of it was done`;
  const remedy =
    'If the run had other variables, such as CODEX_HOME, or was of another repository, run the command as that run was; if not, look who may write to this folder, and move the file away.';
  throw new Failure([problem('out-of-bounds', message, remedy, { path: told })]);
}

/** The same for a journal, whose steps name staged files, too. */
export function refuseForeignJournal(disk: Disk, paths: StatePaths, bounds: Bounds, journal: Journal): void {
  refuseOutOfBounds(disk, paths, bounds, { ...journal, files: journal.steps }, paths.journal);
  const odd = journal.steps.find((step, index) => !isStagedByUs(step, `${journal.run}-${index}`));
  if (odd)
    refuseOutOfBounds(disk, paths, bounds, { ...journal, files: [], folders: [`${odd.temporary}`] }, paths.journal);
}

/** Whether this is the lock of a file in a client's home. */
export function isLockInBounds({ homes }: Bounds, path: string): boolean {
  return homes.some(({ root, elsewhere }) => isBelow(path, root) || Object.values(elsewhere).some(isBeside(path)));
}

const identity = 'clients/syncline.toml';

function isOurs(disk: Disk, paths: StatePaths, bounds: Bounds, file: RunFile, isMaking: boolean): boolean {
  const { path, before, lock } = file;
  const isPlain = [path, file.target].every((each) => typeof each === 'string' && resolve(each) === each);
  if (!isPlain || (before && !/^\d+$/.test(before.backup)) || (lock && !isBeside(lock.path)(path))) return false;
  return isOurPlace(disk, paths, bounds, file, isMaking) && leadsThere(disk, file);
}

function isOurPlace(
  disk: Disk,
  { records, earlier }: StatePaths,
  { homes, repositories, others, around }: Bounds,
  { client, file, path }: RunFile,
  isMaking: boolean,
): boolean {
  if (client !== '' && file === '') return [records, earlier].some((folder) => path === join(folder, basename(path)));
  if (client === '' && others.some((other) => isBelow(path, other))) return true;
  const isInHome = homes.some(({ root, elsewhere }) => isBelow(path, root) || Object.values(elsewhere).includes(path));
  if (client !== '' && isInHome) return true;
  const name = client === '' ? file : join('clients', client, file);
  const top = path.slice(0, -name.length - 1);
  if (path !== join(top, name) || !(isBelow(name, 'clients') || around.includes(name))) return false;
  const isKnown = isMaking || repositories.includes(top) || disk.status(join(top, identity)) !== undefined;
  return isKnown && isReallyBelow(disk, top, path);
}

/**
 * Whether the target is where a write to the path lands: a link of the user's may lead anywhere, what a journal says may not. Of a
 * link that is gone the target must still hold just what the run left there.
 */
function leadsThere(disk: Disk, { path, target, link, after }: RunFile): boolean {
  if (target === path || target === known(() => targetOf(disk, path))) return true;
  if (link === undefined || !after) return false;
  return known(() => digestOf(disk.readFile(target))) === after.digest;
}

function isReallyBelow(disk: Disk, top: string, path: string): boolean {
  const folder = existing(disk, dirname(path));
  return known(() => isBelow(disk.realPath(folder), disk.realPath(existing(disk, top)))) ?? false;
}

function existing(disk: Disk, folder: string): string {
  const parent = dirname(folder);
  return parent === folder || known(() => disk.status(folder)) ? folder : existing(disk, parent);
}

/** Folders that a run made are those of its files, or stand above our own. */
function isOurFolder(
  paths: StatePaths,
  { homes, repositories, others }: Bounds,
  files: readonly RunFile[],
  folder: string,
): boolean {
  if (typeof folder !== 'string' || resolve(folder) !== folder) return false;
  const roots = [paths.root, ...homes.map(({ root }) => root), ...repositories.map((top) => join(top, 'clients'))];
  const within = [...roots, ...others].some((root) => isBelow(folder, root));
  return within || [...roots, ...files.flatMap(({ path, target }) => [path, target])].some((at) => isBelow(at, folder));
}

function isStagedByUs({ target, temporary }: JournalStep, name: string): boolean {
  return temporary === null || temporary === stagedBeside(target, name).temporary;
}

function isName(run: string): boolean {
  return /^\d{8}T\d+Z?-[\w-]+$/.test(run);
}

function isBeside(lock: string): (path: string) => boolean {
  return (path) => lock.startsWith(`${path}.`) && !lock.slice(path.length).includes(sep);
}

/** What a look gives; undefined where the disk does not say. */
function known<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
