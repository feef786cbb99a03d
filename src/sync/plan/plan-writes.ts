import { dirname } from 'node:path';
import { encodeText } from '../../content/text.ts';
import { type FileWrite, type Plan, sideOf } from '../../model/plan.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import type { ClientPlan } from './client-plan.ts';
import { recordedFile, runtimePath } from './client-state.ts';
import type { DecidedUnit, DocumentEdit } from './decided-unit.ts';

/** A configuration file that we create may come to hold secrets: only its owner reads it. */
const newDocumentMode = 0o600;
const newFileMode = 0o644;
const executableBits = 0o111;

/** The writes of a client's shared files: one each, none where no byte changes. */
export function documentWrites({ state, edits }: ClientPlan): FileWrite[] {
  return edits.flatMap((edit): FileWrite[] => {
    const { document, result } = edit;
    const gone = isBlank(result.text) && isOurFile(state, edit);
    if (result.text === document.text && !gone) return [];
    if (gone && !document.exists) return [];
    const { file } = document.target;
    const now = state.runtime.files.get(file);
    const mode = now?.mode ?? newDocumentMode;
    const lock = document.target.kind === 'fragment' ? document.target.lockSuffix : undefined;
    return [
      {
        ...{ client: state.client.name, file, path: document.path, before: sideOf(now) },
        ...{ after: gone ? null : { content: encodeText(result.text), mode }, shared: true },
        ...(lock === undefined ? {} : { lock: { path: document.path + lock, holder: state.client.title } }),
      },
    ];
  });
}

/** Whether a shared file holds nothing at all: a file we created then goes. */
export function isBlank(text: string): boolean {
  return /^[\s\uFEFF]*(\{\s*\}\s*)?$/.test(text);
}

function isOurFile(state: ClientPlan['state'], { document }: DocumentEdit): boolean {
  return recordedFile(state, document.target.file)?.created === true;
}

/** The writes of files that are wholly ours. */
export function fileWrites({ state, units, followed }: ClientPlan): FileWrite[] {
  return units.flatMap((decided): FileWrite[] => {
    const { merged, action } = decided;
    if (followed.has(merged.unit.file)) return [];
    if (merged.unit.kind !== 'file' || !['create', 'update', 'remove', 'restore'].includes(action)) return [];
    const { client, file } = merged.unit;
    const now = state.runtime.files.get(file);
    return [{ client, file, path: runtimePath(state.home, file), before: sideOf(now), after: afterOf(decided, now) }];
  });
}

function afterOf({ merged, action }: DecidedUnit, now: RuntimeFile | undefined): FileWrite['after'] {
  const { want, earlier } = merged;
  if (action === 'restore' && earlier) return { content: earlier.content, mode: earlier.mode ?? newFileMode };
  if (action === 'remove' || !want?.content) return null;
  const mode = now?.mode ?? newFileMode;
  return { content: want.content, mode: want.executable ? mode | executableBits : mode & ~executableBits };
}

/** A plan together with what goes into the source, and the folders that this needs. */
export function withAdoptionWrites(plan: Plan, writes: readonly FileWrite[]): Plan {
  const folders = [...new Set(writes.filter(({ before }) => !before).map(({ path }) => dirname(path)))];
  return { ...plan, writes: [...writes, ...plan.writes], makeFolders: [...folders, ...plan.makeFolders] };
}
