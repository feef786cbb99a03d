import { titleOf } from '../../content/instructions/memories.ts';
import type { Converted, ConvertedPiece, SharedFiles, TextProblem } from '../client.ts';
import { claudeCommandProblems, hasWords } from '../markdown-problems.ts';
import {
  bodyPiece,
  type LostKey,
  lostKeys,
  type MarkdownSource,
  quoted,
  quotedPieces,
  readMarkdown,
} from '../markdown-source.ts';

/** `clients/shared/commands/*.md`, Claude's slash commands, as skills: a person calls one in Codex as `$name`. */
export const codexCommandFiles: SharedFiles = {
  extension: '.md',
  file: (relative) => `${folderOf(relative)}/SKILL.md`,
  folder: folderOf,
  convert,
};

function folderOf(relative: string): string {
  return `skills/${skillName(relative)}`;
}

/** The name of the skill that a command becomes, from its path below the folder. */
export function skillName(relative: string): string {
  return relative.replace(/\.md$/, '').replaceAll('/', '-');
}

const lost: Readonly<Record<string, LostKey>> = {
  'allowed-tools': {
    ...{ code: 'command-tools-lost', severity: 'warning' },
    effect: 'it asks for tools and commands as its approval policy says',
  },
  'disallowed-tools': {
    ...{ code: 'command-tools-lost', severity: 'warning' },
    effect: 'a skill may use every tool of the session',
  },
  model: { code: 'command-model-lost', severity: 'note', effect: 'a skill runs on the model of the session' },
};
const other = { code: 'command-key-lost', effect: 'a skill has nothing like it' };
/** `name` is nothing to Claude Code: the file's name counts. */
const kept = ['name', 'description', 'argument-hint', 'arguments', 'disable-model-invocation'];

function convert(text: string, relative: string): Converted {
  const source = readMarkdown(text);
  const name = skillName(relative);
  const problems = [...nameProblems(name), ...claudeCommandProblems(text, relative)];
  if (problems.length > 0) return { pieces: [], problems };
  const { description } = source.data;
  const pieces: ConvertedPiece[] = [
    { text: `---\nname: ${quoted(name)}\ndescription: ` },
    ...(hasWords(description)
      ? quotedPieces(source, 'description', description.replace(/\s+/g, ' ').trim())
      : [{ text: quoted(titleOf(text, relative)) }]),
    { text: '\n---\n' },
    ...argumentsPiece(source, name),
    bodyPiece(source),
  ];
  const lostHere = [...lostKeys(source, kept, lost, other), ...lostInBody(source)];
  return { pieces, problems: lostHere, beside: onlyWhenCalled(source, relative) };
}

/** Codex has no key in a SKILL.md that keeps its agent from using the skill by itself. */
function onlyWhenCalled({ data }: MarkdownSource, relative: string): NonNullable<Converted['beside']> {
  if (String(data['disable-model-invocation']) !== 'true') return [];
  const text = 'policy:\n  allow_implicit_invocation: false\n';
  return [{ file: `${folderOf(relative)}/agents/openai.yaml`, text }];
}

const longestName = 64;

/** Why nobody could call a skill of this name. */
export function nameProblems(name: string): TextProblem[] {
  const remedy = 'Rename the file, or the folders that it stands in.';
  if (name.length > longestName) {
    const message = `As a skill of Codex the command is named "${name}": ${name.length} characters, and ${longestName} are allowed.`;
    return [{ code: 'command-name', line: 1, message, remedy }];
  }
  if (/^[A-Za-z0-9_-]+$/.test(name)) return [];
  const message = `As a skill of Codex the command is named "${name}", which nobody can call: "$" takes letters, digits, "-" and "_".`;
  return [{ code: 'command-name', line: 1, message, remedy }];
}

const argument = /(?<!\\)\$(?:ARGUMENTS\b|\d)/;

/** Claude Code puts what a person types after the command into the text; Codex does not, so the agent is told how to read it. */
function argumentsPiece({ body, data }: MarkdownSource, name: string): ConvertedPiece[] {
  const names = wordsOf(data.arguments).filter((word) => new RegExp(`\\$${word}\\b`).test(body));
  const hint = hintOf(data['argument-hint']);
  const told = [
    ...(argument.test(body)
      ? [
          `\`$ARGUMENTS\` stands for what the user writes after \`$${name}\`, \`$0\` for its first word, \`$1\` for the second.`,
        ]
      : []),
    ...(names.length > 0
      ? [
          `The words that the user writes after \`$${name}\` are, in this order: ${names.map((word) => `\`$${word}\``).join(', ')}.`,
        ]
      : []),
    ...(hint === '' ? [] : [`The user is to write: \`$${name} ${hint}\``]),
  ];
  return told.length > 0 ? [{ text: `${told.join(' ')}\n\n` }] : [];
}

function wordsOf(value: unknown): string[] {
  const words = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(/\s+/) : [];
  return words.filter((word) => /^\w+$/.test(word));
}

/** `argument-hint: [file]` is a list to YAML, and a text to those who write it. */
function hintOf(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.join(', ')}]` : typeof value === 'string' ? value : '';
  return text.replace(/[`\s]+/g, ' ').trim();
}

const inBody: readonly (readonly [pattern: RegExp, problem: Omit<TextProblem, 'line'>])[] = [
  [
    /(?:^|\s)!`[^`]+`|^```!/,
    {
      ...{ code: 'command-shell-lost', severity: 'warning' },
      message: 'Codex does not run the command in "!`…`" before it reads the text: the agent only sees it.',
      remedy: 'Say in words that the command is to be run first, or leave it.',
    },
  ],
  [
    /(?:^|\s)@(?=[\w.~/-]*[./~])[\w.~/-]+/,
    {
      ...{ code: 'command-file-lost', severity: 'note' },
      message: 'Codex does not put the content of an "@file" into the text: the agent only sees the name.',
      remedy: 'Nothing, if the agent will read the file by itself; otherwise say so in words.',
    },
  ],
];

function lostInBody({ body, bodyLine }: MarkdownSource): TextProblem[] {
  const lines = body.split('\n');
  return inBody.flatMap(([pattern, problem]) => {
    const index = lines.findIndex((line) => pattern.test(line));
    return index < 0 ? [] : [{ ...problem, line: bodyLine + index }];
  });
}
