/** What a client puts before its model at the start of every session, as far as it comes from files of its home. */
export interface EverySession {
  /** Files of instructions: the first that is there and not empty is read whole. */
  readonly instructions: readonly string[];
  /** Whether `@path` brings in another file, and comments are taken out. */
  readonly imports: boolean;
  /** A folder of which every Markdown file is read whole, but those that say for which paths they are. */
  readonly rules?: string;
  /** What is listed by its name and description, to be read when it is needed. */
  readonly listed: readonly ListedFiles[];
}

/** Files of which the client lists the frontmatter. */
export interface ListedFiles {
  /** One word for one of them: `skill`. */
  readonly what: string;
  readonly folder: string;
  /** Whether a file is one, by its path below the folder. */
  isOne(relative: string): boolean;
  /** What is listed of one: its path, and what its frontmatter says. */
  listing(path: string, frontmatter: Readonly<Record<string, unknown>>): string;
}

/** Codex 0.169: `AGENTS.override.md` hides `AGENTS.md`; skills are found at any depth and listed with their paths. */
export const codexSession: EverySession = {
  instructions: ['AGENTS.override.md', 'AGENTS.md'],
  imports: false,
  listed: [
    {
      ...{ what: 'skill', folder: 'skills', isOne: (relative) => /(?:^|\/)SKILL\.md$/.test(relative) },
      listing: (path, { name, description }) => `- ${text(name)}: ${text(description)} (file: ${path})`,
    },
  ],
};

/** Claude Code 2.1: skills stand one folder deep; one that only a person may call is not listed. */
export const claudeSession: EverySession = {
  instructions: ['CLAUDE.md'],
  imports: true,
  rules: 'rules',
  listed: [
    { ...{ what: 'skill', folder: 'skills', isOne: (relative) => /^[^/]+\/SKILL\.md$/.test(relative) }, listing },
    { ...{ what: 'command', folder: 'commands', isOne: isMarkdown }, listing },
    { ...{ what: 'agent', folder: 'agents', isOne: isMarkdown }, listing },
  ],
};

function listing(path: string, frontmatter: Readonly<Record<string, unknown>>): string {
  if (frontmatter['disable-model-invocation'] === true) return '';
  const name = path
    .replace(/\/SKILL\.md$|\.md$/, '')
    .split('/')
    .at(-1);
  return `- ${name}: ${text(frontmatter.description)} ${text(frontmatter.when_to_use)}`;
}

function isMarkdown(relative: string): boolean {
  return relative.endsWith('.md');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
