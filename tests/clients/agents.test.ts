import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { SharedFiles } from '../../src/adapters/client.ts';
import { codexAgentFiles, codexAgentProblems } from '../../src/adapters/codex/agents.ts';
import { codexCommandFiles } from '../../src/adapters/codex/commands.ts';
import { ownCommandProblems } from '../../src/adapters/codex/own-commands.ts';
import { claudeAgentProblems } from '../../src/adapters/markdown-problems.ts';
import type { Table } from '../../src/model/value.ts';
import { askAppServer, isAbsent } from '../support/clients.ts';
import { type ClaudeStart, claudeSession, claudeStart, codexRoles, codexSession } from '../support/mock-model.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** Shared agents and commands as the real clients read them, offline. */
type Convert = NonNullable<SharedFiles['convert']>;
type Texts = Readonly<Record<string, string>>;

function home(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('home/work/readme.md', 'A project.\n');
  return sandbox;
}

function writeConverted(sandbox: Sandbox, folder: string, files: SharedFiles, texts: Texts): void {
  for (const [relative, text] of Object.entries(texts)) {
    const { pieces, problems, beside = [] } = (files.convert as Convert)(text, relative);
    expect(problems.filter(({ severity }) => severity === undefined)).toEqual([]);
    const converted = pieces.map((piece) => ('text' in piece ? piece.text : text.slice(piece.start, piece.end)));
    sandbox.write(`home/.codex/${folder}${files.file(relative)}`, converted.join(''));
    for (const other of beside) sandbox.write(`home/.codex/${folder}${other.file}`, other.text);
  }
}

function writeAsTheyAre(sandbox: Sandbox, folder: string, texts: Texts): void {
  for (const [relative, text] of Object.entries(texts)) sandbox.write(`home/${folder}/${relative}`, text);
}

async function inCodex(sandbox: Sandbox, prompt = 'hello') {
  const { requests, err, code } = await codexSession(sandbox.home, `${sandbox.home}/work`, prompt);
  expect(code, err).toBe(0);
  return { request: JSON.stringify(requests[0]), warnings: err };
}

async function inClaude(sandbox: Sandbox): Promise<ClaudeStart> {
  return claudeStart(await claudeSession(sandbox.home, `${sandbox.home}/work`, 'hello'));
}

const agents: Texts = {
  'reviewer.md': '---\nname: reviewer\ndescription: Reads a change: all of it\nmodel: opus\n---\nSay "no" \\d.\n',
  'team/two.md': '\uFEFF---\r\nname: "two words"\r\ndescription: It\'s the second\r\n---\r\nDo\r\nit.\r\n',
  'quotes.md': "---\nname: quotes\ndescription: |\n  First\n  \"second\"\n---\nIt's '''quoted''' and ends in '",
};

/** Faults of agents as the clients have them, and one agent that is good. */
const markdownAgents: Texts = {
  'good.md': '---\nname: good\ndescription: d\n---\nb\n',
  'empty.md': '---\nname: empty\ndescription: d\n---\n',
  'no-frontmatter.md': 'b\n',
  'no-name.md': '---\ndescription: d\n---\nb\n',
  'no-description.md': '---\nname: no-description\n---\nb\n',
  'blank-description.md': '---\nname: blank-description\ndescription: ""\n---\nb\n',
  'number.md': '---\nname: number\ndescription: 5\n---\nb\n',
  'colon.md': '---\nname: with:colon\ndescription: d\n---\nb\n',
  'hooks.md': '---\nname: hooks\ndescription: d\nhooks: 5\n---\nb\n',
  'extra.md': '---\nname: extra\ndescription: d\nfoo: 5\nmodel: nosuch\ncolor: mauve\n---\nb\n',
};

const tomlAgents: Texts = {
  'good.toml': 'name = "good"\ndescription = "d"\ndeveloper_instructions = "x"\n',
  'config.toml':
    'name = "config"\ndescription = "d"\ndeveloper_instructions = "x"\nsandbox_mode = "read-only"\nmodel = "m"\n',
  'no-name.toml': 'description = "d"\ndeveloper_instructions = "x"\n',
  'no-description.toml': 'name = "no-description"\ndeveloper_instructions = "x"\n',
  'blank.toml': 'name = "blank"\ndescription = "d"\ndeveloper_instructions = " "\n',
  'no-instructions.toml': 'name = "no-instructions"\ndescription = "d"\n',
  'sandbox.toml': 'name = "sandbox"\ndescription = "d"\ndeveloper_instructions = "x"\nsandbox_mode = "ro"\n',
  'nickname.toml': 'name = "nickname"\ndescription = "d"\ndeveloper_instructions = "x"\nnickname_candidates = ["A!"]\n',
  'color.toml': 'name = "color"\ndescription = "d"\ndeveloper_instructions = "x"\ncolor = "red"\n',
  'server.toml': 'name = "server"\ndescription = "d"\ndeveloper_instructions = "x"\n[mcp_servers.a]\n',
};

const commands: Texts = {
  'git/commit.md': '---\ndescription: "Commit: all"\nallowed-tools: Bash\n---\nWrite $ARGUMENTS into the log.\n',
  'plain.md': '# Plain work\n\nDo it.\n',
  'deploy.md': '---\ndescription: Brings it out\ndisable-model-invocation: true\n---\nNow to production.\n',
};

