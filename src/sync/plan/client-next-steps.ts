import type { NextStep } from '../../adapters/client.ts';
import type { Finding } from '../../model/finding.ts';
import type { Plan, PlannedUnit } from '../../model/plan.ts';
import type { ClientState } from './client-state.ts';

/** What is left for a person to do after a plan, as notes, each thing once. */
export function afterwardsOf({ units, writes }: Plan, states: readonly ClientState[]): Finding[] {
  const isGone = ({ path }: PlannedUnit) => writes.some((write) => write.path === path && write.after === null);
  const written = units.filter(({ action }) => ['create', 'update', 'restore'].includes(action));
  const removed = units.filter((unit) => unit.action === 'remove' && !isGone(unit));
  const steps = [
    ...written.map((unit) => stepOf(unit, 'written', states)),
    ...removed.map((unit) => stepOf(unit, 'removed', states)),
  ];
  const found = new Map<string, Finding>();
  // What was written says it all: an edit is one that went and one that came.
  for (const step of steps) if (step && !found.has(step.code)) found.set(step.code, { severity: 'note', ...step });
  return [...found.values()];
}

function stepOf(
  { client, file, address }: PlannedUnit,
  done: 'written' | 'removed',
  states: readonly ClientState[],
): NextStep | undefined {
  const target = states.find((state) => state.client.name === client)?.documents.get(file)?.target;
  return target?.kind === 'fragment' && address ? target.afterwards?.(address.path, done) : undefined;
}
