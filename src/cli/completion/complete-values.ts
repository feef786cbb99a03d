import { refuseForeignState } from '../../engine/refusals/refuse-foreign-state.ts';
import { listTokens } from '../../host/state/token-files.ts';
import { listRuns } from '../../host/transaction/runs.ts';
import { completionShells } from '../../report/commands/completion-scripts.ts';
import { shells } from '../../report/commands/token-text.ts';
import { type Context, makeContext } from '../context.ts';
import { tokenActions } from '../token/token.ts';
import { type Candidate, foldersMark, type World } from './candidate.ts';
import { type Place, settingsOf } from './complete-place.ts';
import { unitsFor } from './complete-units.ts';

type Value = Place & { readonly kind: 'value' };
type Values = (context: Context, place: Value, typed: string) => readonly Candidate[];

/** Places whose values nobody but the person knows. */
const unknown: Values = () => [];

/**
 * What each option and argument takes: by its own name where that says more, else by what stands in its brackets. Every
 * command's are here; a test holds that.
 */
export const valuesByName: Readonly<Record<string, Values | typeof foldersMark>> = {
  '--client': ({ allClients }) => allClients.map(({ name }) => ({ word: name, meaning: 'client' })),
  '--shell': () => plain(shells),
  dir: foldersMark,
  shell: () => plain(completionShells),
  unit: unitsFor,
  what: unitsFor,
  ref: unknown,
  format: () => plain(['github', 'junit']),
  run: ({ host, state }) => listRuns(host.disk, state).map(({ run, command }) => ({ word: run, meaning: command })),
  action: () => plain(tokenActions),
  name: ({ host, state }) => listTokens(host.disk, state).map((word) => ({ word, meaning: 'token' })),
  header: unknown,
  url: unknown,
  variable: ({ host }) => plain(Object.keys(host.variables)),
};

/** The values that can stand at a place. Throws whatever reading them throws. */
export async function valuesAt(
  place: Value,
  before: readonly string[],
  typed: string,
  { host, version, loadClients }: World,
): Promise<readonly Candidate[] | typeof foldersMark> {
  const values = valuesByName[place.name] ?? valuesByName[place.takes] ?? unknown;
  if (values === foldersMark) return foldersMark;
  // Nothing of a completion may write: the disk is that of a dry run.
  const settings = { ...untilded(settingsOf(before, place.row), host.home), dryRun: true };
  const context = makeContext(host, await loadClients(), settings, version);
  refuseForeignState(context);
  const found = values(context, place, typed.slice(place.before.length));
  return found.map(({ word, meaning }) => ({ word: place.before + word, meaning }));
}

/** The shell would have put the home folder there, had it run the line. */
function untilded<T extends { readonly repo?: string; readonly home?: string }>(settings: T, home: string): T {
  const folders = Object.entries(settings).filter(([, value]) => typeof value === 'string' && /^~(?:\/|$)/.test(value));
  return {
    ...settings,
    ...Object.fromEntries(folders.map(([name, value]) => [name, home + (value as string).slice(1)])),
  };
}

function plain(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, meaning: '' }));
}
