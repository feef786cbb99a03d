import { findSecrets } from '../../content/secrets/secrets.ts';
import { decodeUtf8 } from '../../content/text.ts';
import { digestOf } from '../../model/digest.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { CheckedPlan, FileWrite, Plan } from '../../model/plan.ts';
import type { ClientState } from '../plan/client-state.ts';
import type { DocumentEdit } from '../plan/decided-unit.ts';
import { isBlank } from '../plan/plan-writes.ts';
import { broken, checkEdit } from './check-edit.ts';
import { isReturning, outOfBounds, type PlanBounds } from './plan-bounds.ts';
import { unreadableWrites } from './unreadable-writes.ts';

/**
 * The last step before the write boundary, and the only way to it: holds the invariants of a whole plan, by other means than those
 * that made it. Throws `Failure` with all that is wrong: nothing is written then. A finding `broken-plan` is a bug of ours.
 */
export function checkPlan(plan: Plan, bounds: PlanBounds): CheckedPlan {
  const { clients, edits = [] } = bounds;
  const findings = [
    ...outOfBounds(plan, bounds),
    ...twoWritesToOneFile(plan.writes),
    ...twoNamesOfOneFile(plan.writes, clients),
    ...plan.writes.flatMap((write) => secretsInWrite(write, bounds)),
    ...filesNotBack(plan, clients),
    ...edits.flatMap(checkEdit),
    ...edits.flatMap((edit) => otherThanEdited(edit, plan.writes)),
    ...unreadableWrites(plan.writes, bounds),
  ];
  if (findings.length > 0) throw new Failure(findings);
  return plan as CheckedPlan;
}

/** A whole file that comes back has the bytes and the mode that the record of it says. */
function filesNotBack({ units, writes }: Plan, clients: readonly ClientState[]): Finding[] {
  const back = units.filter(({ kind, action }) => kind === 'file' && action === 'restore');
  const known = new Set(
    clients.flatMap(({ record }) => (record?.units ?? []).map(({ earlier }) => `${earlier?.digest} ${earlier?.mode}`)),
  );
  // By a link, it may be another client's file that is written.
  const placeOf = ({ client, file }: { client: string; file: string }) =>
    clients.find((state) => state.client.name === client)?.runtime.places.get(file);
  return back.flatMap((unit) => {
    const isIt = (write: FileWrite) => write.path === unit.path || placeOf(write) === placeOf(unit);
    const after = writes.find((write) => isIt(write))?.after;
    const isBack = after && known.has(`${digestOf(after.content)} ${after.mode}`);
    return isBack ? [] : [broken('what stood there before us would not come back', unit.path)];
  });
}

/** A shared file gets just the edited text, and goes only when nothing is left in it. */
function otherThanEdited({ document, result }: DocumentEdit, writes: readonly FileWrite[]): Finding[] {
  const write = writes.find(({ path }) => path === document.path);
  if (!write)
    return result.text === document.text || isBlank(result.text)
      ? []
      : [broken('an edit would be lost', document.path)];
  const written = write.after ? decodeUtf8(write.after.content) : isBlank(result.text) ? result.text : undefined;
  return written === result.text ? [] : [broken('the file would not get the edited text', document.path)];
}

function twoWritesToOneFile(writes: readonly FileWrite[]): Finding[] {
  const seen = new Set<string>();
  return writes.flatMap(({ path }) => {
    if (seen.has(path)) return [broken('the plan writes one file twice', path)];
    seen.add(path);
    return [];
  });
}

/** By a link of the user, a file of one client may be one of the other's: what is right for one is wrong for the other. */
function twoNamesOfOneFile(writes: readonly FileWrite[], clients: readonly ClientState[]): Finding[] {
  const first = new Map<string, FileWrite>();
  return writes.flatMap((write) => {
    const place = clients.find((state) => state.client.name === write.client)?.runtime.places.get(write.file);
    const other = place === undefined ? undefined : first.get(place);
    if (place !== undefined && !other) first.set(place, write);
    return other && other.path !== write.path ? [oneFile(other, write)] : [];
  });
}

function oneFile(first: FileWrite, { path }: FileWrite): Finding {
  const message = `by a link, this is the same file as ${JSON.stringify(first.path)}`;
  const remedy = `Give each client a file of its own, or run the command with --client ${first.client}.`;
  return problem('one-file', message, remedy, { path });
}

/** Only what the plan adds is searched: what already stands in a user's file, or stood there once, is the user's. */
function secretsInWrite({ client, path, before, after }: FileWrite, bounds: PlanBounds): Finding[] {
  const text = after && !isReturning(after, bounds) && decodeUtf8(after.content);
  if (!text) return [];
  const state = bounds.clients.find(({ client: { name } }) => name === client);
  const earlier = [...(state?.earlier.values() ?? [])].map(({ content }) => decodeUtf8(content) ?? '');
  const known = [before ? (decodeUtf8(before.content) ?? '') : '', ...earlier];
  return findSecrets(text)
    .filter(({ secret }) => !bounds.allowed?.has(secret) && !known.some((own) => own.includes(secret)))
    .map(({ kind }) =>
      problem('literal-secret', `the plan would write a literal secret (${kind})`, 'Take it out of the source.', {
        path,
      }),
    );
}
