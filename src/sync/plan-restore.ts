import { basename, dirname } from 'node:path';
import { type Action, type FileWrite, type Plan, type PlannedUnit, sideOf, type Verdict } from '../model/plan.ts';
import type { ClientRecord } from '../model/record.ts';
import type { RunFile, RunIndex } from '../model/run.ts';
import { linkMode, type Standing } from '../model/runtime.ts';
import { unitId } from '../model/unit.ts';
import type { Choices } from './plan/choose-action.ts';
import { decide } from './plan/decide.ts';

/** One file as several runs together changed it. */
export interface RestoreFile extends RunFile {
  /** The run that has the backup of it. */
  readonly run: RunIndex;
  /** Whether somebody else wrote it between two of the runs, so that going back loses that. */
  readonly written: boolean;
}

export interface RestoreRequest {
  readonly files: readonly RestoreFile[];
  readonly folders: readonly string[];
  /** By path: what stands there, and what stood there before the runs. */
  readonly now: ReadonlyMap<string, Standing>;
  readonly backups: ReadonlyMap<string, Uint8Array | null>;
  readonly choices: Choices;
  /** The digest under which a file is an earlier value of the user's that the state folder keeps; undefined for others. */
  digestOf(file: RestoreFile): string | undefined;
}

/** The files that runs changed, given newest first: what stood there before the oldest, and what the newest left. */
export function filesOfRuns(runs: readonly RunIndex[]): RestoreFile[] {
  const files = new Map<string, RestoreFile>();
  for (const run of runs) {
    for (const file of run.files) {
      const later = files.get(file.path);
      const written = later !== undefined && (later.written || stateOf(later.before) !== stateOf(file.after));
      files.set(file.path, { ...file, after: later ? later.after : file.after, run, written });
    }
  }
  return [...files.values()];
}

/**
 * The plan that puts files back as they were before runs. It is the same table as for a push: the backup is what is
 * wanted, what the run left is the base. A file that somebody has changed since is a conflict.
 */
export function planRestore(request: RestoreRequest): Plan {
  const decided = request.files
    .filter(({ file }) => file !== '')
    .map((file) => ({ file, unit: plannedFile(file, request) }));
  const units = decided.map(({ unit }) => unit);
  const stopped = units.some(({ action }) => action === 'stop');
  const writes = stopped
    ? []
    : decided.flatMap(({ file, unit }) => (isWrite(unit.action) ? writesOf(file, request) : []));
  return {
    ...{ command: 'restore', units, writes, findings: [] },
    makeFolders: [...new Set(writes.filter(({ after }) => after).map(({ path }) => dirname(path)))],
    removeFolders: stopped ? [] : [...request.folders].reverse(),
    records: stopped ? [] : recordsOf(request),
  };
}

function plannedFile(file: RestoreFile, { now, choices }: RestoreRequest): PlannedUnit {
  const id = nameOf(file);
  const have = standingState(now.get(file.path));
  const want = stateOf(file.before, file.link);
  const base = file.written ? `${stateOf(file.after)} written` : stateOf(file.after, file.link);
  const verdict = decide(want, have, base);
  const action = actionFor(verdict, id, file, have === undefined, choices);
  return { id, client: file.client, file: file.file, kind: 'file', path: file.path, verdict, action };
}

/** What belongs to no client is of the repository, or the user's configuration. */
function nameOf({ client, file, path }: RestoreFile): string {
  if (client !== '') return unitId(client, file);
  return unitId(
    file === 'config.toml' && basename(dirname(path)) === 'syncline' ? 'configuration' : 'repository',
    file,
  );
}

function actionFor(verdict: Verdict, id: string, file: RestoreFile, isNew: boolean, choices: Choices): Action {
  const write = file.before === null ? 'remove' : isNew ? 'create' : 'update';
  if (verdict === 'source-ahead') return choices.keep(id, verdict) ? 'leave' : write;
  if (verdict === 'runtime-ahead') return 'leave';
  if (verdict !== 'conflict') return 'none';
  if (choices.keep(id, verdict)) return 'leave';
  return choices.overwrite(id) ? write : 'stop';
}

function isWrite(action: Action): boolean {
  return action === 'create' || action === 'update' || action === 'remove';
}

/** A link that somebody has replaced by a file comes back, too: first what it leads to, then the link itself. */
function writesOf(
  { client, file, path, target, link, lock, shared, before }: RestoreFile,
  request: RestoreRequest,
): FileWrite[] {
  const { now, backups } = request;
  const standing = now.get(path);
  const content = backups.get(path);
  const after = before && content ? { content, mode: before.mode } : null;
  const write = {
    client,
    file,
    path,
    before: sideOf(standing?.file),
    after,
    ...(lock ? { lock } : {}),
    ...(shared ? { shared } : {}),
  };
  if (link === undefined || standing?.link === link) return [write];
  const linked = { content: new TextEncoder().encode(link), mode: linkMode };
  const atEnd = { ...write, path: target, before: sideOf(now.get(target)?.file) };
  return [
    ...(atEnd.before || after ? [atEnd] : []),
    { client, file, path, before: sideOf(standing?.file), after: linked },
  ];
}

/** The records as they were, with what the runs threw away of what they need. */
function recordsOf(request: RestoreRequest): Plan['records'] {
  const own = request.files.filter(({ file }) => file === '');
  const keeps = new Map(
    own.flatMap((file): [string, Uint8Array][] => {
      const [digest, content] = [request.digestOf(file), request.backups.get(file.path)];
      return digest !== undefined && content ? [[digest, content]] : [];
    }),
  );
  const records = own.filter((file) => request.digestOf(file) === undefined);
  return records.map((file) => ({ ...recordOf(file, request), keeps }));
}

function recordOf({ path }: RestoreFile, { backups }: RestoreRequest): Plan['records'][number] {
  const content = backups.get(path);
  const key = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(/\.json$/, '');
  return { key, record: content ? (JSON.parse(new TextDecoder().decode(content)) as ClientRecord) : null };
}

function standingState(standing: Standing | undefined): string | undefined {
  return stateOf(sideOf(standing?.file), standing?.link);
}

/** A file's bytes, mode and link as one text; undefined where nothing stands. */
function stateOf(side: { digest: string; mode: number } | null, link?: string): string | undefined {
  return side ? `${side.mode.toString(8)} ${side.digest} ${link ?? ''}` : undefined;
}
