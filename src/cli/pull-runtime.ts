import { join } from 'node:path';
import { readRuntime } from '../host/read-runtime.ts';
import type { Finding } from '../model/finding.ts';
import type { PlannedUnit } from '../model/plan.ts';
import { verdictsText } from '../report/plan-text.ts';
import type { ClientState } from '../sync/client-state.ts';
import { inspectedFiles, inspectionCopy } from '../sync/inspection.ts';
import { makePlan } from '../sync/plan.ts';
import { noChoices } from './choices.ts';
import type { Context } from './context.ts';
import { gatherDesired, gatherSource, gatherStates, repositoryOf, type Source } from './gather.ts';
import { show } from './show.ts';
import { withSettledRuntime } from './with-run.ts';

/** `pull-runtime`: copies what the runtime holds to `clients/<client>/pulled/`, without secrets, to be looked at. */
export function pullRuntime(context: Context): Promise<number> {
  return withSettledRuntime(context, 'pull-runtime', (recovered) => pull(context, recovered));
}

async function pull(context: Context, recovered: readonly Finding[]): Promise<number> {
  const source = gatherSource(context);
  const states = gatherStates(context, gatherDesired(context, source)).map((state) => withEverything(context, state));
  const units = verdictsOf(context, states, source);
  const copies = await writeCopies(context, states, source);
  const equal = units.every(({ verdict }) => ['same', 'agreed', 'unmanaged'].includes(verdict));
  const outcome = { command: 'pull-runtime', exitCode: 0, inSync: equal, units, findings: [...recovered] };
  return show(context, outcome, `${verdictsText(units, context.paint, context.options.verbose)}${copies}`);
}

/** Reads the contents of every memory and skill as well. */
function withEverything({ host }: Context, state: ClientState): ClientState {
  const more = readRuntime(host.disk, { ...state.home, files: inspectedFiles(state), trees: [] });
  return { ...state, runtime: { ...state.runtime, files: new Map([...state.runtime.files, ...more.files]) } };
}

function verdictsOf(context: Context, states: readonly ClientState[], source: Source): readonly PlannedUnit[] {
  const repository = repositoryOf(context, source);
  const request = { command: 'pull-runtime', mode: 'check', choices: noChoices, clients: states } as const;
  return makePlan({ ...request, repository, version: context.version }).plan.units;
}

async function writeCopies(context: Context, states: readonly ClientState[], { folder }: Source): Promise<string> {
  const rows: string[] = [];
  // The copy is the only thing that needs the file library, so only this command loads it.
  const { replaceFolder } = await import('../host/folder-copy.ts');
  for (const state of states) {
    const copy = inspectionCopy(state);
    const path = join(folder, 'clients', state.client.name, 'pulled');
    if (context.options.dryRun) rows.push(`would copy ${copy.size} files to ${path}\n`);
    else rows.push(`${path}: ${copy.size} files, ${replaceFolder(path, copy)} changed\n`);
  }
  return `${rows.join('')}The copies are for looking at; they are never deployed.\n`;
}
