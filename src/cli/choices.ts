import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import type { PlannedUnit } from '../model/plan.ts';
import type { Choices } from '../sync/choose-action.ts';
import type { Options } from './context.ts';

type Named = true | readonly string[] | undefined;

/** Nothing chosen: conflicts stop, edits are left. */
export const noChoices: Choices = { overwrite: () => false, keep: () => false };

/** The choices of `--overwrite` and `--keep`; without names they mean every unit. A named unit wins over "every". */
export function choicesOf({ overwrite, keep }: Options): Choices {
  const named = (list: Named, id: string) => Array.isArray(list) && list.some((name) => means(name, id));
  return {
    overwrite: (id) => named(overwrite, id) || (overwrite === true && !named(keep, id)),
    keep: (id, verdict) =>
      !named(overwrite, id) && (named(keep, id) || (keep === true && overwrite !== true && verdict !== 'source-ahead')),
  };
}

/** Throws `Failure` for a name that means no unit, and for one that is both overwritten and kept. */
export function refuseUnknownNames({ overwrite, keep }: Options, units: readonly PlannedUnit[]): void {
  const lists = [overwrite, keep].map((list) => (Array.isArray(list) ? (list as readonly string[]) : []));
  const unknown = lists.flat().filter((name) => !units.some((unit) => means(name, unit.id)));
  const both = (lists[0] as readonly string[]).filter((name) => lists[1]?.includes(name));
  const findings = [
    ...unknown.map((name) => problem('usage', `no unit is named ${JSON.stringify(name)}`, nearest(name, units))),
    ...both.map((name) => problem('usage', `${JSON.stringify(name)} is named twice`, 'Overwrite it or keep it.')),
  ];
  if (findings.length > 0) throw new Failure(findings);
}

/** A name means a unit, and everything below it: `codex:skills/review` means the files of that skill. */
function means(name: string, id: string): boolean {
  if (id === name) return true;
  return id.startsWith(name) && (/[/#.[]/.test(id[name.length] as string) || name.endsWith(':'));
}

function nearest(name: string, units: readonly PlannedUnit[]): string {
  const part = name.split(/[:/#.]/).at(-1) as string;
  const near = units.find((unit) => part !== '' && unit.id.includes(part));
  return near ? `Did you mean ${JSON.stringify(near.id)}?` : 'check-sync --verbose lists every unit.';
}
