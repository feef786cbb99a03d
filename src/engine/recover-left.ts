import { isLockInBounds, refuseForeignJournal } from '../host/transaction/bounds.ts';
import { recover } from '../host/transaction/undo.ts';
import type { Finding } from '../model/finding.ts';
import { boundsOf } from './refusals/bounds-of.ts';
import type { World } from './world.ts';

/** Undoes what a killed run left, within what our runs may write. Throws `Failure` as `recover` does. */
export function recoverLeft(world: World): Finding[] {
  const { host, state } = world;
  const bounds = boundsOf(world);
  return recover(host, state, {
    refuse: (journal) => refuseForeignJournal(host.disk, state, bounds, journal),
    isLock: (path) => isLockInBounds(bounds, path),
  });
}
