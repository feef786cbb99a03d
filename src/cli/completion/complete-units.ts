import { withoutSecrets } from '../../content/secrets/secrets.ts';
import { readInbox } from '../../engine/adopt/read-inbox.ts';
import { gatherSource, gatherStates } from '../../engine/source/gather.ts';
import { gatherDesired } from '../../engine/source/judge-source.ts';
import { recordKeys } from '../../host/state/files-left.ts';
import { readRecord } from '../../host/state/state-directory.ts';
import { listRuns } from '../../host/transaction/runs.ts';
import type { Verdict } from '../../model/plan.ts';
import type { RecordedUnit } from '../../model/unit.ts';
import { unitId } from '../../model/unit.ts';
import { mergeUnits } from '../../sync/plan/merged-unit.ts';
import { unmanagedUnits } from '../../sync/plan/unmanaged.ts';
import type { Context } from '../context.ts';
import type { Candidate } from './candidate.ts';

type Known = Candidate & { readonly verdict: Verdict | 'learned' | 'unknown' };

/** Which units a person most likely means after an option. */
const meantAfter: Readonly<Record<string, readonly Known['verdict'][]>> = {
  '--overwrite': ['conflict', 'runtime-ahead'],
  '--keep': ['conflict', 'runtime-ahead', 'source-ahead'],
  '--keep-always': ['conflict', 'runtime-ahead', 'source-ahead'],
  '--adopt': ['conflict', 'runtime-ahead', 'unmanaged', 'learned'],
  '--only': ['unmanaged'],
  'unit...': ['conflict', 'runtime-ahead', 'source-ahead'],
};

/** The ids that can be meant: those that differ, or all when none of them begins as it was typed. */
export function unitsFor(
  context: Context,
  { row, name }: { row: { name: string }; name: string },
  typed: string,
): Candidate[] {
  const known = row.name === 'restore' ? restorable(context) : unitsHere(context, name);
  const all = known.filter(({ word }) => word.startsWith(typed) && withoutSecrets(word) === word);
  const meant = all.filter(({ verdict }) => meantAfter[name]?.includes(verdict) ?? verdict !== 'unmanaged');
  return meant.length > 0 ? meant : all;
}

/** From source and runtime as they are now; should one of them be unreadable, from what was deployed last. */
function unitsHere(context: Context, option: string): Known[] {
  try {
    const source = gatherSource(context);
    const states = gatherStates(context, gatherDesired(context, source));
    const units = states.flatMap((state) => [
      ...mergeUnits(state).map(({ unit, verdict }) => known(unit.id, verdict)),
      ...unmanagedUnits(state).map(({ id }) => known(id, 'unmanaged')),
    ]);
    if (option !== '--adopt') return units;
    const learned = states.flatMap((state) => readInbox(context, state, source.tree).items);
    return [...units, ...learned.map(({ id }) => known(id, 'learned'))];
  } catch {
    const units = recorded(context).map(({ id }) => known(id, 'unknown'));
    return option === '--only' ? [...units, ...unmanagedHere(context)] : units;
  }
}

/** What is in the runtime, where there is no source yet. */
function unmanagedHere(context: Context): Known[] {
  const states = gatherStates(context, new Map());
  return states.flatMap((state) => unmanagedUnits(state).map(({ id }) => known(id, 'unmanaged')));
}

function recorded({ host, state, clients }: Context): RecordedUnit[] {
  const ours = recordKeys(host.disk, state).filter((key) => clients.some(({ name }) => key.startsWith(`${name}-`)));
  return ours.flatMap((key) => readRecord(host.disk, state, key)?.units ?? []);
}

/** The files of the newest run: `restore` names whole files. */
function restorable({ host, state }: Context): Known[] {
  const files = listRuns(host.disk, state)[0]?.files ?? [];
  return files.filter(({ file }) => file !== '').map(({ client, file }) => known(unitId(client, file), 'unknown'));
}

function known(word: string, verdict: Known['verdict']): Known {
  return { word, verdict, meaning: verdict === 'unknown' ? '' : verdict };
}
