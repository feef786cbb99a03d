import type { FragmentTarget } from '../../adapters/client.ts';
import type { PathValue } from '../../formats/format.ts';
import type { Finding } from '../../model/finding.ts';
import { unitId } from '../../model/unit.ts';
import type { KeyPath, Value } from '../../model/value.ts';
import type { SourceChange, ValueEdit } from '../adopt/change.ts';
import type { ClientState } from '../plan/client-state.ts';
import { type FragmentValue, fragmentValues } from '../source/desired-fragment.ts';
import { type Find, type ImportRequest, powerHint, sourceFolder } from './find.ts';
import { valueWithHomeToken } from './home-token.ts';

/** A server or the like, as one client's file holds it, without what is for this machine only. */
export interface FoundEntry {
  readonly id: string;
  readonly state: ClientState;
  readonly target: FragmentTarget;
  readonly path: KeyPath;
  readonly value: Value;
}

/** The values of a client's files that could be taken: entries, and all else as finds. */
export function findValues(
  state: ClientState,
  { helper }: ImportRequest,
): { readonly entries: readonly FoundEntry[]; readonly finds: readonly Find[] } {
  const [entries, finds]: [FoundEntry[], Map<string, Find>] = [[], new Map()];
  for (const { target, values } of state.documents.values()) {
    if (target.kind !== 'fragment') continue;
    for (const found of fragmentValues(target, values)) {
      const { path } = found.address;
      if (target.isLocal?.(path) || path[0] === target.format.markerKey) continue;
      const id = unitId(state.client.name, target.file, found.address);
      if (found.kind === 'entry')
        entries.push({ id, state, target, path, value: travelling(target, path, found.value) });
      else finds.set(id, valueFind(state, target, id, found, helper));
    }
  }
  return { entries, finds: [...finds.values()] };
}

/** A note for each file that others write too and that says nothing which could be imported: empty lists, empty tables. */
export function emptyFiles({ client, documents }: ClientState): Finding[] {
  return [...documents.values()].flatMap(({ target, path, exists, values }): Finding[] => {
    if (target.kind !== 'fragment' || !exists || fragmentValues(target, values).length > 0) return [];
    if (Object.keys(values).some((key) => target.isLocal?.([key]))) return [];
    const message = `"${unitId(client.name, target.file)}" is not imported: it says nothing`;
    return [{ code: 'not-taken', severity: 'note', message, remedy: 'Nothing is to be done.', path }];
  });
}

/** An entry without those of its keys that are for this machine only. */
function travelling(target: FragmentTarget, path: KeyPath, value: Value): Value {
  const members = Object.entries(value ?? {}).filter(([key]) => !target.isLocal?.([...path, key]));
  return Object.fromEntries(members) as Value;
}

function valueFind(
  state: ClientState,
  target: FragmentTarget,
  id: string,
  { kind, address, value }: FragmentValue,
  helper: ImportRequest['helper'],
): Find {
  const { name } = state.client;
  const spelled = valueWithHomeToken(value, state.home.root);
  const edit = (one: PathValue) => (kind === 'element' ? { append: [one] } : { set: [one] });
  const own = [spelled, value].map((each) => [
    fragmentChange(id, ownPlace(name, target), edit({ path: address.path, value: each })),
  ]);
  const common = target.shared?.untranslate(address.path, spelled, helper);
  const shared =
    target.shared && common && 'value' in common
      ? { shared: [[fragmentChange(id, sharedPlace(target.shared), edit(common))]] }
      : {};
  const list = { list: unitId(name, target.file, { path: listPath(kind, address.path) }) };
  return {
    id,
    client: name,
    ...list,
    kind: kindOf(address.path),
    ...powerHint(state.client.powers.ofValue(target.file, address.path, value, () => [])),
    ...shared,
    own,
  };
}

/** Keys of one table go together: half of a status line is none. */
function listPath(kind: FragmentValue['kind'], path: KeyPath): KeyPath {
  return kind === 'element' || path[0] === 'permissions' ? path : path.slice(0, 1);
}

function kindOf([root]: KeyPath): string {
  return root === 'permissions' ? 'permission' : root === 'hooks' ? 'hook' : 'setting';
}

/** A file of the source that holds values. */
export interface ValuePlace {
  readonly path: string;
  readonly format: ValueEdit['format'];
}

/** The fragment that only one client gets. */
export function ownPlace(client: string, { source, format }: FragmentTarget): ValuePlace {
  return { path: `${sourceFolder(client)}/${source}`, format };
}

/** The file that says it for all clients. */
export function sharedPlace({ source, format }: NonNullable<FragmentTarget['shared']>): ValuePlace {
  return { path: `${sourceFolder('shared')}/${source}`, format };
}

/** A change of such a file. */
export function fragmentChange(id: string, { path, format }: ValuePlace, edit: Partial<ValueEdit>): SourceChange {
  return { id, path, edit: { kind: 'values', format, set: [], append: [], remove: [], ...edit } };
}
