import type { Client } from '../adapters/client.ts';
import { type OwnProcess, realHost } from '../host/real-host.ts';
import type { Question } from '../host/stat-cache.ts';
import type { Environment } from '../model/paths.ts';
import { runProgram } from './program.ts';

/** How this program was started. */
export interface Started extends Environment {
  /** The file it stands in. */
  readonly file: string;
  readonly words: readonly string[];
  readonly question: Question;
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
