import { join } from 'node:path';
import type { Client, FragmentTarget, InstructionsTarget } from '../../adapters/client.ts';
import { decodeUtf8 } from '../../content/text.ts';
import { Malformed } from '../../formats/format.ts';
import type { Inserted } from '../../formats/tagged-text.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { type ClientHome, parentsOf } from '../../model/paths.ts';
import type { ClientRecord, RecordedFile } from '../../model/record.ts';
import type { Runtime, RuntimeRequest } from '../../model/runtime.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { emptyTable, type Table } from '../../model/value.ts';
import { isHomeFile } from './taken-places.ts';

/** A target whose file the client and the user write too. */
export type SharedTarget = FragmentTarget | InstructionsTarget;

/** Everything the planner knows of one client: want, have and base. */
export interface ClientState {
  readonly client: Client;
  readonly home: ClientHome;
  readonly runtime: Runtime;
  readonly record: ClientRecord | undefined;
  readonly wanted: readonly WantedUnit[];
  /** What another client's record knows of files that are one with files of this one. */
  readonly glue?: Glue;
  /** By digest: what is kept of values that the user had before us, as far as it may come back. */
  readonly earlier: ReadonlyMap<string, KeptValue>;
  /** The files that others write too, by name; one that does not exist has the text ''. */
  readonly documents: ReadonlyMap<string, Document>;
  /** The SKILL.md files of our skills' names in folders that the client reads besides its own. */
  readonly skillsBeside: readonly string[];
}

/** What we did around our units, by the names of one client. */
export type Glue = Pick<ClientRecord, 'files' | 'folders'>;

/** A value of the user's as the state folder keeps it, and where. */
export interface KeptValue {
  readonly path: string;
  readonly content: Uint8Array;
}

/** One shared file of the runtime, parsed. */
export interface Document {
  readonly target: SharedTarget;
  readonly path: string;
  readonly exists: boolean;
  readonly text: string;
  readonly values: Table;
}

/** What has to be read of a client's home to plan for it. */
export function runtimeRequest(
  client: Client,
  home: ClientHome,
  wanted: readonly WantedUnit[],
  record: ClientRecord | undefined,
): RuntimeRequest {
  const files = [...sharedTargets(client), ...wanted, ...(record?.units ?? [])].map(({ file }) => file);
  const trees = client.targets.flatMap((target) => {
    if (target.kind === 'memory') return [{ folder: target.folder, owned: target.owned ?? [] }];
    if (target.kind === 'files' && target.folder !== undefined) return [{ folder: target.folder, owned: [] }];
    return target.kind === 'skills' ? [{ folder: target.folder, owned: target.owned }] : [];
  });
  const created = createdFolders(client, record).map((folder) => ({ folder, owned: [] }));
  return { root: home.root, elsewhere: home.elsewhere, files: [...new Set(files)], trees: [...trees, ...created] };
}

/** The topmost folders that we made for files of any kind: what else is in there can be listed, and nothing of the home itself. */
function createdFolders(client: Client, record: ClientRecord | undefined): string[] {
  const made = new Set(record?.folders ?? []);
  const homeFiles = (record?.units ?? []).filter(({ file, kind }) => kind === 'file' && isHomeFile(client, file));
  const outermost = homeFiles.flatMap(({ file }) => {
    return parentsOf(file).find((folder) => folder !== '.' && made.has(folder)) ?? [];
  });
  return [...new Set(outermost)];
}

/** What is known of a file that others write too, from the own record or from that of a client whose file it is as well. */
export function recordedFile({ record, glue }: ClientState, file: string): RecordedFile | undefined {
  return record?.files[file] ?? glue?.files[file];
}

/** The absolute path of a runtime file. */
export function runtimePath(home: ClientHome, file: string): string {
  return home.elsewhere[file] ?? join(home.root, file);
}

/** Parses every shared file of a client. Files that do not parse come back as findings, all of them. */
export function readDocuments(
  client: Client,
  home: ClientHome,
  runtime: Runtime,
  record: ClientRecord | undefined,
): { documents: Map<string, Document>; findings: Finding[] } {
  const documents = new Map<string, Document>();
  const findings: Finding[] = [];
  for (const target of sharedTargets(client)) {
    try {
      documents.set(
        target.file,
        readDocument(target, runtimePath(home, target.file), runtime, record?.files[target.file]?.inserted ?? []),
      );
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      findings.push(...error.findings);
    }
  }
  return { documents, findings };
}

function sharedTargets(client: Client): SharedTarget[] {
  return client.targets.filter((target) => target.kind === 'fragment' || target.kind === 'instructions');
}

function readDocument(target: SharedTarget, path: string, runtime: Runtime, inserted: readonly Inserted[]): Document {
  const file = runtime.files.get(target.file);
  if (!file) return { target, path, exists: false, text: '', values: emptyTable() };
  const text = decodeUtf8(file.bytes);
  if (text === undefined) throw new Failure([notUtf8(path, file.bytes)]);
  try {
    return { target, path, exists: true, text, values: target.format.read(text, inserted) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = `the file does not parse: ${error.message}`;
    const remedy = 'Correct it there, then run the command again.';
    const place = { path, line: error.line, column: error.column };
    throw new Failure([problem('malformed-target', message, remedy, place)], { cause: error });
  }
}

function notUtf8(path: string, bytes: Uint8Array): Finding {
  const valid = new TextDecoder('utf-8').decode(bytes).split('�')[0] as string;
  const lines = valid.split('\n');
  const place = { path, line: lines.length, column: (lines.at(-1) as string).length + 1 };
  return problem('not-utf8', 'the file is not valid UTF-8', 'Save it as UTF-8, then run the command again.', place);
}
