import { basename } from 'node:path';
import { shellLine } from '../../adapters/shell-line.ts';
import type { Host } from '../../host/host.ts';
import { type Distrusted, distrusted, distrustedIn, nameOfUser, type User } from '../../host/state/trust.ts';
import { asFailure } from '../../host/system-error.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { World } from '../world.ts';

/**
 * Throws `Failure` when what stands in the state folder may be somebody else's: records, backups, tokens and the journal of a
 * run decide what is written where. Windows has no such owners and modes, and nothing is looked at there.
 */
export function refuseForeignState(world: Pick<World, 'host' | 'state'>): void {
  const finding = foreignState(world);
  if (finding) throw new Failure([finding]);
}

/** The same as a finding; undefined where all is well. Throws `Failure` when it cannot be looked at. */
export function foreignState({ host, state }: Pick<World, 'host' | 'state'>): Finding | undefined {
  // What is true of the owner is looked at anew before each kept answer, too.
  const untraced = host.untraced ?? host;
  const { disk } = untraced;
  const user = userOf(untraced);
  if (!user) return undefined;
  const found = looking(
    state.root,
    () => distrusted(disk, user, state.root) ?? distrustedIn(disk, user, state.root, basename(state.cache)),
  );
  return found && findingOf(untraced, found, user, ourState(state.root));
}

/** What is looked at: where it is, what it is called, and the variable that moves it. */
interface Ours {
  readonly root: string;
  readonly name: string;
  readonly variable: string;
}

function ourState(root: string): Ours {
  return { root, name: 'the state folder', variable: 'XDG_STATE_HOME' };
}

/** Throws `Failure` when the user's configuration may be somebody else's: it names layers, which are deployed. */
export function refuseForeignConfiguration({ host }: Pick<World, 'host'>, path: string): void {
  const untraced = host.untraced ?? host;
  const user = userOf(untraced);
  if (!user) return;
  const found = looking(path, () => distrusted(untraced.disk, user, path));
  const ours = { root: path, name: 'your configuration', variable: 'XDG_CONFIG_HOME' };
  if (found) throw new Failure([findingOf(untraced, found, user, ours)]);
}

function looking<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw asFailure(error, path, 'look at whose it is');
  }
}

function findingOf(
  { disk }: Host,
  { path, status, why }: Distrusted,
  user: User,
  { root, name, variable }: Ours,
): Finding {
  const mode = `0${(status.mode & 0o7777).toString(8)}`;
  const place = path === root ? name : `what ${name} relies on, ${JSON.stringify(path)},`;
  if (why === 'open') {
    const message = `others can write to ${path === root ? place : `${place} too`} (mode ${mode}), so what stands in it may be theirs; it is not read`;
    const remedy = `Look at what is in it, then close it: ${shellLine(['chmod', 'go-w', path])}`;
    return problem('open-state', message, remedy, { path });
  }
  const owner = nameOfUser(disk, status.uid);
  const message = `${place} belongs to ${owner} (mode ${mode}), and this is ${nameOfUser(disk, user.uid)}; it is not read`;
  return problem('foreign-state', message, remedyFor(status.uid, user, path, { root, name, variable }), { path });
}

function remedyFor(owner: number, { uid, gid }: User, path: string, { root, variable }: Ours): string {
  const other = `or set ${variable} to a folder of your own`;
  if (uid === 0) return `Run the command as that user, without sudo, ${other}.`;
  const isInside = path === root || path.startsWith(`${root}/`);
  if (owner !== 0 && !isInside) return `Use a folder that nobody else owns: unset ${variable}, ${other}.`;
  const reason = owner === 0 ? 'A command was run with sudo; give' : 'If you know what is in it, give';
  return `${reason} it back to yourself: ${shellLine(['sudo', 'chown', '-R', `${uid}:${gid}`, root])}`;
}

function userOf({ process: own }: Host): User | undefined {
  return own.user;
}
