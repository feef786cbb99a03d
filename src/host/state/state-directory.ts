import { join, resolve } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { Environment } from '../../model/paths.ts';
import { type ClientRecord, recordVersion } from '../../model/record.ts';
import type { Disk } from '../disk.ts';
import { asFailure } from '../system-error.ts';

/** The paths below the state directory. */
export interface StatePaths {
  readonly root: string;
  readonly records: string;
  /** What was the user's before a push replaced it, as long as that may come back: one file each. */
  readonly earlier: string;
  /** One folder a run, with the files as they were before it. */
  readonly runs: string;
  readonly journal: string;
  readonly lock: string;
  /** Which client's lock a run holds, so that the next one can release it should this one be killed. */
  readonly clientLock: string;
  /** One file a token, by its name. */
  readonly tokens: string;
  /** Where each token may go: one file a token, by its name. */
  readonly tokenOrigins: string;
  /** The program that the clients call for the headers of a token. */
  readonly launcher: string;
  /** The program that the clients call when a session starts. */
  readonly sessionCheck: string;
  /** Answers to give again while nothing changed: see `stat-cache.ts`. It may be removed at any time. */
  readonly cache: string;
}

/** The variables that say where our own files are: the state, and what a person says of this machine. */
export function stateVariables(platform: string): readonly string[] {
  return platform === 'win32' ? ['LOCALAPPDATA', 'APPDATA'] : ['XDG_STATE_HOME', 'XDG_CONFIG_HOME'];
}

/** `$XDG_STATE_HOME/syncline`, by default `~/.local/state/syncline`; `%LOCALAPPDATA%\syncline` on Windows. */
export function statePaths({ home, workingDirectory, variables }: Environment, platform: string): StatePaths {
  const base = platform === 'win32' ? variables.LOCALAPPDATA : variables.XDG_STATE_HOME;
  const root = join(base ? resolve(workingDirectory, base) : join(home, '.local', 'state'), 'syncline');
  return {
    root,
    records: join(root, 'records'),
    earlier: join(root, 'earlier'),
    runs: join(root, 'runs'),
    journal: join(root, 'journal.json'),
    lock: join(root, 'lock'),
    clientLock: join(root, 'client-lock.json'),
    tokens: join(root, 'tokens'),
    tokenOrigins: join(root, 'token-origins'),
    launcher: join(root, 'bin', platform === 'win32' ? 'token-headers.cmd' : 'token-headers'),
    sessionCheck: join(root, 'bin', 'session-check'),
    cache: join(root, 'cache'),
  };
}

/**
 * The command that prints the headers for a token, as a program and its arguments. The program stands in the state folder,
 * so that what the clients are told does not change with where Syncline is installed.
 */
export function headersHelper({
  launcher,
}: StatePaths): (token: string, header: string | undefined) => readonly string[] {
  return (token, header) => [launcher, token, ...(header === undefined ? [] : [header])];
}

/** The file of a record. */
export function recordPath(paths: StatePaths, key: string): string {
  return join(paths.records, `${key}.json`);
}

/** A client's record, or undefined. Throws `Failure` for a broken one and for one from a newer Syncline. */
export function readRecord(disk: Disk, paths: StatePaths, key: string): ClientRecord | undefined {
  const path = recordPath(paths, key);
  let content: Uint8Array;
  try {
    if (!disk.status(path)) return undefined;
    content = disk.readFile(path);
  } catch (error) {
    throw asFailure(error, path, 'read the record');
  }
  const record = parseRecord(content);
  if (!record) {
    const remedy = 'Move it away: the next push then takes what is equal as found, and overwrites nothing.';
    throw new Failure([problem('broken-record', 'the record does not parse', remedy, { path })]);
  }
  if (record.version > recordVersion) {
    const message = `the record was written by a newer Syncline (${record.syncline})`;
    throw new Failure([problem('newer-record', message, 'Update Syncline, then run the command again.', { path })]);
  }
  return record;
}

/** A record as its file holds it. */
export function recordContent(record: ClientRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, null, 1)}\n`);
}

/** A record as its file holds it; undefined for what is none. Of a newer one only the version is known. */
export function parseRecord(content: Uint8Array): ClientRecord | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As far as a file that something else wrote would differ. Of a newer record only the version is known. */
function isRecord(value: unknown): value is ClientRecord {
  const { version, units, folders, files, repository } = (value ?? {}) as Partial<ClientRecord>;
  if (typeof version !== 'number' || version > recordVersion) return typeof version === 'number';
  const isTable = (part: unknown) => typeof part === 'object' && part !== null && !Array.isArray(part);
  return Array.isArray(units) && Array.isArray(folders) && isTable(files) && isTable(repository);
}
