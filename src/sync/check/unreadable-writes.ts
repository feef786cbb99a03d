import { basename, join } from 'node:path';
import { decodeUtf8 } from '../../content/text.ts';
import { type Format, Malformed } from '../../formats/format.ts';
import { toml } from '../../formats/toml/toml.ts';
import type { Finding } from '../../model/finding.ts';
import type { FileWrite } from '../../model/plan.ts';
import type { Table } from '../../model/value.ts';
import { broken } from './check-edit.ts';
import { isReturning, type PlanBounds } from './plan-bounds.ts';

/** The files of which no edit says how they come to be: they must be what their readers take. */
export function unreadableWrites(writes: readonly FileWrite[], bounds: PlanBounds): Finding[] {
  const edited = new Set(bounds.edits?.map(({ document }) => document.path));
  return writes.flatMap((write) => {
    const { path, before, after } = write;
    const text = after && !isReturning(after, bounds) && !edited.has(path) && decodeUtf8(after.content);
    if (!text) return [];
    const reader = readerOf(write, bounds);
    const old = before && decodeUtf8(before.content);
    const was = new Set(old ? reader?.(old) : []);
    return (reader?.(text) ?? [])
      .filter((reason) => !was.has(reason))
      .map((reason) => broken(`it could not be read afterwards: ${reason}`, path));
  });
}

/** What Syncline itself reads in the source; its other file is the user's configuration. */
const ownFiles = ['syncline.toml', 'vars.toml'];

/** What is wrong with the text of a file that a client, or Syncline itself, reads; undefined where anything may stand in it. */
function readerOf(
  { client, file, path }: FileWrite,
  { known, files }: PlanBounds,
): ((text: string) => string[]) | undefined {
  if (client === '' && ((files?.includes(path) && path.endsWith('.toml')) || ownFiles.includes(basename(path))))
    return (text) => reasons(toml, text);
  for (const { name, targets } of known) {
    for (const target of targets) {
      if (target.kind !== 'fragment') continue;
      const { format, shared } = target;
      if (client === name && file === target.file) return (text) => reasons(format, text, target.refusals);
      if (client !== '') continue;
      if (path.endsWith(join(name, target.source))) return (text) => reasons(format, text);
      if (shared && path.endsWith(join('shared', shared.source))) return (text) => reasons(shared.format, text);
    }
  }
  return undefined;
}

function reasons(format: Format, text: string, refusals: (values: Table) => readonly string[] = () => []): string[] {
  try {
    return [...refusals(format.read(text))];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [error.message];
  }
}
