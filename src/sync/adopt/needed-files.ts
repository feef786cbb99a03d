import { isAbsolute, sep } from 'node:path';
import type { Finding } from '../../model/finding.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import { unitId, type WantedUnit } from '../../model/unit.ts';
import { emptyTable, type Table, tableOf, type Value } from '../../model/value.ts';
import { bytesWithHomeToken } from '../import/home-token.ts';
import { homeFilesOf, isHomeFile, takenPlace } from '../plan/taken-places.ts';
import type { AdoptRequest, JudgedSource, NeededFile } from './adoption.ts';
import type { SourceChange } from './change.ts';
import { placesOfFile } from './lift-unmanaged.ts';

/** A script of a client's home that a value names, by whom. */
interface Named {
  readonly path: string;
  readonly by: string;
}

/**
 * The scripts of the clients' homes that the source comes to need by an adoption, and does not hold: another machine gets the hook
 * without them.
 */
export function neededFiles(request: AdoptRequest, before: JudgedSource, after: JudgedSource): NeededFile[] {
  const old = new Set(namedBy(request, before).map(({ path }) => path));
  const fresh = new Map(namedBy(request, after).flatMap((one) => (old.has(one.path) ? [] : [[one.path, one]])));
  return [...fresh.values()].flatMap((one) => neededFile(request, after, one) ?? []);
}

function namedBy({ clients, environment }: AdoptRequest, { desired }: JudgedSource): Named[] {
  return clients.flatMap(({ state: { client } }) => {
    const units = desired.get(client.name)?.units ?? [];
    const needs = client.checkup?.needs((file) => valuesOf(units, file), environment) ?? [];
    return needs.flatMap(({ kind, name, by }) => {
      const isFile = (kind === 'script' || kind === 'program') && isAbsolute(name);
      return isFile ? [{ path: name, by: `${by} of ${client.title}` }] : [];
    });
  });
}

/** What a source wants in one shared file; of a list, its elements alone. */
function valuesOf(units: readonly WantedUnit[], file: string): Table {
  const leaves = new Map<string, [readonly string[], Value]>();
  for (const { address, value, leftOut, ...unit } of units) {
    if (unit.file !== file || !address || value === undefined || leftOut !== undefined) continue;
    const key = JSON.stringify(address.path);
    const others = (leaves.get(key)?.[1] ?? []) as readonly Value[];
    leaves.set(key, [address.path, address.element ? [...others, value] : value]);
  }
  return leaves.size > 0 ? tableOf([...leaves.values()]) : emptyTable();
}

function neededFile({ clients }: AdoptRequest, { desired }: JudgedSource, { path, by }: Named): NeededFile | undefined {
  const state = clients.find((one) => path.startsWith(one.state.home.root + sep))?.state;
  if (!state) return undefined;
  const { client, home } = state;
  const file = path.slice(home.root.length + 1).replaceAll('\\', '/');
  const target = homeFilesOf(client);
  const isWanted = desired.get(client.name)?.units.some((unit) => unit.file === file);
  if (isWanted || !target || !isHomeFile(client, file) || takenPlace(client, target, file) !== undefined)
    return undefined;
  return { state, file, path, by };
}

/** The change that brings such a file into the source, for its client. */
export function changeFor({ state: { client, home }, file }: NeededFile, found: RuntimeFile): readonly SourceChange[] {
  const bytes = bytesWithHomeToken(found.bytes, home.root);
  return placesOfFile(client, unitId(client.name, file), file, { ...found, bytes }).at(-1) ?? [];
}

/** What is said of such a file where it could not be adopted with what names it. */
export function notAdopted({ state: { client }, file, path, by }: NeededFile): Finding {
  const message = `"${unitId(client.name, file)}" is not in the source, and ${by}, which is adopted, needs it`;
  const remedy = `Copy it to clients/${client.name}/files/${file}, then push.`;
  return { code: 'not-taken', severity: 'warning', message, remedy, path };
}
