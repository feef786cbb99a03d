import type { UnitText, UnitValue } from '../../src/formats/format.ts';

/** Whether two units stand at one place. */
export const sameUnit = (a: UnitText, b: UnitText) => JSON.stringify(a.address) === JSON.stringify(b.address);

/**
 * Edits in turn, each of them checked. A batch is the numbers of units: one that is ours by then is removed, another one is
 * set.
 */
export function editInTurn<State extends { readonly placed: readonly UnitValue[] }, Next extends State>(
  start: State,
  units: readonly UnitValue[],
  plan: readonly (readonly number[])[],
  step: (state: State, set: readonly UnitValue[], remove: readonly UnitValue[]) => Next,
  check: (state: Next) => void,
): State {
  let state = start;
  for (const batch of plan) {
    const chosen = batch.map((index) => units[index] as UnitValue);
    const ours = (unit: UnitValue) => state.placed.some((placed) => sameUnit(placed, unit));
    const next = step(
      state,
      chosen.filter((unit) => !ours(unit)),
      chosen.filter(ours),
    );
    check(next);
    state = next;
  }
  return state;
}
