import { dirname, isAbsolute } from 'node:path';
import { conflictFinding } from '../engine/adopt/adopt.ts';
import type { Inbox } from '../engine/adopt/read-inbox.ts';
import { ignoredFindings } from '../engine/source/warn-ignored.ts';
import { cloneOrigin } from '../host/git/git-remotes.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan, PlannedUnit } from '../model/plan.ts';
import { visible } from '../model/texts/visible.ts';
import { unitId } from '../model/unit.ts';
import { adoptionText, sidesText } from '../report/commands/adopt-text.ts';
import { inboxText } from '../report/commands/inbox-text.ts';
import { plural, type Tense, verdictsText } from '../report/plan-text.ts';
import { powersText } from '../report/powers-text.ts';
import type { Adoption } from '../sync/adopt/adoption.ts';
import { inboxUnits } from '../sync/inbox/inbox.ts';
import { notCopied } from '../sync/inspection.ts';
import { clonesFound, passedOverFindings } from '../sync/passed-over.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import type { CopyRequest } from '../sync/plan-copy.ts';
import type { Context } from './context.ts';
import { maskFor, show, wantedDiffs } from './show.ts';

/** A pull with all that it was made from. */
export interface Pull {
  readonly context: Context;
  readonly recovered: readonly Finding[];
  /** The repository. */
  readonly folder: string;
  readonly states: readonly ClientState[];
  readonly units: readonly PlannedUnit[];
  readonly adoption: Adoption | undefined;
  /** What each client learned by itself, in the order of the states. */
  readonly inboxes: readonly Inbox[];
}

/** Shows what two clients, or two units, want differently; nothing is written. Gives the exit code. */
export function showConflicts({ context, recovered, states, units }: Pull, { conflicts, findings }: Adoption): number {
  const mask = maskFor(states);
  const sides = conflicts.map((conflict) =>
    sidesText({ ...conflict, sides: conflict.sides.map((side) => mask(side)) }, context.paint),
  );
  const told = [...recovered, ...findings, ...conflicts.map(conflictFinding)];
  const outcome = { command: 'pull-runtime', exitCode: 3, inSync: false, units, findings: told };
  return show(context, outcome, sides.join(''), 'Nothing was written.\n');
}

/** Shows what was copied and adopted. Gives the exit code. */
export function showPulled(pulled: Pull, requests: readonly CopyRequest[], plan: Plan): number {
  const { context, recovered, states, units, adoption, inboxes } = pulled;
  const { options, paint } = context;
  const tense = options.dryRun ? 'will' : 'did';
  const equal = units.every(({ verdict }) => ['same', 'agreed', 'unmanaged'].includes(verdict));
  const items = inboxes.flatMap((inbox) => inbox.items);
  const left = [
    ...states.flatMap(notCopied),
    ...passedOverFindings(states),
    ...inboxes.flatMap((inbox) => inbox.findings),
  ];
  const brought = adoption ? adoptedFindings(pulled, adoption) : [];
  const findings = [...recovered, ...left, ...brought];
  const [open, unread] = [notAdopted(units, adoption), notAdopted(items, adoption)];
  const all = [...open, ...inboxUnits(unread, open)];
  const outcome = { command: plan.command, exitCode: 0, inSync: equal, units: all, findings };
  const body = [
    powersText(adoption?.powers ?? [], paint, 'New powers in the source:'),
    verdictsText(open, paint, options.verbose),
    inboxText(unread, paint, options.verbose),
    adoption ? adoptedText(pulled, adoption, plan, tense) : '',
    ...requests.map((request) => copyText(request, plan, tense)),
    'The copies are for looking at; they are never deployed.\n',
  ].join('');
  return show(context, { ...outcome, ...(adoption ? { adopted: adoption.adopted } : {}) }, body);
}

/** What was adopted is reported as that, and not as what there is to adopt. */
function notAdopted<T extends { readonly id: string }>(rows: readonly T[], adoption: Adoption | undefined): T[] {
  const adopted = new Set(adoption?.adopted.map(({ id }) => id));
  return rows.filter(({ id }) => !adopted.has(id));
}

/** What there is to say of what was adopted: what was a clone, and what git would not commit. */
function adoptedFindings(
  { context, states, folder }: Pull,
  { adopted, files, findings }: Adoption,
): readonly Finding[] {
  const isAdopted = (id: string) => adopted.some((one) => one.id === id);
  const clones = states
    .map((state) => ({ ...state, runtime: withPassedOver(state, isAdopted) }))
    .flatMap((state) => clonesFound(state, (path) => cloneOrigin(context.host.disk, path)));
  const written = files.flatMap(({ path, after }) => (after && !isAbsolute(path) ? [path] : []));
  return [...findings, ...clones, ...ignoredFindings(context, folder, written)];
}

function withPassedOver({ client, runtime }: ClientState, isAdopted: (id: string) => boolean): ClientState['runtime'] {
  const own = [...runtime.passedOver].filter(([name]) => isAdopted(unitId(client.name, dirname(name))));
  return { ...runtime, passedOver: new Map(own) };
}

/** What was carried into the source, and the diffs of it for who wants them. */
function adoptedText({ context, states }: Pull, { adopted, also }: Adoption, plan: Plan, tense: Tense): string {
  const writes = plan.writes.filter(({ client }) => client === '');
  const diffs = wantedDiffs(context, { ...plan, units: [], writes }, states);
  return adoptionText(adopted, also, tense, context.paint) + diffs;
}

function copyText({ folder, copy, client }: CopyRequest, { writes }: Plan, tense: Tense): string {
  if (tense === 'will') return `would copy ${copy.size} files to ${visible(folder)}\n`;
  const changed = writes.filter((write) => write.client === client).length;
  return `${visible(folder)}: ${copy.size} ${plural('file', copy.size)}, ${changed} changed\n`;
}
