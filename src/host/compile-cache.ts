import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { realReading } from './reading/real-reading.ts';
import { distrusted, type User } from './state/trust.ts';

/**
 * Lets Node keep what it makes of our code when it compiles it, beside the answers that are kept: Node 22.8 and newer know how to. Where
 * there are no answers yet, no folder is made for it; from one that is not only this user's, no code is taken.
 */
export function keepCompiledCode(cache: string, user: User | undefined): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  const folder = join(cache, 'code');
  if (existsSync(cache) && !(user && distrusted(realReading, user, folder))) enableCompileCache?.(folder);
}
