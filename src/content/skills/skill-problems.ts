import { type Finding, problem } from '../../model/finding.ts';
import { type Frontmatter, lineOfKey, readFrontmatter, splitFrontmatter } from '../frontmatter.ts';
import { unsafePath } from '../names.ts';
import type { OverlayFile } from '../overlay.ts';
import { withoutBom } from '../text.ts';
import { metadataProblem, standardProblems } from './skill-standard.ts';

/** The source files of one skill; their `relative` starts with its name. */
export interface Skill {
  readonly name: string;
  readonly files: readonly OverlayFile[];
}

const longestName = 64;

/** The files that stand in `skills/` itself but belong to no skill. */
export function looseFiles(entries: readonly OverlayFile[]): Finding[] {
  const loose = entries.filter(({ relative }) => !relative.includes('/') && !/^(?:inject|README)\.md$/.test(relative));
  return loose.map(({ relative, file }) => {
    const message = `"${relative}" stands in the skills folder itself, where no client looks for it.`;
    const remedy = 'Move it into the folder of a skill; a skill is a folder with a SKILL.md.';
    return problem('loose-skill-file', message, remedy, { path: file.path, line: 1 });
  });
}

/** What is wrong with a skill as a folder. `unread` are the source paths that could not be read: those are told already. */
export function skillProblems({ name, files }: Skill, unread: ReadonlySet<string>): Finding[] {
  const folder = folderOf(files[0] as OverlayFile, name);
  const names = unsafePath(folder, name, 'refused');
  const inside = files.flatMap(({ relative, file }) =>
    unsafePath(file.path, relative.slice(name.length + 1), 'allowed'),
  );
  const main = unread.has(`${folder}/SKILL.md`) ? [] : mainFileThere(name, folder, files);
  return [...names, ...inside, ...main];
}

function folderOf({ relative, file }: OverlayFile, name: string): string {
  return file.path.slice(0, file.path.length - relative.length) + name;
}

function mainFileThere(name: string, folder: string, files: readonly OverlayFile[]): Finding[] {
  if (files.some(({ relative }) => relative === `${name}/SKILL.md`)) return [];
  const other = files.find(({ relative }) => relative.toLowerCase() === `${name}/skill.md`.toLowerCase());
  const remedy = other
    ? `Rename "${other.relative.slice(name.length + 1)}" to "SKILL.md".`
    : 'Add a SKILL.md with a description, or move the folder away.';
  const message = `The skill "${name}" has no file "SKILL.md".`;
  return [problem('skill-without-main', message, remedy, { path: `${folder}/SKILL.md`, line: 1 })];
}

/** What is wrong with the text of a SKILL.md; `marker` begins an injection. */
export function mainFileProblems(text: string, path: string, skill: string, marker: string): Finding[] {
  const plain = withoutBom(text);
  const add = (code: string, message: string, remedy: string, line = 1) =>
    problem(code, `The SKILL.md of "${skill}" ${message}.`, remedy, { path, line });
  const remedy = 'Save it as UTF-8 without BOM: Codex refuses it.';
  const bom = plain === text ? [] : [add('skill-bom', 'starts with a byte order mark', remedy)];
  const frontmatter = readFrontmatter(plain);
  if (!frontmatter) {
    const start = 'Start it with a line "---", then "description: …", then "---".';
    return [...bom, add('skill-frontmatter', 'has no frontmatter', start)];
  }
  const { body, bodyLine, error, errorLine } = frontmatter;
  const holds = `holds an injection ("${marker}")`;
  const injected = body.startsWith(marker)
    ? [add('marker-in-source', holds, 'Take it out: Syncline sets it itself.', bodyLine)]
    : [];
  if (error === undefined) {
    const standard = standardProblems(frontmatter, { text: plain, path, skill });
    return [...bom, ...injected, ...dataProblems(frontmatter, plain, path, skill), ...standard];
  }
  const broken = `has frontmatter that does not parse: ${error}`;
  return [...bom, ...injected, add('skill-frontmatter', broken, 'Write one "key: value" per line.', errorLine)];
}

/** What stands again of the keys that Codex reads; others it passes over, twice too (0.169, measured). */
function doubledKeys(text: string): { key: string; line: number }[] {
  const seen = new Set<string>();
  const lines = (splitFrontmatter(text)?.yaml ?? '').split('\n');
  return lines.flatMap((content, index) => {
    const key = /^(name|description|metadata)[ \t]*:/.exec(content)?.[1];
    if (key === undefined) return [];
    if (seen.has(key)) return [{ key, line: index + 2 }];
    seen.add(key);
    return [];
  });
}

function dataProblems({ data, readAs }: Frontmatter, text: string, path: string, skill: string): Finding[] {
  const found = (key: string, fault: [message: string, remedy: string] | undefined) =>
    fault
      ? [problem(`skill-${key}`, ...fault, { path, line: data[key] === undefined ? 1 : lineOfKey(key, text) })]
      : [];
  const description = descriptionProblem(data.description, skill);
  const metadata = readAs === 'lines' ? undefined : metadataProblem(data.metadata, skill);
  return [
    ...found('description', description),
    ...found('name', nameProblem(data.name, skill)),
    ...found('metadata', metadata),
    ...doubledKeys(text).map(({ key, line }) => {
      const keep = 'Keep one of them: Codex does not load the skill as it is.';
      return problem('skill-frontmatter', `The SKILL.md of "${skill}" has "${key}" twice.`, keep, { path, line });
    }),
  ];
}

function descriptionProblem(value: unknown, skill: string): [message: string, remedy: string] | undefined {
  if (typeof value === 'string' && value.trim() !== '') return undefined;
  const absent = value === undefined || value === null || typeof value === 'string';
  const message = `The skill "${skill}" has ${absent ? 'no description' : 'a description that is not text'}.`;
  return [message, 'Add "description: …" to its frontmatter: it tells the agent when to use the skill.'];
}

function nameProblem(value: unknown, skill: string): [message: string, remedy: string] | undefined {
  const name = value ?? skill;
  if (typeof name !== 'string') return [`The name of the skill "${skill}" is not text.`, 'Put the name in quotes.'];
  const length = [...name].length;
  if (length <= longestName) return undefined;
  return [
    `The skill name "${name}" has ${length} characters.`,
    `Shorten it: Codex refuses names over ${longestName} characters.`,
  ];
}
