import { hostname, tmpdir, uptime } from 'node:os';

/** The name of this machine, and when it was started. */
export function thisMachine(): { readonly machine: string; readonly booted: Date } {
  return { machine: hostname(), booted: new Date(Date.now() - uptime() * 1000) };
}

/** The folder for what is kept for a moment. */
export function temporaryFolder(): string {
  return tmpdir();
}

/** Stands still; in milliseconds. */
export function pause(duration: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration);
}
