import { unsafeName } from '../../content/names.ts';
import { digestOf } from '../../model/digest.ts';

const memory = 'clients/shared/memory';

/** What is to get a place in the source. */
export interface Placed {
  readonly id: string;
  readonly client: string;
  /** What it is called among those of its project. */
  readonly name: string;
  /** The name of the project. */
  readonly project?: string;
}

/**
 * A name for each project of one client: the last part of its path; where two have the same, or the path is not known,
 * the path as one word.
 */
export function projectNames(projects: readonly string[]): Map<string, string> {
  const distinct = [...new Set(projects)];
  const short = new Map(distinct.map((project) => [project, lastPart(project)]));
  const counts = new Map<string, number>();
  for (const name of short.values()) counts.set(folded(name), (counts.get(folded(name)) ?? 0) + 1);
  const taken = new Set<string>();
  return new Map(
    distinct.sort().map((project) => {
      const name = short.get(project) as string;
      const own = counts.get(folded(name)) === 1 ? name : safe(project, 'project');
      return [project, untaken(taken, (ending) => `${own}${ending}`, project)];
    }),
  );
}

/** The name without an ending, or with that of the digest of what it is for, where another has it. */
function untaken(taken: Set<string>, named: (ending: string) => string, id: string): string {
  const name = taken.has(folded(named(''))) ? named(`-${digestOf(id).slice(0, 8)}`) : named('');
  taken.add(folded(name));
  return name;
}

function lastPart(project: string): string {
  const parts = project.split(/[/\\]/).filter((part) => part !== '');
  return safe(parts.at(-1) ?? '', 'project');
}

/** The source file of each item, by id: no two get the same, on a disk that tells no case apart either. */
export function destinations(items: readonly Placed[]): Map<string, string> {
  const taken = new Set<string>();
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(sorted.map((item) => [item.id, untaken(taken, (ending) => destinationOf(item, ending), item.id)]));
}

/** Never below a name that a client keeps for itself: it stands in `projects/` or in `learned/`. */
function destinationOf({ client, name, project }: Placed, ending: string): string {
  const folder = project === undefined ? 'learned' : `projects/${project}`;
  return `${memory}/${folder}/${client}-${stemOf(name)}${ending}.md`;
}

function stemOf(name: string): string {
  const stem = safe(name.replace(/\.md$/, ''), 'note');
  return stem === 'MEMORY' ? 'memory' : stem;
}

const longest = 100;
const shortest = 40;

/** A text as a name that every system takes: letters, digits, `-` and `_`. A dot could make it an ending or hide it. */
function safe(text: string, otherwise: string): string {
  const plain = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_]+/gu, '-');
  const characters = [...plain.replace(/^[-_]+|[-_]+$/g, '')];
  const wide = new TextEncoder().encode(characters.join('')).length > longest;
  const name = characters
    .slice(0, wide ? shortest : longest)
    .join('')
    .replace(/[-_]+$/, '');
  if (name === '') return otherwise;
  return unsafeName(name) === undefined ? name : `${otherwise}-${name}`;
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
