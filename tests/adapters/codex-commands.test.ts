import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Converted } from '../../src/adapters/client.ts';
import { codexCommandFiles } from '../../src/adapters/codex/commands.ts';
import { ownCommandProblems } from '../../src/adapters/codex/own-commands.ts';
import { claudeCommandProblems } from '../../src/adapters/markdown-problems.ts';
import { readFrontmatter } from '../../src/content/frontmatter.ts';
import { takenOver, textOf, toldOf } from './converted.ts';

const convert = (text: string, relative = 'git/commit.md') => codexCommandFiles.convert?.(text, relative) as Converted;
const skillOf = (text: string, relative?: string) => textOf(text, convert(text, relative));
const told = (text: string, relative?: string) => toldOf(convert(text, relative));

const commit = `---
description: Commit what is staged
argument-hint: [message]
allowed-tools: Bash(git commit:*)
model: haiku
---

# Commit

Now: !\`git status\`
Read @docs/style.md and commit with $ARGUMENTS; the first word is $0.
`;

describe('a shared command as a skill of Codex', () => {
  it('has a name, a description, word of its arguments, and the body as it stands', () => {
    expect(skillOf(commit)).toBe(`---
name: "git-commit"
description: "Commit what is staged"
---
\`$ARGUMENTS\` stands for what the user writes after \`$git-commit\`, \`$0\` for its first word, \`$1\` for the second. The user is to write: \`$git-commit [message]\`


# Commit

Now: !\`git status\`
Read @docs/style.md and commit with $ARGUMENTS; the first word is $0.
`);
    expect(takenOver(commit, convert(commit))).toEqual(['Commit what is staged', commit.slice(commit.indexOf('\n# '))]);
  });

  it('stands in a folder of its own, named after the path', () => {
    expect(codexCommandFiles.file('git/commit.md')).toBe('skills/git-commit/SKILL.md');
    expect(codexCommandFiles.folder?.('git/commit.md')).toBe('skills/git-commit');
    expect(codexCommandFiles.file('x.md')).toBe('skills/x/SKILL.md');
  });

  it('is not for the agent to use by itself where the command is not', () => {
    const withKey = (line: string) => convert(`---\ndescription: d\n${line}\n---\nx`);
    const beside = [
      { file: 'skills/git-commit/agents/openai.yaml', text: expect.stringMatching(/invocation: false\n$/) },
    ];
    for (const yes of ['true', '"true"']) {
      expect(withKey(`disable-model-invocation: ${yes}`)).toMatchObject({ beside, problems: [] });
    }
    expect(withKey('disable-model-invocation: true\nargument-hint: [a] [b]')).toMatchObject({ beside, problems: [] });
    for (const no of ['disable-model-invocation: false', 'disable-model-invocation:', 'name: x']) {
      expect(withKey(no)).toMatchObject({ beside: [], problems: [] });
    }
  });

  it('says what is lost, and where', () => {
    expect(told(commit)).toEqual([
      ['command-tools-lost', 'warning', 4],
      ['command-model-lost', 'note', 5],
      ['command-shell-lost', 'warning', 10],
      ['command-file-lost', 'note', 11],
    ]);
    expect(told('---\ndescription: d\nhooks: {}\n---\nx')).toEqual([['command-key-lost', 'note', 3]]);
    expect(told('Mail a@b.org about `!important` and @someone, @ home.\n')).toEqual([]);
  });

  it('is described by its first heading or line when it has no description', () => {
    expect(skillOf('Do it now\n', 'x.md')).toBe('---\nname: "x"\ndescription: "Do it now"\n---\nDo it now\n');
    expect(skillOf('text\n# Title\n', 'x.md')).toContain('description: "Title"\n');
    expect(skillOf('', 'x.md')).toBe('---\nname: "x"\ndescription: "x"\n---\n');
    expect(skillOf('---\ndescription: 5\n---\nSome\n', 'x.md')).toContain('description: "Some"\n');
  });

  it('names the arguments that the frontmatter names, where the text uses them', () => {
    const text = '---\ndescription: d\narguments: [issue, branch, unused]\n---\nTake $issue to $branch\n';
    expect(skillOf(text, 'x.md')).toContain('after `$x` are, in this order: `$issue`, `$branch`.');
    expect(skillOf('costs \\$1 and $HOME\n', 'x.md')).toBe(
      '---\nname: "x"\ndescription: "costs \\\\$1 and $HOME"\n---\ncosts \\$1 and $HOME\n',
    );
  });

  it('is no skill under a name that nobody can call', () => {
    for (const name of ['with space.md', 'é.md', 'a.b.md', `${'x'.repeat(65)}.md`]) {
      expect(told('x', name)).toEqual([['command-name', 'error', 1]]);
    }
    expect(told('x', `${'x'.repeat(64)}.md`)).toEqual([]);
  });

  it('is an error in both clients when its frontmatter does not parse', () => {
    const text = '---\ndescription: d\n}{\n---\nx';
    expect(toldOf({ problems: claudeCommandProblems(text, 'x.md') })).toEqual([['command-frontmatter', 'error', 3]]);
    expect(told(text)).toEqual([['command-frontmatter', 'error', 3]]);
    expect(claudeCommandProblems('x', 'x.md')).toEqual([]);
  });

  it('keeps a byte order mark and CRLF out of the frontmatter, and the body to the character', () => {
    const text = '\uFEFF---\r\ndescription: d\r\n---\r\nOne\r\nTwo';
    expect(skillOf(text, 'x.md')).toBe('---\nname: "x"\ndescription: "d"\n---\nOne\r\nTwo');
    expect(skillOf('\uFEFFOne', 'x.md')).toBe('---\nname: "x"\ndescription: "One"\n---\nOne');
  });

  it('has a description of one line, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (words) => {
        fc.pre(words.trim() !== '');
        const text = `---\ndescription: ${JSON.stringify(words)}\n---\nbody`;
        const skill = readFrontmatter(skillOf(text, 'x.md'));
        expect(skill?.data).toEqual({ name: 'x', description: words.replace(/\s+/g, ' ').trim() });
        expect(skill?.body).toBe('body');
      }),
    );
  });
});

describe("a command in Codex's own form", () => {
  const codes = (text: string, relative = 'git/commit.md') =>
    ownCommandProblems(text, relative).map(({ code, line }) => [code, line]);

  it('is the text of a SKILL.md, and refused where Codex would pass over it', () => {
    expect(codes('---\nname: git-commit\ndescription: d\n---\nx\n')).toEqual([]);
    expect(codes('---\ndescription: d\n---\n')).toEqual([]);
    expect(codes('Commit it.\n')).toEqual([['skill-frontmatter', 1]]);
    expect(codes('\uFEFF---\ndescription: d\n---\nx\n')).toEqual([['skill-bom', 1]]);
    expect(codes('---\nname: x\n---\nx\n')).toEqual([['skill-description', 1]]);
    expect(codes('---\ndescription: d\n---\nx\n', 'two words.md')).toEqual([['command-name', 1]]);
  });
});
