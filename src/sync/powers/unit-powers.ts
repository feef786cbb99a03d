import type { Client } from '../../adapters/client.ts';
import type { Around } from '../../adapters/powers/power-rules.ts';
import { likelySecrets } from '../../content/secrets/likely-secrets.ts';
import { maskSecrets } from '../../content/secrets/secrets.ts';
import { decodeText } from '../../content/text.ts';
import { digestOf } from '../../model/digest.ts';
import { type Guard, type Power, powerKey } from '../../model/power.ts';
import type { Unit, WantedUnit } from '../../model/unit.ts';
import { type Table, tableOf, type Value } from '../../model/value.ts';
import { agentTables, type Beside, besideOf, powersBeside } from '../beside-powers.ts';
import type { ClientState } from '../plan/client-state.ts';
import type { MergedUnit } from '../plan/merged-unit.ts';

/** A unit with one of its values: of the source, or of the runtime. */
export interface ValuedUnit extends Pick<Unit, 'file' | 'kind' | 'address'> {
  readonly value?: Value | undefined;
  readonly content?: Uint8Array | undefined;
  readonly executable?: boolean | undefined;
}

/** Everything that a value or a file lets an agent do; `around` as for `PowerRules`. */
export function powersOf(
  client: Client,
  unit: ValuedUnit,
  around: Around = () => [],
  beside: Beside = besideOf([]),
): readonly Power[] {
  const { powers } = client;
  const { file, kind, address, value, content, executable } = unit;
  if (kind === 'file') {
    if (!content) return [];
    const own = powers.ofFile(file, decodeText(content), executable === true);
    return withDigest(own.length > 0 ? own : powersBeside(client, file, beside), content);
  }
  if (kind === 'section') return typeof value === 'string' ? (powers.ofText?.(value) ?? []) : [];
  return !address || value === undefined ? [] : powers.ofValue(file, address.path, value, around);
}

/** A script that says something else is another one, though it has its old name. */
function withDigest(powers: readonly Power[], content: Uint8Array): readonly Power[] {
  return powers.map(({ wholeFile, ...power }) =>
    wholeFile ? { ...power, does: `${power.does} (SHA-256 ${digestOf(content).slice(0, 12)})` } : power,
  );
}

/** What is in `now` and not in `old`. What waits in a unit that is there already may be in use, so it waits no more. */
export function gained(old: readonly Power[] | undefined, now: readonly Power[]): readonly Power[] {
  const known = new Set(old?.map(powerKey));
  const added = now.filter((one) => !known.has(powerKey(one)));
  return old ? added.map(({ waits: _, ...power }) => power) : added;
}

/** What held agents back in the one value of a unit, and does not in the other; `now` is undefined where the unit goes. */
export function guardsLost({ powers }: Client, old: ValuedUnit, now: ValuedUnit | undefined): readonly Guard[] {
  const { file, kind, address } = old;
  if (kind === 'file') {
    const text = old.content && decodeText(old.content);
    return text === undefined ? [] : powers.lostIn(file, text, now?.content && decodeText(now.content));
  }
  if (kind === 'section' || !address || old.value === undefined) return [];
  const secrets = likelySecrets(old.value, address.path);
  // Unlike a power, which comes from the source, this is a value of the user's own.
  return powers
    .lostAt(file, address.path, old.value, now?.value)
    .map(({ what, does }) => ({ what, does: maskSecrets(does, secrets) }));
}

/** What a plan that writes or removes a unit lets agents do, and what it takes from what holds them back. */
export function powersOfChange(
  state: ClientState,
  { unit, want, raw }: MergedUnit,
  action: 'create' | 'update' | 'remove',
): { readonly powers?: readonly Power[]; readonly guards?: readonly Guard[] } {
  const { client } = state;
  const have = valuedInRuntime(state, unit, raw);
  const around = aroundOf(state, unit.file);
  const beside = besideOf(state.wanted);
  const of = (one: ValuedUnit) => powersOf(client, one, around, beside);
  const powers = want && action !== 'remove' ? gained(have && of(have), of(want)) : [];
  const guards = have ? guardsLost(client, have, action === 'remove' ? undefined : want) : [];
  return { ...(powers.length > 0 ? { powers } : {}), ...(guards.length > 0 ? { guards } : {}) };
}

/** What stands around the units of a file, in the runtime and in the source. */
export function aroundOf(state: ClientState, file: string): Around {
  const { runtime, wanted } = state;
  const files = () => [
    ...[...runtime.files].map(([name, { bytes }]) => [name, bytes] as const),
    ...wanted.flatMap(({ file: name, content }) => (content ? [[name, content] as const] : [])),
  ];
  return () => [...standing(state, file), rootLeaves(wanted, file), ...agentTables(files())];
}

/** What a file of the runtime, or the files of a folder of it, lets agents do. */
export function powersOfRuntime({ client, runtime }: ClientState, name: string): readonly Power[] {
  const files = [...runtime.files].filter(([file]) => file === name || file.startsWith(`${name}/`));
  return files.flatMap(([file, { bytes, mode }]) =>
    client.powers.ofFile(file, decodeText(bytes), (mode & 0o100) !== 0),
  );
}

function valuedInRuntime({ runtime }: ClientState, unit: Unit, raw: Value | undefined): ValuedUnit | undefined {
  if (unit.kind !== 'file') return raw === undefined ? undefined : { ...unit, value: raw };
  const file = runtime.files.get(unit.file);
  return file && { ...unit, content: file.bytes, executable: (file.mode & 0o100) !== 0 };
}

function standing({ documents }: ClientState, file: string): Table[] {
  const values = documents.get(file)?.values;
  return values ? [values as Table] : [];
}

/** The root keys of one value that a source wants of a file: what selects a provider is one of these. */
export function rootLeaves(wanted: readonly WantedUnit[], file: string): Table {
  return tableOf(
    wanted.flatMap(({ file: of, kind, address, value }) =>
      of === file && kind === 'leaf' && address?.path.length === 1 && value !== undefined
        ? [[address.path, value] as const]
        : [],
    ),
  );
}
