import { digestOf } from './digest.ts';
import type { Finding } from './finding.ts';
import type { Guard, Power } from './power.ts';
import type { ClientRecord } from './record.ts';
import type { RuntimeFile } from './runtime.ts';
import type { Unit } from './unit.ts';

export type CommandName =
  | 'init'
  | 'push-runtime'
  | 'pull-runtime'
  | 'clean-runtime'
  | 'check-sync'
  | 'restore'
  | 'uninstall';

/** What the three values of a unit say together (design, section 2). */
export type Verdict = 'same' | 'agreed' | 'source-ahead' | 'runtime-ahead' | 'conflict' | 'unmanaged';

/**
 * What a plan does about a unit. record: only the record changes. release: the record forgets it, the runtime keeps it.
 * restore: it goes, and what the user had there before comes back. leave: nothing, and it stays different. stop: a conflict that stops the whole plan.
 */
export type Action = 'none' | 'record' | 'create' | 'update' | 'remove' | 'release' | 'restore' | 'leave' | 'stop';

export interface PlannedUnit extends Unit {
  readonly verdict: Verdict;
  readonly action: Action;
  /** The absolute path of the runtime file. */
  readonly path: string;
  /** What a person should see first, when the plan deploys it: only what the runtime does not let happen already. */
  readonly powers?: readonly Power[];
  /** Where the source of it stands, relative to the repository. */
  readonly source?: { readonly path: string; readonly line?: number };
  /** Both sides as text, for diffs of a unit that stays different; absent sides are absent. Not masked yet. */
  readonly want?: string;
  readonly have?: string;
  /** Set when the value in the runtime is not what we deployed and the plan replaces or removes it. */
  readonly losesEdit?: boolean;
  /** What held an agent back, and goes or gets weaker with the plan. */
  readonly guards?: readonly Guard[];
  /** The layer with which the unit is so; absent for what holds without one. Only where two sources are compared. */
  readonly layer?: string;
  /** Where it is said that this machine does without the unit, or keeps its own: a layer, or the user's configuration. */
  readonly leftOut?: string;
}

/** Whether a unit makes the two sides different: not what nobody manages, nor what is left out on this machine. */
export function isDrift({ verdict, action, leftOut }: PlannedUnit): boolean {
  if (verdict === 'same' || verdict === 'agreed' || verdict === 'unmanaged') return false;
  return !(leftOut !== undefined && action === 'leave');
}

/** A lock that a client itself takes to write one of its files. */
export interface ClientLock {
  /** The folder whose being there is the lock. */
  readonly path: string;
  /** Who takes it, as people know the client. */
  readonly holder: string;
}

/** One file to write or to delete. */
export interface FileWrite {
  readonly client: string;
  readonly file: string;
  /** Absolute; may be a symlink, which is written through. */
  readonly path: string;
  /** What must still be there when the plan is applied: `digestOf` the bytes; null when no file may be there. */
  readonly before: { readonly digest: string; readonly content: Uint8Array; readonly mode: number } | null;
  /** Set when other programs write the file too: its client, or a person's editor. */
  readonly shared?: true;
  /** The new bytes and the permission bits of a new or changed mode; null deletes the file. */
  readonly after: { readonly content: Uint8Array; readonly mode: number } | null;
  readonly lock?: ClientLock;
}

/** A file that was read, as what a write must still find there. */
export function sideOf(file: RuntimeFile | undefined): FileWrite['before'] {
  return file ? { digest: digestOf(file.bytes), content: file.bytes, mode: file.mode } : null;
}

/** Everything that will happen, as plain data. Nothing is left to decide when it is applied. */
export interface Plan {
  readonly command: CommandName;
  readonly units: readonly PlannedUnit[];
  readonly writes: readonly FileWrite[];
  /** Absolute, parents first. */
  readonly makeFolders: readonly string[];
  /** Absolute, deepest first; each goes only if it is empty by then. */
  readonly removeFolders: readonly string[];
  /** The record of each client after the plan; null where it goes. */
  readonly records: readonly PlannedRecord[];
  readonly findings: readonly Finding[];
}

declare const sound: unique symbol;

/** A plan that `checkPlan` found nothing wrong with, whole as it will be applied. Nothing else can be applied. */
export type CheckedPlan = Plan & { readonly [sound]: true };

/** A record as it will be, with what it needs to be kept of what was the user's. */
export interface PlannedRecord {
  readonly key: string;
  readonly record: ClientRecord | null;
  /** Earlier values that are not kept yet, by digest. */
  readonly keeps?: ReadonlyMap<string, Uint8Array>;
  /** Earlier values that stay where they are kept, although the record lets go of them: they did not come back. */
  readonly spares?: readonly string[];
}
