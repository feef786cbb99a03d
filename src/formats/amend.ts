import { emptyTable, isTable, sameValue, type Table, type Value } from '../model/value.ts';
import { planAmendment } from './amendment.ts';
import { type Amendment, type Format, Malformed, Unplaceable } from './format.ts';

/** What amending needs of a format. */
export interface Amending extends Pick<Format, 'read' | 'lineOf'> {
  /** Makes the steps of a plan as splices; at least one is there. Throws `Unplaceable`. */
  write(text: string, steps: Amendment): string;
  /** Whether a table or list that lost its last member may be gone from the values with it. */
  readonly dropsEmptied: boolean;
}

/** See `EditableFormat.amend`. */
export function amendWith(format: Amending, text: string, request: Amendment): string {
  const old = text === '' ? emptyTable() : format.read(text);
  return located(format, text, () => {
    const { steps, values, emptied } = planAmendment(old, request);
    if (steps.set.length + steps.append.length + steps.remove.length === 0) return text;
    const after = format.write(text, steps);
    const optional = format.dropsEmptied ? emptied : new Set<Value>();
    const [first] = [...steps.set.map(({ path }) => path), ...steps.append.map(({ path }) => path), ...steps.remove];
    if (holds(valuesOf(format, after), values, optional)) return after;
    throw new Unplaceable('the change would have changed more than it should', { path: first ?? [] });
  });
}

/** Gives a refusal the line of the place it is about. */
function located(format: Amending, text: string, work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unplaceable) || error.line !== undefined || text === '') throw error;
    throw new Unplaceable(error.message, error.address, format.lineOf(text, error.address.path));
  }
}

/** The last guard's look at the new text: undefined when it does not parse. */
function valuesOf(format: Amending, text: string): Table | undefined {
  try {
    return format.read(text);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** True when values are the wanted ones, of which those in `optional` may be missing, and what holds nothing but those. */
function holds(have: Value | undefined, want: Value, optional: ReadonlySet<Value>): boolean {
  if (have === undefined) return mayMiss(want, optional);
  if (optional.size === 0 || !isTable(want) || !isTable(have))
    return Array.isArray(want) && Array.isArray(have) ? sameLists(have, want, optional) : sameValue(have, want);
  const keys = new Set([...Object.keys(want), ...Object.keys(have)]);
  return [...keys].every((key) => {
    if (!Object.hasOwn(want, key)) return false;
    return holds(Object.hasOwn(have, key) ? have[key] : undefined, want[key] as Value, optional);
  });
}

function sameLists(have: readonly Value[], want: readonly Value[], optional: ReadonlySet<Value>): boolean {
  return have.length === want.length && want.every((value, index) => holds(have[index], value, optional));
}

function mayMiss(want: Value, optional: ReadonlySet<Value>): boolean {
  if (optional.has(want)) return true;
  const members = isTable(want) ? Object.values(want) : [];
  return members.length > 0 && members.every((value) => mayMiss(value as Value, optional));
}
