import { isDrift, type PlannedUnit } from '../model/plan.ts';
import type { Paint } from './colour.ts';
import { findingsText } from './findings-text.ts';
import type { Outcome } from './formats/json.ts';
import { plural, verdictsText } from './plan-text.ts';

/**
 * What `--quiet` tells: nothing when all is well, else the errors and warnings and the units that need a person. `body` is what is
 * said without it, for an outcome that neither of them explains.
 */
export function quietText(outcome: Outcome, body: string, paint: Paint): string {
  if (isAnswer(outcome)) return body;
  const findings = outcome.findings.filter(({ severity }) => severity !== 'note');
  const units = outcome.exitCode === 0 ? [] : outcome.units.filter((unit) => needsPerson(unit, outcome.command));
  const text = verdictsText(units, paint) + countText(units, outcome.command) + findingsText(findings, paint);
  return text === '' && outcome.exitCode !== 0 ? body : text;
}

/** What was asked for is not a report of how it went. */
function isAnswer({ runs, tokens, explanations }: Outcome): boolean {
  return runs !== undefined || tokens !== undefined || explanations !== undefined;
}

/** What a run has brought to the runtime needs nobody any more; a check brings nothing. */
function needsPerson(unit: PlannedUnit, command: string): boolean {
  return isDrift(unit) && (command === 'check-sync' || unit.action === 'leave' || unit.action === 'stop');
}

function countText(units: readonly PlannedUnit[], command: string): string {
  if (units.length === 0) return '';
  const many = `${units.length} ${plural('unit', units.length)} ${units.length === 1 ? 'differs' : 'differ'}`;
  return `${many}; ${command} without --quiet says what to do.\n`;
}
