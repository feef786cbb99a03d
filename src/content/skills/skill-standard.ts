import { type Finding, problem } from '../../model/finding.ts';
import { type Frontmatter, lineOfKey } from '../frontmatter.ts';

/** The text of a SKILL.md, and where it stands. */
export interface MainFile {
  readonly text: string;
  readonly path: string;
  readonly skill: string;
}

const [longestDescription, longestCompatibility] = [1024, 500];
const plainName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
// A pattern of Unicode classes takes long to compile, and few names need it.
const nameForm = /^[\p{Ll}\p{Lo}\p{Lm}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{Lm}\p{N}]+)*$/u;

/**
 * What the Agent Skills standard (agentskills.io) asks of a SKILL.md beyond what the clients do, as warnings: other agents
 * that read the same skill may refuse it. What is wrong for a client already is not told twice.
 */
export function standardProblems({ data, readAs }: Frontmatter, file: MainFile): Finding[] {
  const warn = (key: string, code: string, message: string, remedy: string): Finding => ({
    ...problem(code, `${message}.`, remedy, { path: file.path, line: lineOfKey(key, file.text) }),
    severity: 'warning',
  });
  const names = nameWarnings(data.name, file.skill, warn);
  const { description } = data;
  const length = typeof description === 'string' ? [...description].length : 0;
  const tooLong = `The description of the skill "${file.skill}" has ${length} characters`;
  const shorten = `Shorten it: the Agent Skills standard allows ${longestDescription}.`;
  const long = length > longestDescription ? [warn('description', 'skill-description-long', tooLong, shorten)] : [];
  // Without a YAML parser nobody can tell a text from a map.
  return [...names, ...long, ...(readAs === 'lines' ? [] : typeWarnings(data, file.skill, warn))];
}

type Warn = (key: string, code: string, message: string, remedy: string) => Finding;

function nameWarnings(name: unknown, skill: string, warn: Warn): Finding[] {
  if (name === undefined || name === null) {
    const message = `The skill "${skill}" has no name in its frontmatter, which the Agent Skills standard asks for`;
    return [warn('name', 'skill-name-missing', message, `Add "name: ${skill}".`)];
  }
  if (typeof name !== 'string') return [];
  if (!plainName.test(name) && !nameForm.test(name)) {
    const message = `The skill name "${name}" is not in the form of the Agent Skills standard`;
    return [
      warn('name', 'skill-name-form', message, 'Use lower-case letters, digits and single hyphens between them.'),
    ];
  }
  if (name.normalize() === skill.normalize()) return [];
  const message = `The skill in the folder "${skill}" is named "${name}": Claude Code calls it by its folder, Codex by its name`;
  return [warn('name', 'skill-name-differs', message, 'Give the folder and the skill the same name.')];
}

function typeWarnings(data: Frontmatter['data'], skill: string, warn: Warn): Finding[] {
  const asked = (key: string, isRight: boolean, what: string) =>
    data[key] === undefined || isRight
      ? []
      : [
          warn(
            key,
            `skill-${key}`,
            `"${key}" of the skill "${skill}" is not ${what}`,
            `Write ${what}, or take it out.`,
          ),
        ];
  const { license, compatibility, metadata } = data;
  const fits =
    typeof compatibility === 'string' && /\S/.test(compatibility) && [...compatibility].length <= longestCompatibility;
  const values = isMap(metadata) ? Object.values(metadata) : [];
  const nested = values.some((value) => typeof value === 'object' && value !== null);
  const mapped = `The metadata of the skill "${skill}" holds more than texts by name, which is all the standard has there`;
  return [
    ...asked('license', typeof license === 'string', 'a text'),
    ...asked('compatibility', fits, `a text of up to ${longestCompatibility} characters`),
    ...asked('allowed-tools', typeof data['allowed-tools'] === 'string', 'one text with spaces between the tools'),
    ...(nested ? [warn('metadata', 'skill-metadata-values', mapped, 'Write "key: text" below "metadata:" only.')] : []),
  ];
}

/**
 * Why Codex does not load a skill with such metadata, or undefined (Codex 0.169, measured: neither a text nor a list, and
 * `short-description` must be one word or text).
 */
export function metadataProblem(metadata: unknown, skill: string): [message: string, remedy: string] | undefined {
  const remedy = 'Write "key: text" lines below "metadata:": Codex does not load the skill as it is.';
  if (metadata === undefined || metadata === null) return undefined;
  if (!isMap(metadata)) return [`The metadata of the skill "${skill}" is not a map.`, remedy];
  const short = metadata['short-description'];
  if (typeof short !== 'object' || short === null) return undefined;
  return [`"short-description" in the metadata of the skill "${skill}" is not a text.`, remedy];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
