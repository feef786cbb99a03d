import type { CommandName } from '../../model/plan.ts';
import type { ClientRecord, Repository } from '../../model/record.ts';
import type { Kept } from '../earlier/earlier.ts';
import type { Choices, Mode } from './choose-action.ts';
import type { ClientState } from './client-state.ts';
import type { DecidedUnit, DocumentEdit } from './decided-unit.ts';
import type { FollowedFiles } from './one-file.ts';
import type { FolderChanges } from './plan-folders.ts';

/** What a plan is made for. */
export interface PlanRequest {
  readonly command: CommandName;
  readonly mode: Mode;
  readonly choices: Choices;
  readonly clients: readonly ClientState[];
  /** Those that the run leaves alone, where there are any: what is one file with theirs stays as they need it. */
  readonly beside?: readonly ClientState[];
  /** The repository that deploys; for remove-only, which needs none, that of the record. */
  readonly repository: Repository;
  /** Our own version, for the record. */
  readonly version: string;
}

/** One client's part of a plan. */
export interface ClientPlan {
  readonly state: ClientState;
  readonly units: readonly DecidedUnit[];
  readonly edits: readonly DocumentEdit[];
  readonly folders: FolderChanges;
  readonly record: ClientRecord | null;
  /** Files that another client's plan writes as well. */
  readonly followed: FollowedFiles;
  readonly kept: Kept;
}
