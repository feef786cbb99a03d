import { dirname, resolve } from 'node:path';
import { importsIn } from '../../content/instructions/imports.ts';
import { decodeText, placeCounter } from '../../content/text.ts';
import { fileAt } from '../../host/reading/read-file.ts';
import { errorCode } from '../../host/system-error.ts';
import type { LostImport } from '../../sync/doctor/facts.ts';
import type { World } from '../world.ts';

/** How often one imported file may lead to another, as Claude Code has it. */
const deepestImport = 5;

/** A text that may import others. */
export interface Importing {
  readonly path: string;
  readonly text: string;
}

/** What a text imports, and what those files do, by absolute path; each once. What is not there comes apart. */
export interface Imports {
  readonly found: Map<string, string>;
  readonly lost: LostImport[];
}

/** Follows the imports of a text as Claude Code does. */
export function followImports(world: World, start: Importing): Imports {
  const imports: Imports = { found: new Map(), lost: [] };
  follow(world, start, imports, 0);
  return imports;
}

function follow(world: World, { path, text }: Importing, imports: Imports, depth: number): void {
  if (depth >= deepestImport) return;
  const { home } = world.environment;
  for (const named of importsIn(text)) {
    const target = resolve(
      dirname(path),
      named.replace(/^~(?=[/\\])/, () => home),
    );
    if (imports.found.has(target)) continue;
    const content = textAt(world, target);
    if (content === undefined) {
      imports.lost.push({ named, target, path, line: lineOf(text, named) });
      continue;
    }
    imports.found.set(target, content);
    follow(world, { path: target, text: content }, imports, depth + 1);
  }
}

function lineOf(text: string, named: string): number {
  const at = text.indexOf(`@${named.replaceAll(' ', '\\ ')}`);
  return placeCounter(text)(Math.max(0, at)).line;
}

function textAt({ host }: World, path: string): string | undefined {
  try {
    const file = fileAt(host.disk, path);
    return file && (decodeText(file.bytes) ?? '');
  } catch (error) {
    // What cannot be read is not read by the client either.
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
