import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../.nodes/node_modules');

/** The Node versions that must work, and where `npm run nodes` put each; undefined where it did not. */
export const nodes = ['20', '22', '24'].map((version) => {
  const path = join(folder, `node${version}`, 'bin/node');
  return { version, path: existsSync(path) ? path : undefined };
});
