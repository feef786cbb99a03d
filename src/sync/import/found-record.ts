import { foundWhole } from '../../formats/markdown/find-block.ts';
import { type ClientRecord, type Repository, recordVersion } from '../../model/record.ts';
import { type ClientState, readDocuments } from '../plan/client-state.ts';

/** Who the record is for. */
export interface Owner {
  readonly repository: Repository;
  readonly version: string;
}

/**
 * A home as it counts once a person's instructions are taken from it: their text is our block, whole and without markers,
 * until the source changes it.
 */
export function withFoundInstructions(state: ClientState, { repository, version }: Owner): ClientState {
  const { client, home, runtime } = state;
  const files = client.targets.flatMap((target) =>
    target.kind === 'instructions' && runtime.files.has(target.file) ? [target.file] : [],
  );
  if (files.length === 0) return state;
  const glue = { created: false, inserted: [foundWhole], parents: [] };
  const record: ClientRecord = {
    ...{ version: recordVersion, syncline: version, client: client.name, home: runtime.home, repository },
    ...{ units: [], files: Object.fromEntries(files.map((file) => [file, glue])), folders: [] },
  };
  return { ...state, record, documents: readDocuments(client, home, runtime, record).documents };
}
