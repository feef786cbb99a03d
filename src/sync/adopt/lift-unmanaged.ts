import type { Client, Target } from '../../adapters/client.ts';
import { withoutInjection } from '../../content/skills/skills.ts';
import { decodeText, encodeText } from '../../content/text.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import type { Unit } from '../../model/unit.ts';
import type { Value } from '../../model/value.ts';
import { isHomeFile } from '../plan/taken-places.ts';
import type { FragmentSource } from '../source/fragment.ts';
import type { SourceChange, ValueEdit } from './change.ts';

/** Something of the user's that becomes the repository's: the places it could go to, the best first. */
export type Places = readonly (readonly SourceChange[])[];

/** A server, provider, hook, rule or key: to what all clients share where that can say it, else to the client's own fragment. */
export function placesOfValue({ client, target, helper }: FragmentSource, unit: Unit, value: Value): Places {
  const path = unit.address?.path ?? [];
  const own = (edit: Partial<ValueEdit>) => [
    changeOf(unit, `clients/${client}/${target.source}`, { format: target.format, ...edit }),
  ];
  const one = unit.address?.element ? { append: [{ path, value }] } : { set: [{ path, value }] };
  const { shared } = target;
  const common = shared?.untranslate(path, value, helper);
  if (!shared || !common || 'reason' in common) return [own(one)];
  const edit = unit.address?.element ? { append: [common] } : { set: [common] };
  return [[changeOf(unit, `clients/shared/${shared.source}`, { format: shared.format, ...edit })], own(one)];
}

function changeOf(unit: Unit, path: string, edit: Partial<ValueEdit> & Pick<ValueEdit, 'format'>): SourceChange {
  return { id: unit.id, path, edit: { kind: 'values', set: [], append: [], remove: [], ...edit } };
}

/** A memory, a skill's file, a command, an agent: where each kind of file stands in the source. */
export function placesOfFile(client: Client, id: string, name: string, file: RuntimeFile): Places {
  const target = client.targets.find((each) => folderOf(each) !== undefined && name.startsWith(`${folderOf(each)}/`));
  const folder = target && folderOf(target);
  const executable = (file.mode & 0o100) !== 0;
  if (!target || folder === undefined) return isHomeFile(client, name) ? placesOfHomeFile(client, id, name, file) : [];
  const relative = name.slice(folder.length + 1);
  const content = target.kind === 'skills' && name.endsWith('/SKILL.md') ? plainSkill(file.bytes) : file.bytes;
  const at = (place: string): readonly SourceChange[] => [
    { id, path: `clients/${place}/${areaOf(target)}/${relative}`, edit: { kind: 'whole', content, executable } },
  ];
  return sharesAsIs(target) ? [at('shared'), at(client.name)] : [at(client.name)];
}

/** A script, or what one needs: below `files/`, for every client first. */
function placesOfHomeFile({ name: client }: Client, id: string, name: string, { bytes, mode }: RuntimeFile): Places {
  const edit = { kind: 'whole', content: bytes, executable: (mode & 0o100) !== 0 } as const;
  return ['shared', client].map((place) => [{ id, path: `clients/${place}/files/${name}`, edit }]);
}

/** The folder of the runtime that holds a target's files and nothing else. */
function folderOf(target: Target): string | undefined {
  return target.kind === 'memory' || target.kind === 'skills' || target.kind === 'files' ? target.folder : undefined;
}

function areaOf(target: Target): string {
  if (target.kind === 'files') return target.source;
  return target.kind === 'memory' ? 'memory' : 'skills';
}

/** Whether a file that every client shares is this client's as it stands. */
function sharesAsIs(target: Target): boolean {
  if (target.kind === 'files') return target.shared !== undefined && target.shared.convert === undefined;
  return target.kind === 'memory' || target.kind === 'skills';
}

function plainSkill(bytes: Uint8Array): Uint8Array {
  const text = decodeText(bytes);
  return text === undefined ? bytes : encodeText(withoutInjection(text));
}
