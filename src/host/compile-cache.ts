import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';

/**
 * Lets Node keep what it makes of our code when it compiles it, beside the answers that are kept: Node 22.8 and newer know how to. Where
 * there are no answers yet, no folder is made for it.
 */
export function keepCompiledCode(cache: string): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (existsSync(cache)) enableCompileCache?.(join(cache, 'code'));
}
