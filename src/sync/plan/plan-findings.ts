import type { Finding } from '../../model/finding.ts';
import { isTable, samePath, sameValue } from '../../model/value.ts';
import { notPutBack, valueBefore } from '../earlier/earlier.ts';
import { skillsTwice } from '../skills-twice.ts';
import type { Mode } from './choose-action.ts';
import type { ClientPlan } from './client-plan.ts';
import type { DecidedUnit, DocumentEdit } from './decided-unit.ts';
import { entryPaths, type MergedUnit } from './merged-unit.ts';

/** What a person should know about a client's part of a plan besides its units. */
export function editFindings({ units, edits, state }: ClientPlan, mode: Mode): Finding[] {
  const additions = units
    .filter((unit) => goesWhole(unit, mode) && hasAdditions(unit.merged))
    .map(({ merged }) => lostAddition(merged, state.documents.get(merged.unit.file)?.path));
  return [
    ...additions,
    ...notPutBack(units).flatMap(({ merged }) => earlierStays(merged, state)),
    ...units.flatMap((unit) => earlierLost(unit)),
    ...homeGone(state, units),
    ...edits.flatMap(documentNotes),
    ...edits.flatMap((edit) => layoutNote(edit, mode)),
    ...(mode === 'remove-only'
      ? []
      : [...skillsTwice(state), ...edits.flatMap(refusedAlready), ...edits.flatMap(misnamed)]),
  ];
}

/** Who wrote a unit since means that more than what stood there before us, which they can still have. */
function earlierStays({ unit, earlier, raw }: MergedUnit, { runtime, documents }: ClientPlan['state']): Finding[] {
  const document = unit.kind === 'file' ? undefined : documents.get(unit.file);
  const now = document ? raw : runtime.files.get(unit.file)?.bytes;
  if (!earlier || (document ? sameValue(raw, valueBefore(document, { unit, earlier })) : isEqual(now, earlier.content)))
    return [];
  const message = `"${unit.id}" was written or removed by somebody since the last push, so what you had there before the first push does not come back by itself`;
  const remedy = 'It is kept in this file; take it from there if you want it, then remove the file.';
  return [{ code: 'earlier-value-kept', severity: 'warning', message, remedy, path: earlier.path }];
}

function isEqual(a: unknown, b: Uint8Array): boolean {
  return a instanceof Uint8Array && Buffer.compare(a, b) === 0;
}

/** What the state folder should have, and has no more. */
function earlierLost({ merged, action }: DecidedUnit): Finding[] {
  const isGoing = action === 'remove' || action === 'release';
  if (!isGoing || !merged.base?.earlier || merged.earlier) return [];
  const message = `what you had at "${merged.unit.id}" before the first push is not in the state folder any more`;
  const remedy = 'Look for it in the backups: syncline restore --list';
  return [{ code: 'earlier-value-lost', severity: 'warning', message, remedy }];
}

/** Whoever removed a whole home hardly means that each value in it shall stay away. */
function homeGone({ client, home, record, runtime }: ClientPlan['state'], units: readonly DecidedUnit[]): Finding[] {
  const stay = units.filter(({ merged, action }) => merged.verdict === 'runtime-ahead' && action === 'leave');
  if (!record || runtime.folders.has('.') || stay.length === 0) return [];
  const message = `the home of ${client.title} is gone, and with it all that was deployed there`;
  const remedy = `To deploy it again: syncline push-runtime --client ${client.name} --overwrite`;
  return [{ code: 'home-gone', severity: 'warning', message, remedy, path: home.root }];
}

/** clean takes out every unit we placed before it deploys the source again. */
function goesWhole({ merged, action }: DecidedUnit, mode: Mode): boolean {
  if (action === 'restore') return merged.base?.origin === 'placed';
  return action === 'remove' || (mode === 'clean' && action !== 'release' && merged.base?.origin === 'placed');
}

function hasAdditions({ unit, base, raw }: MergedUnit): boolean {
  if (unit.kind !== 'entry' || !isTable(raw)) return false;
  return entryPaths(raw).some((path) => !base?.paths?.some((own) => samePath(own, path)));
}

function lostAddition({ unit }: MergedUnit, path: string | undefined): Finding {
  return {
    code: 'client-additions-removed',
    severity: 'warning',
    message: `"${unit.id}" goes with what the client or a person added to it`,
    remedy: 'The file as it was is in the backup that the end of this report names.',
    ...(path === undefined ? {} : { path }),
  };
}

function documentNotes({ document, result }: DocumentEdit): Finding[] {
  return result.notes.map(({ code, message, line }) => ({
    ...{ code, message, line, path: document.path, severity: 'note' },
    remedy: 'Move the line above the first table if it was meant for the whole file.',
  }));
}

/** What the user has in the file and the client does not take: ours may reach it no more than theirs. */
function refusedAlready({ document: { target, path, values }, result }: DocumentEdit): Finding[] {
  if (target.kind !== 'fragment') return [];
  const before = target.refusals(values);
  if (before.length === 0) return [];
  const after = new Set(target.refusals(target.format.read(result.text)));
  return before
    .filter((reason) => after.has(reason))
    .map((reason): Finding => {
      const message = `the client does not accept the file, or this part of it, as it is now: ${reason}`;
      const remedy = 'Correct it there; it is not ours, so no push does.';
      return { code: 'refused-as-it-stands', severity: 'warning', message, remedy, path };
    });
}

/** Servers of which a client makes one thing of ours and of the user's own, or leaves one of theirs out. */
function misnamed({ document: { target, path, values }, set }: DocumentEdit): Finding[] {
  if (target.kind !== 'fragment' || !target.serverNames) return [];
  const { table, problems } = target.serverNames;
  const standing = isTable(values[table]) ? Object.keys(values[table]) : [];
  const ours = set.flatMap(({ address: { path: at } }) => (at[0] === table && at[1] !== undefined ? [at[1]] : []));
  const found = problems([...new Set([...standing, ...ours])]);
  // What the source says by itself is reported there.
  const known = new Set(problems([...new Set(ours)]).map(({ message }) => message));
  return found
    .filter(({ message }) => !known.has(message))
    .map(({ message, remedy }) => ({ code: 'server-name', severity: 'warning', message, remedy, path }));
}

const layoutTexts: Readonly<Record<Exclude<Mode, 'remove-only'>, readonly [message: string, remedy: string]>> = {
  check: ['our markers are lost or misplaced; no value differs by that', 'The next push-runtime repairs them.'],
  push: ['our markers were lost or misplaced; no value differed by that', 'They are repaired.'],
  clean: ['our part of the file is laid out anew; no value differs by that', 'Nothing is to be done.'],
};

/** Only our markers or the place of our text would change: not drift. */
function layoutNote({ document, set, remove, result }: DocumentEdit, mode: Mode): Finding[] {
  if (mode === 'remove-only' || set.length + remove.length > 0 || result.text === document.text) return [];
  const [message, remedy] = layoutTexts[mode];
  return [{ code: 'layout', severity: 'note', path: document.path, message, remedy }];
}
