import { join } from 'node:path';
import type {
  Client,
  HeadersHelper,
  HomeFilesTarget,
  InstructionsTarget,
  MemoryTarget,
  SkillsTarget,
  Target,
} from '../../adapters/client.ts';
import { homeFiles } from '../../content/files/home-files.ts';
import { instructionSections } from '../../content/instructions/instructions.ts';
import { type MemoryFile, memoryFiles } from '../../content/instructions/memories.ts';
import type { TokenValues } from '../../content/placeholders.ts';
import { type SkillFile, skillFiles } from '../../content/skills/skills.ts';
import { readVariables } from '../../content/vars.ts';
import type { ClientHome } from '../../model/paths.ts';
import type { SourceTree } from '../../model/source.ts';
import { unitId, type WantedUnit } from '../../model/unit.ts';
import { homeFilesOf, takenPlace } from '../plan/taken-places.ts';
import { fileUnit, wholeFiles } from './desired-files.ts';
import { wantedFromFragment } from './desired-fragment.ts';
import { doubles, twinFolders } from './duplicate-units.ts';
import { type FragmentSource, readFragment } from './fragment.ts';
import { withoutLeftOut } from './left-out.ts';
import { readManifest } from './syncline-toml.ts';
import type { Desired, UnitPieces } from './wanted.ts';

/** The units of one client, with what adoption needs to find the way back into the source. */
export interface ClientDesired extends Desired {
  readonly pieces: readonly UnitPieces[];
  readonly fragments: readonly FragmentSource[];
}

/** What of this machine goes into the units. */
export interface Surroundings {
  readonly home: ClientHome;
  readonly helper: HeadersHelper;
}

/** First step of the flow: turns the files below `clients/` into units, without looking at the runtime. */
export function desiredUnits(client: Client, tree: SourceTree, { home, helper }: Surroundings): ClientDesired {
  const { variables, findings } = readVariables(tree, client.name);
  const values = tokenValues(client, home, variables);
  const memoryTarget = client.targets.find((target) => target.kind === 'memory');
  const memories = memoryTarget
    ? memoryFiles(tree, client.name, values, memoryTarget.reserved)
    : { files: [], findings: [] };
  const unlisted = new Set(readManifest(tree).unlisted.map(({ name }) => name));
  const listed = memories.files.filter(({ relative }) => !unlisted.has(relative));
  const fragments: FragmentSource[] = [];
  const desiredOf = (target: Target): Desired => {
    switch (target.kind) {
      case 'fragment': {
        const fragment = readFragment(client.name, target, tree, values, helper);
        const source = { client: client.name, target, fragment, tokens: values, helper };
        fragments.push(source);
        return wantedFromFragment(source);
      }
      case 'files':
        return wholeFiles(client.name, target, tree, values);
      case 'instructions':
        return instructions(client.name, target, tree, listed, values, memoryTarget);
      case 'memory':
        return { ...memoryUnits(client.name, target, memories.files), findings: memories.findings };
      case 'skills':
        return skills(client.name, target, tree, values);
      case 'home-files':
        return filesOfHome(client, target, tree, values);
    }
  };
  const parts = client.targets.map(desiredOf);
  const all = parts.flatMap((part) => part.units);
  const { units, findings: unknown } = withoutLeftOut(all, tree);
  const told = parts.flatMap((part) => part.findings);
  return {
    units,
    findings: [...findings, ...told, ...unknown, ...doubles(units), ...twinFolders(units, told)],
    pieces: parts.flatMap((part) => part.pieces ?? []),
    fragments,
  };
}

/** What the tokens stand for in the texts of one client. */
export function tokenValues(
  client: Client,
  home: ClientHome,
  variables: Readonly<Record<string, string>>,
): TokenValues {
  const memory = client.targets.find((target) => target.kind === 'memory');
  const skills = client.targets.find((target) => target.kind === 'skills');
  const files = homeFilesOf(client);
  return {
    clientName: client.title,
    clientHome: home.root,
    ...(memory ? { memoryPath: join(home.root, memory.folder) } : {}),
    ...(skills ? { skillsPath: join(home.root, skills.folder) } : {}),
    ...(files ? { filesPath: home.root } : {}),
    variables,
  };
}

function instructions(
  client: string,
  target: InstructionsTarget,
  tree: SourceTree,
  memories: readonly MemoryFile[],
  values: TokenValues,
  memoryTarget: MemoryTarget | undefined,
): Desired {
  const options = { source: target.source, memories: target.memories, memoryFolder: memoryTarget?.folder ?? '' };
  const found = instructionSections(tree, client, options, [...memories], values);
  const section = (path: readonly string[], value: string, source: string): WantedUnit => ({
    ...{ id: unitId(client, target.file, { path }), client, file: target.file, kind: 'section' },
    ...{ address: { path }, value, source: { path: source } },
  });
  const block = found.block === undefined ? [] : [section(['block'], found.block, found.blockSource)];
  const inlined = found.sections.map(({ name, text, source }) => section(['memory', name], text, source));
  return {
    units: [...block, ...inlined],
    findings: found.findings,
    pieces: [
      ...block.map((unit): UnitPieces => [unit.id, () => found.pieces()]),
      ...inlined.map((unit, index): UnitPieces => [unit.id, () => found.sections[index]?.pieces() ?? []]),
    ],
  };
}

function memoryUnits(
  client: string,
  target: MemoryTarget,
  memories: readonly MemoryFile[],
): Pick<Desired, 'units'> & { pieces: UnitPieces[] } {
  const units = memories.map(({ relative, bytes, source }) =>
    fileUnit(client, `${target.folder}/${relative}`, { content: bytes, executable: false, source }),
  );
  return { units, pieces: memories.map((memory, index) => [units[index]?.id ?? '', () => memory.pieces()]) };
}

function skills(client: string, target: SkillsTarget, tree: SourceTree, values: TokenValues): Desired {
  const { files, findings } = skillFiles(tree, client, values);
  const units = files.map(({ skill, relative, bytes, executable, source }) => ({
    ...fileUnit(client, `${target.folder}/${relative}`, { content: bytes, executable, source }),
    folder: `${target.folder}/${skill}`,
  }));
  return { units, findings, pieces: piecesOf(files, units) };
}

function piecesOf(files: readonly Pick<SkillFile, 'pieces'>[], units: readonly WantedUnit[]): UnitPieces[] {
  return files.flatMap(({ pieces: of }, index): UnitPieces[] => (of ? [[units[index]?.id ?? '', () => of()]] : []));
}

function filesOfHome(client: Client, target: HomeFilesTarget, tree: SourceTree, values: TokenValues): Desired {
  const taken = (relative: string) => takenPlace(client, target, relative);
  const { files, findings } = homeFiles(tree, client.name, values, taken);
  const units = files.map(({ relative, bytes, executable, source }) =>
    fileUnit(client.name, relative, { content: bytes, executable, source }),
  );
  return { units, findings, pieces: piecesOf(files, units) };
}