describe.skipIf(isAbsent('codex'))('the real Codex', () => {
  it('lists every shared agent, and has nothing to say against one', async () => {
    const sandbox = home();
    writeConverted(sandbox, 'agents/', codexAgentFiles, agents);
    const { request, warnings } = await inCodex(sandbox);
    expect(warnings).not.toContain('malformed agent role');
    const roles = codexRoles(request);
    for (const name of ['reviewer', 'two words', 'quotes']) expect(roles).toContain(`\\n${name}: {`);
    expect(roles).toContain('Reads a change: all of it');
  });

  it('ignores the agents that we refuse, and no other', async () => {
    const sandbox = home();
    writeAsTheyAre(sandbox, '.codex/agents', tomlAgents);
    const { request, warnings } = await inCodex(sandbox);
    const roles = codexRoles(request);
    const loaded = Object.keys(tomlAgents).filter((name) => roles.includes(`\\n${name.replace('.toml', '')}: {`));
    const good = Object.entries(tomlAgents).filter(([, text]) => codexAgentProblems(parse(text) as Table).length === 0);
    expect(warnings).toContain('Ignoring malformed agent role definition');
    expect(loaded.sort()).toEqual(good.map(([name]) => name).sort());
    expect(loaded).toContain('good.toml');
  });

  it('lists a shared command as a skill, and reads it when a person writes its name', async () => {
    const sandbox = home();
    writeConverted(sandbox, '', codexCommandFiles, commands);
    const request = { method: 'skills/list', params: { cwds: [sandbox.home] } };
    const [answer] = (await askAppServer(sandbox.home, [request])) as [
      { data: { skills: { name: string; description: string }[]; errors: unknown[] }[] },
    ];
    const { skills, errors } = answer.data[0] as (typeof answer.data)[number];
    expect(errors).toEqual([]);
    const ours = skills.filter(({ name }) => ['git-commit', 'plain'].includes(name));
    expect(ours.map(({ name, description }) => [name, description]).sort()).toEqual([
      ['git-commit', 'Commit: all'],
      ['plain', 'Plain work'],
    ]);
    const called = await inCodex(sandbox, 'please $git-commit the fix');
    expect(called.request).toContain('Write $ARGUMENTS into the log.');
    const uncalled = (await inCodex(sandbox)).request;
    expect(uncalled).not.toContain('Write $ARGUMENTS into the log.');
    // Only a person may call this one, so Codex does not tell its agent of it.
    expect(uncalled).toContain('Commit: all');
    expect(uncalled).not.toContain('Brings it out');
    expect((await inCodex(sandbox, 'please $deploy')).request).toContain('Now to production.');
  });
});

/** Commands in Codex's own form, by path: some good, some with a fault. */
const ownCommands: Texts = {
  'good.md': '---\nname: good\ndescription: d\n---\nx\n',
  'nameless.md': '---\ndescription: d\n---\nx\n',
  'bare.md': 'Do it.\n',
  'described.md': '---\nname: described\n---\nx\n',
  'marked.md': '\uFEFF---\nname: marked\ndescription: d\n---\nx\n',
};

describe.skipIf(isAbsent('codex'))('commands of its own', () => {
  it('are listed by the real Codex where we take them, and no other', async () => {
    const sandbox = home();
    for (const [relative, text] of Object.entries(ownCommands))
      sandbox.write(`home/.codex/${codexCommandFiles.file(relative)}`, text);
    const request = { method: 'skills/list', params: { cwds: [sandbox.home] } };
    const [answer] = (await askAppServer(sandbox.home, [request])) as [{ data: { skills: { name: string }[] }[] }];
    const names = Object.keys(ownCommands).map((relative) => relative.replace('.md', ''));
    const listed = answer.data[0]?.skills.map(({ name }) => name).filter((name) => names.includes(name));
    const taken = Object.entries(ownCommands).filter(([name, text]) => ownCommandProblems(text, name).length === 0);
    expect(listed?.sort()).toEqual(taken.map(([name]) => name.replace('.md', '')).sort());
    expect(listed).toEqual(['good', 'nameless']);
  });
});

describe.skipIf(isAbsent('claude'))('the real Claude Code', () => {
  it('lists every shared agent and command', async () => {
    const sandbox = home();
    writeAsTheyAre(sandbox, '.claude/agents', agents);
    writeAsTheyAre(sandbox, '.claude/commands', commands);
    const { agents: listed, slash_commands } = await inClaude(sandbox);
    expect(listed).toEqual(expect.arrayContaining(['reviewer', 'two words', 'quotes']));
    expect(slash_commands).toEqual(expect.arrayContaining(['git:commit', 'plain']));
  });

  it('skips the agents that we refuse, and no other', async () => {
    const sandbox = home();
    writeAsTheyAre(sandbox, '.claude/agents', markdownAgents);
    const before = (await inClaude(home())).agents;
    const loaded = (await inClaude(sandbox)).agents.filter((name) => !before.includes(name));
    const good = Object.entries(markdownAgents).filter(([name, text]) => claudeAgentProblems(text, name).length === 0);
    expect(loaded.sort()).toEqual(good.map(([name]) => name.replace('.md', '')).sort());
    expect(loaded).toEqual(['empty', 'extra', 'good']);
  });
});
