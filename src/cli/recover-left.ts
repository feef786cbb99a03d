import { isLockInBounds, refuseForeignJournal } from '../host/bounds.ts';
import { recover } from '../host/undo.ts';
import type { Finding } from '../model/finding.ts';
import { boundsOf } from './bounds-of.ts';
import type { Context } from './context.ts';

/** Undoes what a killed run left, within what our runs may write. Throws `Failure` as `recover` does. */
export function recoverLeft(context: Context): Finding[] {
  const { host, state } = context;
  const bounds = boundsOf(context);
  return recover(host, state, {
    refuse: (journal) => refuseForeignJournal(host.disk, state, bounds, journal),
    isLock: (path) => isLockInBounds(bounds, path),
  });
}
