import { nearestUnit } from '../content/suggest-name.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { PlannedUnit } from '../model/plan.ts';
import { meansUnit } from '../model/unit.ts';
import type { Choices } from '../sync/plan/choose-action.ts';
import type { Setup } from '../sync/source/layers-in-force.ts';

type Named = true | readonly string[] | undefined;

/** What a person chose for this run, by options or at the prompt. */
export interface Chosen {
  readonly overwrite?: true | readonly string[];
  readonly keep?: true | readonly string[];
  readonly keepAlways?: true | readonly string[];
}

/** What is kept once and for all, and where that is written. */
type Kept = Pick<Setup, 'keep' | 'path'>;

/** Nothing chosen: conflicts stop, edits are left. */
export const noChoices: Choices = { overwrite: () => false, keep: () => false, always: () => undefined };

/**
 * The choices of `--overwrite`, `--keep` and `--keep-always`, and those made once and for all. Without names they mean
 * every unit; a named unit wins over "every".
 */
export function choicesOf({ overwrite, keep, keepAlways }: Chosen, { keep: kept, path }: Kept): Choices {
  const named = (list: Named, id: string) => Array.isArray(list) && list.some((name) => meansUnit(name, id));
  return {
    overwrite: (id) => named(overwrite, id) || (overwrite === true && !named(keep, id)),
    keep: (id, verdict) =>
      !named(overwrite, id) && (named(keep, id) || (keep === true && overwrite !== true && verdict !== 'source-ahead')),
    always: (id, verdict) => {
      const now = named(keepAlways, id) || (keepAlways === true && verdict !== 'source-ahead');
      return now || named(kept, id) ? path : undefined;
    },
  };
}

/** Throws `Failure` for a name that means no unit, and for one that is both overwritten and kept. */
export function refuseUnknownNames({ overwrite, keep, keepAlways }: Chosen, units: readonly PlannedUnit[]): void {
  const lists = [overwrite, keep, keepAlways].map((list) => (Array.isArray(list) ? (list as readonly string[]) : []));
  const both = (lists[0] as readonly string[]).filter((name) => lists.slice(1).some((list) => list.includes(name)));
  const findings = [
    ...unknownNames(lists.flat(), units),
    ...both.map((name) => problem('usage', `${JSON.stringify(name)} is named twice`, 'Overwrite it or keep it.')),
  ];
  if (findings.length > 0) throw new Failure(findings);
}

/** What is wrong with names that mean no unit, each with the unit that may be meant. */
export function unknownNames(names: readonly string[], units: readonly Pick<PlannedUnit, 'id'>[]): Finding[] {
  const unknown = names.filter((name) => !units.some((unit) => meansUnit(name, unit.id)));
  return unknown.map((name) => problem('usage', `no unit is named ${JSON.stringify(name)}`, suggestion(name, units)));
}

function suggestion(name: string, units: readonly Pick<PlannedUnit, 'id'>[]): string {
  const near = nearestUnit(
    name,
    units.map(({ id }) => id),
  );
  return near ? `Did you mean ${JSON.stringify(near)}?` : 'check-sync --verbose lists every unit.';
}
