import type { Finding } from '../../model/finding.ts';
import { isDrift, type PlannedUnit } from '../../model/plan.ts';

/** Units whose powers or lost guards a person has to agree to; without the powers that wait until the user names them. */
export function unitsToAgreeTo(units: readonly PlannedUnit[]): PlannedUnit[] {
  return units.flatMap((unit): PlannedUnit[] => {
    const powers = (unit.powers ?? []).filter(({ waits }) => !waits);
    if (powers.length === 0 && !unit.guards) return [];
    const { powers: _, ...rest } = unit;
    return [powers.length > 0 ? { ...rest, powers } : rest];
  });
}

/**
 * The exit code of who compares: 3 where a push without a terminal would stop, for a conflict or for powers that a person has to
 * agree to; 1 for any other difference; 0 where there is none.
 */
export function differenceCode(units: readonly PlannedUnit[]): 0 | 1 | 3 {
  if (units.some((unit) => unit.verdict === 'conflict' && isDrift(unit))) return 3;
  if (unitsToAgreeTo(units).length > 0) return 3;
  return units.some(isDrift) ? 1 : 0;
}

/** Units of which something has to be agreed to although nothing of them changes: a token goes where it was not made for. */
export function standingUnits(units: readonly PlannedUnit[]): PlannedUnit[] {
  return unitsToAgreeTo(units.filter((unit) => !isDrift(unit)));
}

/** The same as findings, for commands that show no powers. */
export function standingPowers(units: readonly PlannedUnit[]): Finding[] {
  return standingUnits(units).flatMap(({ id, powers = [] }) =>
    powers.map(({ what, does }): Finding => {
      const remedy = 'push-runtime asks about it; without a terminal it needs --allow-powers.';
      return { code: 'token-elsewhere', severity: 'warning', message: `${id} ${what} ${does}`, remedy };
    }),
  );
}
