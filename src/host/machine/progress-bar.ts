import type { Writable } from 'node:stream';

/** Tells how much of long work is done. With `done` equal to `total` the work has ended. */
export type ShowProgress = (done: number, total: number) => void;

/** Work that is done sooner shows no bar, in milliseconds. */
const patience = 500;
const width = 30;

/** A bar on standard error that comes once the work takes long, and goes when it ends. `now` gives milliseconds. */
export function progressBar(errors: Writable, now: () => number): ShowProgress {
  let since: number | undefined;
  let shown: number | undefined;
  return (done, total) => {
    since ??= now();
    if (done >= total) {
      if (shown !== undefined) errors.write('\r\u001b[K');
      since = undefined;
      shown = undefined;
      return;
    }
    const filled = Math.floor((done / total) * width);
    if (filled === shown || now() - since < patience) return;
    shown = filled;
    errors.write(`\r[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done} of ${total} files`);
  };
}
