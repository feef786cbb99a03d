import type { Client } from '../../adapters/client.ts';
import type { Host } from '../../host/host.ts';

/** A word that can stand at the cursor, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** What the scripts take for "folders go here": each shell completes those by itself. */
export const foldersMark = ':folders';

/** What a completion may ask for: the world, and the clients where it needs them. */
export interface World {
  readonly host: Host;
  readonly version: string;
  loadClients(): Promise<readonly Client[]>;
}
