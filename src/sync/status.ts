import type { Finding } from '../model/finding.ts';
import { isDrift, type PlannedUnit, type Verdict } from '../model/plan.ts';
import type { ClientStatus, SessionCost } from '../model/status.ts';

/** The units of one client, counted. `kept` is the file of the user's configuration, which names what is kept. */
export function unitCounts(
  units: readonly PlannedUnit[],
  kept: string,
): Pick<ClientStatus, 'inSync' | 'verdicts' | 'leftOut' | 'kept'> {
  const verdicts: Partial<Record<Verdict, number>> = {};
  const aside = units.filter(({ leftOut }) => leftOut !== undefined);
  for (const { verdict } of units.filter(({ leftOut }) => leftOut === undefined))
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const byUser = aside.filter(({ leftOut }) => leftOut === kept);
  return {
    ...{ inSync: !units.some(isDrift), verdicts },
    ...{ leftOut: aside.length - byUser.length, kept: byUser.length },
  };
}

/** A warning for a client whose sessions cost more than the repository allows. */
export function budgetFindings(title: string, session: SessionCost | null): Finding[] {
  if (!session || session.tokens <= session.budget) return [];
  const [dearest] = session.files;
  const message = `${title} loads about ${session.tokens} tokens in every session, over the budget of ${session.budget}`;
  const remedy = `Shorten ${dearest?.name}, or raise session-budget in clients/syncline.toml.`;
  return [{ code: 'session-budget', severity: 'warning', message, remedy }];
}
