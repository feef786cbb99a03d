import { numbersFrom, prose, sentence } from './words.ts';

/** Files as `[path, text]`. */
export type Files = Iterable<readonly [path: string, text: string]>;

const filesPerSkill = 10;

/** So many files of skills, ten in each, 1 to 3 KB long, without tokens; paths begin with `skills/`. */
export function* skillFiles(count: number): Files {
  for (let index = 0; index < count; index += 1) {
    const skill = `skill-${Math.floor(index / filesPerSkill)}`;
    const part = index % filesPerSkill;
    const length = 1000 + Math.floor(numbersFrom(index)() * 2000);
    yield part === 0
      ? [`skills/${skill}/SKILL.md`, skillText(skill, index, length)]
      : [`skills/${skill}/notes/${part}.md`, prose(index, length)];
  }
}

/** A SKILL.md. */
export function skillText(name: string, seed: number, length: number, end = ''): string {
  return `---\nname: ${name}\ndescription: ${sentence(seed)}\n---\n\n# ${name}\n\n${prose(seed, length)}${end}`;
}
