import { hostname, uptime } from 'node:os';

/** The name of this machine, and when it was started. */
export function thisMachine(): { readonly machine: string; readonly booted: Date } {
  return { machine: hostname(), booted: new Date(Date.now() - uptime() * 1000) };
}
