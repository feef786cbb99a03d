import type { Client } from '../adapters/client.ts';
import { type Beginning, type OwnProcess, realHost } from '../host/machine/real-host.ts';
import { runProgram } from './program.ts';

/** How this program was started. */
export interface Started extends Beginning {
  readonly words: readonly string[];
  readonly version: string;
}

/** Runs the command of this process in the real world, and gives its exit code. */
export function run(own: OwnProcess, { words, version, ...started }: Started): Promise<number> {
  return runProgram(words, realHost(own, started), loadClients, version);
}

/** Schemas and parsers come with the clients; help needs none of them. */
async function loadClients(): Promise<readonly Client[]> {
  return (await import('../adapters/all-clients.ts')).allClients;
}
