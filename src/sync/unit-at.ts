import type { RuntimeFile } from '../model/runtime.ts';
import type { WantedUnit } from '../model/unit.ts';
import { type ClientState, readDocuments } from './plan/client-state.ts';
import { type MergedUnit, mergeUnits } from './plan/merged-unit.ts';

/** What of a client is to be looked at in another state: another source, or its file as it was at another time. */
export type OtherTime =
  | { readonly wanted: readonly WantedUnit[] }
  /** null: the file was not there. */
  | { readonly file: RuntimeFile | null };

/** One unit as it would be judged then; undefined where the file of that time does not parse. */
export function unitAt(
  state: ClientState,
  { unit }: Pick<MergedUnit, 'unit'>,
  then: OtherTime,
): MergedUnit | undefined {
  const isIt = ({ id }: { readonly id: string }) => id === unit.id;
  const only: ClientState = {
    ...state,
    wanted: ('wanted' in then ? then.wanted : state.wanted).filter(isIt),
    record: state.record && { ...state.record, units: state.record.units.filter(isIt) },
  };
  const seen = 'file' in then ? withFile(only, unit.file, then.file) : only;
  return seen && mergeUnits(seen)[0];
}

/** The state with one file as it was, and no other. */
function withFile(state: ClientState, name: string, file: RuntimeFile | null): ClientState | undefined {
  const runtime = { ...state.runtime, listings: new Map(), files: new Map(file ? [[name, file]] : []) };
  const { documents, findings } = readDocuments(state.client, state.home, runtime, state.record);
  return findings.length > 0 ? undefined : { ...state, runtime, documents };
}
