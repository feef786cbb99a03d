import { likelySecrets } from '../../content/secrets/likely-secrets.ts';
import { type History, historyOf } from '../../host/git/history.ts';
import { listRuns, readBackup } from '../../host/transaction/runs.ts';
import { Failure } from '../../model/failure.ts';
import type { RunFile, RunIndex } from '../../model/run.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { secretsOfFile } from '../../sync/open-texts.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { MergedUnit, Side } from '../../sync/plan/merged-unit.ts';
import { unitAt } from '../../sync/unit-at.ts';
import { desiredOf } from '../source/judge-source.ts';
import type { Source } from '../source/source.ts';
import type { World } from '../world.ts';

/** What is still known of earlier times: commits of the source, and the runs with their backups. */
export interface Past {
  readonly history: History | undefined;
  /** Newest first. */
  readonly runs: readonly RunIndex[];
  /** What the source of a commit wanted of a client. */
  wanted(client: ClientState['client'], commit: string): readonly WantedUnit[];
}

/** A text that was deployed, and where it was found. */
export interface Base {
  readonly text: string;
  readonly from: { readonly commit: string } | { readonly run: string };
  /** What of it must not be shown. */
  readonly secrets: readonly string[];
}

/** How many commits after the one of the record are tried: who pushes first commits a little later. */
const commitsTried = 5;

/** Reads nothing yet but the list of runs; each commit is read once. */
export function gatherPast(world: World, { folder, tree }: Source): Past {
  const history = historyOf(world.host, folder);
  const known = new Map<string, readonly WantedUnit[]>();
  const outside = tree.files.filter(({ path }) => !path.startsWith('clients/'));
  const wanted: Past['wanted'] = (client, commit) => {
    const key = `${client.name} ${commit}`;
    const files = known.has(key) ? [] : [...(history?.files(commit, 'clients') ?? []), ...outside];
    const units = known.get(key) ?? desiredOf(world, client, { files, layers: tree.layers }).units;
    known.set(key, units);
    return units;
  };
  return { history, runs: listRuns(world.host.disk, world.state), wanted };
}

/**
 * The text of a unit as it was deployed last. The record has only its digest, so what is found counts only if it has that
 * digest: in the source of the commit that was deployed or of one soon after it, or in a backup of the runtime file.
 */
export function findBase(world: World, past: Past, state: ClientState, merged: MergedUnit): Base | undefined {
  if (merged.baseDigest === undefined) return undefined;
  return baseInHistory(past, state, merged) ?? baseInBackups(world, past, state, merged);
}

function baseInHistory({ history, wanted }: Past, state: ClientState, merged: MergedUnit): Base | undefined {
  const commit = state.record?.repository.commit;
  if (!history || !commit) return undefined;
  const commits = () => [commit, ...history.since(commit, 'clients', commitsTried)];
  for (const each of commits()) {
    const then = unitAt(state, merged, { wanted: wanted(state.client, each) });
    const side = then?.wantSide;
    if (side && side.digest === merged.baseDigest)
      return { text: side.text(), from: { commit: each }, secrets: secretsOf(then, side) };
  }
  return undefined;
}

function baseInBackups(world: World, { runs }: Past, state: ClientState, merged: MergedUnit): Base | undefined {
  for (const [run, file] of runsOfFile(runs, merged)) {
    const then = unitBefore(world, run, file, state, merged);
    const side = then?.have;
    if (side && side.digest === merged.baseDigest)
      return { text: side.text(), from: { run: run.run }, secrets: secretsOf(then, side) };
  }
  return undefined;
}

/** What stands in secret places of a unit. */
export function secretsOf(merged: MergedUnit | undefined, side: Side): string[] {
  const { unit, want, raw } = merged ?? {};
  if (unit?.kind === 'file') return secretsOfFile(unit.file, side.text());
  const value = want?.value ?? raw;
  return value === undefined ? [] : likelySecrets(value, unit?.address?.path);
}

/** The runs that changed a unit's file, newest first. */
export function runsOfFile(
  runs: readonly RunIndex[],
  { unit }: Pick<MergedUnit, 'unit'>,
): (readonly [RunIndex, RunFile])[] {
  const isIt = ({ client, file }: RunFile) => client === unit.client && file === unit.file;
  return runs.flatMap((run) => run.files.filter(isIt).map((file) => [run, file] as const));
}

/** A unit as it was before a run; undefined where the backup is not to be read any more. */
export function unitBefore(
  { host, state: paths }: World,
  run: RunIndex,
  file: RunFile,
  state: ClientState,
  merged: MergedUnit,
): MergedUnit | undefined {
  try {
    const bytes = readBackup(host.disk, paths, run, file);
    return unitAt(state, merged, { file: bytes && { bytes, mode: file.before?.mode ?? 0 } });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
