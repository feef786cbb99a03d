import type { Checkup, Complaint, Oracle } from '../../adapters/checkup.ts';
import type { Host } from '../../host/host.ts';
import type { Ran } from '../../host/machine/programs.ts';
import { withPrivateFolder } from '../../host/state/private-folder.ts';
import { copiesFor } from '../../sync/doctor/copies.ts';
import type { ClientFacts, Version } from '../../sync/doctor/facts.ts';
import { type ClientState, runtimePath } from '../../sync/plan/client-state.ts';

/** How long a client may take for one answer, and for starting all its servers, in milliseconds. */
const patience = 20_000;
const serverPatience = 120_000;

/** What programs need to start at all, and what version managers need to find them. */
const passedOn =
  /^(?:PATH|PATHEXT|SYSTEMROOT|COMSPEC|WINDIR|TEMP|TMP|TMPDIR|LANG|LC_ALL|(?:NVM|FNM)_DIR|(?:ASDF|MISE)_DATA_DIR|VOLTA_HOME)$/i;

/**
 * Asks a client's program for its version and what it has against its files. It runs in a folder of its own, with copies
 * without secrets, so that it writes nothing into the user's home.
 */
export async function askClient(
  host: Host,
  program: string,
  checkup: Checkup,
  state: ClientState | undefined,
): Promise<Pick<ClientFacts, 'version' | 'complaints'>> {
  const { oracle } = checkup;
  // Node starts such a script only through a shell, whose quoting is another one.
  if (/\.(?:cmd|bat)$/i.test(program)) return { version: 'unknown' };
  const copies = state && oracle ? copiesFor(state, oracle.files, 'replaced') : undefined;
  return withPrivateFolder(host, copies ?? new Map(), (folder) => {
    const ask = (words: readonly string[]) => {
      const variables = { ...privateVariables(host, folder), ...oracle?.variables, ...movedHome(checkup, folder) };
      return host.programs.run(program, words, { folder, variables, timeout: patience });
    };
    const version = versionOf(ask(['--version']));
    if (!oracle || !state || !copies || version === 'broken') return { version };
    const complaints = oracle.read(answersOf(oracle, ask))?.map((complaint) => atHome(complaint, folder, state));
    // A path in the folder of the copies that is none of them: the client misses what was not copied.
    const isMisled = complaints?.some(({ says }) => says.includes(folder));
    return { version, ...(complaints && !isMisled ? { complaints } : {}) };
  });
}

/** Has a client start its servers, with the user's own environment, and gives those that do not work. */
export async function startServers(
  host: Host,
  program: string,
  checkup: Checkup,
  state: ClientState,
): Promise<Pick<ClientFacts, 'failedServers'>> {
  const { startServers: start, oracle } = checkup;
  const copies = oracle && copiesFor(state, oracle.files, 'kept');
  if (!start || !copies) return {};
  return withPrivateFolder(host, copies, (folder) => {
    const variables = { ...host.variables, ...oracle?.variables, ...movedHome(checkup, folder) };
    return {
      failedServers: start.read(
        host.programs.run(program, start.words, { folder, variables, timeout: serverPatience }),
      ),
    };
  });
}

function answersOf({ questions }: Oracle, ask: (words: readonly string[]) => Ran): Ran[] {
  const answers: Ran[] = [];
  for (const words of questions) {
    if (answers.at(-1)?.code === 0) break;
    answers.push(ask(words));
  }
  return answers;
}

function privateVariables({ variables }: Host, folder: string): Record<string, string | undefined> {
  const kept = Object.entries(variables).filter(([name]) => passedOn.test(name));
  return { ...Object.fromEntries(kept), HOME: folder, USERPROFILE: folder };
}

function movedHome({ oracle }: Checkup, folder: string): Record<string, string> {
  return oracle ? { [oracle.homeVariable]: folder } : {};
}

function versionOf({ code, out, err }: Ran): Version {
  if (code === undefined && out === '' && err === '') return 'broken';
  const text = code === 0 ? /\d+\.\d+\.\d+[\w.-]*/.exec(out)?.[0] : undefined;
  return text === undefined ? 'unknown' : { text };
}

/** A complaint about a copy is one about the file that was copied. */
function atHome(complaint: Complaint, folder: string, { client, home }: ClientState): Complaint {
  const files = client.checkup?.oracle?.files ?? [];
  const copied = files.find(({ file }) => complaint.path !== undefined && isCopy(complaint.path, folder, file));
  return copied ? { ...complaint, path: runtimePath(home, copied.file) } : complaint;
}

function isCopy(path: string, folder: string, file: string): boolean {
  return path.replaceAll('\\', '/') === `${folder.replaceAll('\\', '/')}/${file}`;
}
