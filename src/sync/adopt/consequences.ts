import { machinePathLines } from '../../content/files/machine-paths.ts';
import { decodeText, isBinary } from '../../content/text.ts';
import { digestOfFile, digestOfValue } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { WantedUnit } from '../../model/unit.ts';
import type { ClientState } from '../plan/client-state.ts';
import { gained, powersOf } from '../powers/unit-powers.ts';
import type { Adoption, AdoptRequest, JudgedSource } from './adoption.ts';
import type { ChangedFile } from './change.ts';
import { meansAdopted } from './compare-adopted.ts';

/** The units of any client, other than the adopted ones, that the next push brings something to or takes away. */
export function unitsAlsoChanged({ candidates }: AdoptRequest, before: JudgedSource, after: JudgedSource): string[] {
  const now = unitsOf(after);
  const ids = new Set(now.map(({ id }) => id));
  const gone = unitsOf(before).filter(({ id }) => !ids.has(id));
  return [...changedUnits(before, after), ...gone]
    .map(({ id }) => id)
    .filter((id) => !candidates.some((candidate) => meansAdopted(candidate, id)));
}

/** What the source lets agents do that it did not before. */
export function newPowers({ clients }: AdoptRequest, before: JudgedSource, after: JudgedSource): Adoption['powers'] {
  const old = new Map(unitsOf(before).map((unit) => [unit.id, unit]));
  return changedUnits(before, after).flatMap((unit) => {
    const client = clients.map(({ state }) => state.client).find(({ name }) => name === unit.client);
    const was = old.get(unit.id);
    const powers = client ? gained(was && powersOf(client, was), powersOf(client, unit)) : [];
    return powers.length === 0 ? [] : [{ id: unit.id, powers }];
  });
}

function changedUnits(before: JudgedSource, after: JudgedSource): WantedUnit[] {
  const old = new Map(unitsOf(before).map((unit) => [unit.id, digestOfWant(unit)]));
  return unitsOf(after).filter((unit) => old.get(unit.id) !== digestOfWant(unit));
}

function unitsOf({ desired }: JudgedSource): WantedUnit[] {
  return [...desired.values()].flatMap(({ units }) => units);
}

function digestOfWant({ content, executable, value }: WantedUnit): string {
  return content ? digestOfFile(content, executable === true) : digestOfValue(value ?? null);
}

/** A warning for each file that came to name a folder of this machine; those of one machine may. */
export function machinePaths(
  tree: SourceTree,
  files: readonly ChangedFile[],
  states: readonly Pick<ClientState, 'home'>[],
): Finding[] {
  const homes = states.map(({ home }) => home.root);
  return files.flatMap(({ path, after }): Finding[] => {
    if (path.startsWith('clients/machines/')) return [];
    const standing = tree.files.find((file) => file.path === path);
    const known = new Set(textOf(standing?.bytes).split('\n'));
    const text = textOf(after?.bytes);
    const lines = machinePathLines(text, homes).filter((line) => !known.has(text.split('\n')[line - 1] ?? ''));
    const [line] = lines;
    if (line === undefined) return [];
    const many = lines.length === 1 ? '1 line' : `${lines.length} lines`;
    const message = `"${path}" comes to name a folder of this machine (${many}); another has it elsewhere`;
    return [
      { code: 'machine-path', severity: 'warning', message, remedy: 'Look at it before you commit.', path, line },
    ];
  });
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes && !isBinary(bytes) ? (decodeText(bytes) ?? '') : '';
}
