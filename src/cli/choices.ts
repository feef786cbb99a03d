import { nearestUnit } from '../content/nearest.ts';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import type { PlannedUnit } from '../model/plan.ts';
import { meansUnit } from '../model/unit.ts';
import type { Choices } from '../sync/choose-action.ts';
import type { Setup } from '../sync/setup.ts';
import type { Options } from './context.ts';

type Named = true | readonly string[] | undefined;

/** What a person chose for this run, by options or at the prompt. */
export type Chosen = Pick<Options, 'overwrite' | 'keep' | 'keepAlways'>;

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
  const unknown = lists.flat().filter((name) => !units.some((unit) => meansUnit(name, unit.id)));
  const both = (lists[0] as readonly string[]).filter((name) => lists.slice(1).some((list) => list.includes(name)));
  const findings = [
    ...unknown.map((name) => problem('usage', `no unit is named ${JSON.stringify(name)}`, meant(name, units))),
    ...both.map((name) => problem('usage', `${JSON.stringify(name)} is named twice`, 'Overwrite it or keep it.')),
  ];
  if (findings.length > 0) throw new Failure(findings);
}

function meant(name: string, units: readonly PlannedUnit[]): string {
  const ids = units.map(({ id }) => id);
  const near = nearestUnit(name, ids);
  return near === undefined ? 'check-sync --verbose lists every unit.' : `Did you mean ${JSON.stringify(near)}?`;
}
