import { importsIn } from '../content/instructions/imports.ts';
import type { Power } from '../model/power.ts';

/** First folders of paths that people write for the root of a project: `@/components/button`. */
const projectFolders =
  /^\/(?:components?|lib|libs|app|src|utils?|hooks|types|pages|styles|assets|config|store|api|features|ui|server|db|modules|services|shared|tests?|public)(?:\/|$)/;

/** Files outside of its folder that a text brings in, by `@path` as Claude Code 2.1 reads it: what stands in them goes to the model. */
export function importPowers(text: string): Power[] {
  const outside = importsIn(text).filter((path) => /^(?:~|\/|[A-Za-z]:[\\/]|(?:.*[\\/])?\.\.[\\/])/.test(path));
  return [...new Set(outside)]
    .filter((path) => !projectFolders.test(path))
    .map((path) => ({ what: 'file that goes to the model', does: `@${path}` }));
}
