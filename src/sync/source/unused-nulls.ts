import { nearest } from '../../content/suggest-name.ts';
import type { Finding } from '../../model/finding.ts';
import { pathText } from '../../model/unit.ts';
import { type KeyPath, samePath } from '../../model/value.ts';
import type { ClientDesired } from './desired.ts';
import { leavesOut } from './desired-fragment.ts';
import type { FragmentSource } from './fragment.ts';
import type { IdleNull } from './merge-parts.ts';

/**
 * A warning for each `null` of a layer that leaves nothing out, of no client: it is spelled wrong, or what it meant is gone.
 * What is shared may leave out what only a client's own fragment says.
 */
export function idleNulls(all: readonly ClientDesired[]): Finding[] {
  const idle = all.flatMap(({ fragments }) => fragments.flatMap(({ fragment }) => fragment.merged.idle));
  if (idle.length === 0) return [];
  const units = all.flatMap(unitPaths);
  return idle
    .filter(({ path }) => !units.some(({ target, at }) => leavesOut(target, path, at)))
    .map((one) => warning(one, neighbours(one.path, units)));
}

/** Where a unit stands in its client's file. */
interface UnitPath {
  readonly target: FragmentSource['target'];
  readonly at: KeyPath;
}

function unitPaths({ fragments, units }: ClientDesired): UnitPath[] {
  return fragments.flatMap(({ target }) =>
    units.flatMap(({ file, address }) => (address && file === target.file ? [{ target, at: address.path }] : [])),
  );
}

/** The keys that units have in the same table. */
function neighbours(path: KeyPath, units: readonly UnitPath[]): string[] {
  const parent = path.slice(0, -1);
  const spellings = units.flatMap(({ target, at }) => [at, target.shared?.placeOf(at) ?? at]);
  return spellings.flatMap((at) => (samePath(at.slice(0, parent.length), parent) ? (at[parent.length] ?? []) : []));
}

function warning({ path, part, beside }: IdleNull, more: readonly string[]): Finding {
  const near = nearest(path.at(-1) as string, new Set([...beside, ...more]));
  const line = part.format.lineOf(part.text, path);
  return {
    ...{ code: 'idle-name', severity: 'warning', path: part.file.path, ...(line === undefined ? {} : { line }) },
    message: `"${pathText(path)}" is left out here by null, but nothing below has it`,
    remedy: near === undefined ? 'Correct or remove it.' : `Did you mean ${JSON.stringify(near)}?`,
  };
}
