import { describe, expect, it } from 'vitest';
import { sharedSource } from './support/adopt-source.ts';
import { type AdoptCase, deployed, type Edit, edit, expectAdopted, homeOf, inSource } from './support/adopt-world.ts';
import { shapedSecret } from './support/canary.ts';
import { sampled } from './support/law-runs.ts';
import { home, repo } from './support/memory-world.ts';

/**
 * `pull-runtime --adopt` of what all clients share, and of what stands in a layer: the edit of one client goes into the
 * file that all get it from, unless that cannot say it.
 */
const setup = 'machine = "work"\nlayers = ["people/ana"]\n';
const config = (from: string | RegExp, to: string): Edit => ({ file: '.codex/config.toml', from, to });
const servers = (from: string | RegExp, to: string): Edit => ({ file: '.claude.json', from, to });
const settings = (from: string | RegExp, to: string): Edit => ({ file: '.claude/settings.json', from, to });
const hooks = (from: string | RegExp, to: string): Edit => ({ file: '.codex/hooks.json', from, to });

const server: readonly AdoptCase[] = [
  {
    name: 'its arguments in Codex, the token kept',
    edits: [config('"--stdio"]', '"--stdio", "--quiet"]')],
    source: { 'shared/mcp.json': [['"--stdio"]', '"--stdio", "--quiet"]']] },
    says: [
      'adopted   codex:config.toml#mcp_servers.files into clients/shared/mcp.json',
      'The next push brings it to:\n  claude:.claude.json#mcpServers.files\n',
    ],
  },
  {
    name: 'its arguments in Claude, the token kept',
    edits: [servers('"--stdio"', '"--stdio", "--quiet"')],
    source: { 'shared/mcp.json': [['"--stdio"]', '"--stdio", "--quiet"]']] },
    says: ['The next push brings it to:\n  codex:config.toml#mcp_servers.files\n'],
  },
  {
    name: 'its arguments in both, alike',
    edits: [servers('"--stdio"', '"--socket"'), config('"--stdio"', '"--socket"')],
    source: { 'shared/mcp.json': [['--stdio', '--socket']] },
  },
  {
    name: 'the path that a token stands in',
    edits: [config('/home/u/.codex/files', '/home/u/.codex/files/all')],
    source: { 'shared/mcp.json': [['}}/files"', '}}/files/all"']] },
  },
  {
    name: 'a variable that Codex passes on',
    edits: [config('env_vars = ["FILES_TOKEN"]', 'env_vars = ["FILES_TOKEN", "FILES_HOST"]')],
    source: {
      'shared/mcp.json': [
        [`"FILES_TOKEN": "\${FILES_TOKEN}"`, `"FILES_TOKEN": "\${FILES_TOKEN}", "FILES_HOST": "\${FILES_HOST}"`],
      ],
    },
  },
  {
    name: 'a variable that Codex passes on no more',
    edits: [config('env_vars = ["FILES_TOKEN"]\n', '')],
    source: { 'shared/mcp.json': [[`, "FILES_TOKEN": "\${FILES_TOKEN}"`, '']] },
  },
  {
    name: 'the environment in Claude',
    edits: [servers('"LEVEL": "1"', '"LEVEL": "2"')],
    source: { 'shared/mcp.json': [['"LEVEL": "1"', '"LEVEL": "2"']] },
  },
  {
    name: 'a timeout in Codex, in seconds there',
    edits: [config('tool_timeout_sec = 60', 'tool_timeout_sec = 1.5')],
    source: { 'shared/mcp.json': [['60000', '1500']] },
  },
  {
    name: 'a timeout in Claude that its own fragment sets',
    edits: [servers('"timeout": 5000', '"timeout": 7000')],
    source: { 'claude/mcp-fragment.json': [['5000', '7000']] },
  },
  {
    name: 'a timeout in Codex that its own fragment sets, the comment kept',
    edits: [config('startup_timeout_sec = 20', 'startup_timeout_sec = 30')],
    source: { 'codex/config-fragment.toml': [['= 20', '= 30']] },
  },
  {
    name: 'a URL that a layer sets',
    edits: [config('https://work.example/web', 'https://work.example/web/v2')],
    source: { 'machines/work/shared/mcp.json': [['example/web', 'example/web/v2']] },
    says: ['into clients/machines/work/shared/mcp.json', 'claude:.claude.json#mcpServers.web'],
  },
  {
    name: 'a header in Codex',
    edits: [config('X-Team = "blue"', 'X-Team = "red"')],
    source: { 'shared/mcp.json': [['"blue"', '"red"']] },
  },
  {
    name: 'the variable of the bearer token in Codex',
    edits: [config('bearer_token_env_var = "WEB_TOKEN"', 'bearer_token_env_var = "OTHER_TOKEN"')],
    source: { 'shared/mcp.json': [[`\${WEB_TOKEN}`, `\${OTHER_TOKEN}`]] },
  },
  {
    name: 'the variable of the bearer token in Claude',
    edits: [servers(`Bearer \${WEB_TOKEN}`, `Bearer \${OTHER_TOKEN}`)],
    source: { 'shared/mcp.json': [[`\${WEB_TOKEN}`, `\${OTHER_TOKEN}`]] },
  },
  {
    name: 'a key that only Codex has becomes Codex’s own',
    edits: [config('env_vars = ["FILES_TOKEN"]', 'env_vars = [{ name = "FILES_TOKEN", source = "remote" }]')],
    source: {
      'codex/config-fragment.toml': [
        [
          'startup_timeout_sec = 20 # slow\n',
          'startup_timeout_sec = 20 # slow\n\n[[mcp_servers.files.env_vars]]\nname = "FILES_TOKEN"\nsource = "remote"\n',
        ],
      ],
    },
    says: ['adopted   codex:config.toml#mcp_servers.files into clients/codex/config-fragment.toml'],
  },
  {
    name: 'a key that both know and one that only Codex has: each where it can be said',
    edits: [
      config('env_vars = ["FILES_TOKEN"]', 'env_vars = [{ name = "FILES_TOKEN", source = "remote" }]'),
      config('"--stdio"]', '"--stdio", "--quiet"]'),
    ],
    source: {
      'shared/mcp.json': [['"--stdio"]', '"--stdio", "--quiet"]']],
      'codex/config-fragment.toml': [
        ['# slow\n', '# slow\n\n[[mcp_servers.files.env_vars]]\nname = "FILES_TOKEN"\nsource = "remote"\n'],
      ],
    },
  },
];

const others: readonly AdoptCase[] = [
  {
    name: 'a shared hook in Codex, its token kept',
    edits: [hooks('/hooks/start.sh', '/hooks/start.sh --quiet')],
    source: { 'shared/hooks.json': [['start.sh', 'start.sh --quiet']] },
    says: ['into clients/shared/hooks.json', 'claude:settings.json#hooks.SessionStart'],
  },
  {
    name: 'a shared hook in Claude, beside another one of its matcher',
    edits: [settings('check --strict', 'check --lax')],
    source: { 'shared/hooks.json': [['--strict', '--lax']] },
    says: ['codex:hooks.json#hooks.PreToolUse'],
  },
  {
    name: 'a timeout of a shared hook in both',
    edits: [settings('"timeout": 5\n', '"timeout": 9\n'), hooks('"timeout": 5\n', '"timeout": 9\n')],
    source: { 'shared/hooks.json': [['"timeout": 5', '"timeout": 9']] },
  },
  {
    name: 'a permission of a layer',
    edits: [settings('Bash(make:*)', 'Bash(make test:*)')],
    source: { 'machines/work/claude/settings-fragment.json': [['make:*', 'make test:*']] },
  },
  {
    name: 'a key of a layer',
    edits: [config('model_verbosity = "high"', 'model_verbosity = "medium"')],
    source: { 'machines/work/codex/config-fragment.toml': [['"high"', '"medium"']] },
  },
  {
    name: 'the block, where a person’s layer stands in it',
    edits: [{ file: '.codex/AGENTS.md', from: 'Ana likes tea.', to: 'Ana likes coffee.' }],
    source: { 'people/ana/shared/instructions.md': [['tea', 'coffee']] },
    says: ['claude:CLAUDE.md#block'],
  },
  {
    name: 'the block, in what all share and in a layer',
    edits: [
      { file: '.claude/CLAUDE.md', from: 'Never guess.', to: 'Never ever guess.' },
      { file: '.claude/CLAUDE.md', from: 'Ana likes tea.', to: 'Ana likes green tea.' },
    ],
    source: {
      'shared/instructions.md': [['Never', 'Never ever']],
      'people/ana/shared/instructions.md': [['tea', 'green tea']],
    },
  },
  {
    name: 'a command in Claude',
    edits: [{ file: '.claude/commands/review.md', from: 'Say what is wrong', to: 'Say briefly what is wrong' }],
    source: { 'shared/commands/review.md': [['Say what', 'Say briefly what']] },
    says: ['codex:skills/review/SKILL.md'],
  },
  {
    name: 'a command in Codex, where it is a skill: its description and its text',
    edits: [
      { file: '.codex/skills/review/SKILL.md', from: '"Reviews a change"', to: '"Reviews one change"' },
      { file: '.codex/skills/review/SKILL.md', from: 'Say what is wrong', to: 'Say briefly what is wrong' },
    ],
    source: {
      'shared/commands/review.md': [
        ['Reviews a change', 'Reviews one change'],
        ['Say what', 'Say briefly what'],
      ],
    },
    says: ['claude:commands/review.md'],
  },
  {
    name: 'an agent in Claude’s Markdown',
    edits: [{ file: '.claude/agents/tester.md', from: 'You write tests.', to: 'You write good tests.' }],
    source: { 'shared/agents/tester.md': [['You write tests', 'You write good tests']] },
    says: ['codex:agents/tester.toml'],
  },
  {
    name: 'an agent in Codex’s TOML: its description and its text, the token kept',
    edits: [
      { file: '.codex/agents/tester.toml', from: '"Writes tests."', to: '"Writes and runs tests."' },
      { file: '.codex/agents/tester.toml', from: 'skills/run.', to: 'skills/run twice.' },
    ],
    source: {
      'shared/agents/tester.md': [
        ['Writes tests.', 'Writes and runs tests.'],
        ['}}/run.', '}}/run twice.'],
      ],
    },
    says: ['claude:agents/tester.md'],
  },
  {
    name: 'Codex’s rules',
    edits: [{ file: '.codex/rules/team.rules', from: '"prompt"', to: '"forbidden"' }],
    source: { 'codex/rules/team.rules': [['"prompt"', '"forbidden"']] },
  },
  {
    name: 'a rule of Claude’s',
    edits: [{ file: '.claude/rules/style.md', from: 'Short', to: 'Very short' }],
    source: { 'claude/rules/style.md': [['Short', 'Very short']] },
  },
  {
    name: 'an output style',
    edits: [{ file: '.claude/output-styles/brief.md', from: 'Be brief.', to: 'Be very brief.' }],
    source: { 'claude/output-styles/brief.md': [['Be brief', 'Be very brief']] },
  },
  {
    name: 'a memory with a byte order mark and CRLF',
    edits: [
      { file: '.claude/memories/global.md', from: 'Speak plainly.\r\n', to: 'Speak plainly.\r\n\r\nAnd briefly.\r\n' },
    ],
    source: { 'shared/memory/global.md': [['plainly.\r\n', 'plainly.\r\n\r\nAnd briefly.\r\n']] },
  },
  {
    name: 'that memory in the block, where it has LF',
    edits: [{ file: '.codex/AGENTS.md', from: 'Speak plainly.\n', to: 'Speak plainly.\nAnd briefly.\n' }],
    source: { 'shared/memory/global.md': [['plainly.\r\n', 'plainly.\r\nAnd briefly.\r\n']] },
  },
  {
    name: 'a memory without a line end at its end',
    edits: [{ file: '.codex/memories/bare.md', from: 'No line end', to: 'Still no line end' }],
    source: { 'shared/memory/bare.md': [['No', 'Still no']] },
  },
];

describe('an edit of a shared server:', () => {
  it.each(sampled(server).map((one) => [one.name, one] as const))('%s', adopts);
});

describe('an edit of', () => {
  it.each(sampled(others).map((one) => [one.name, one] as const))('%s', adopts);
});

async function adopts(_name: string, one: AdoptCase): Promise<void> {
  const world = await deployed(sharedSource, { setup });
  for (const each of one.edits) edit(world, each);
  await expectAdopted(world, one);
}

describe('edits that differ between the clients are shown side by side, and nothing is written:', () => {
  it.each<[string, readonly Edit[], RegExp]>([
    [
      'a server',
      [config('"--stdio"', '"--socket"'), servers('"--stdio"', '"--pipe"')],
      /codex:config\.toml#mcp_servers\.files has\n.*--socket.*claude:\.claude\.json#mcpServers\.files has\n.*--pipe/s,
    ],
    [
      'a hook',
      [hooks('check --strict', 'check --hard'), settings('check --strict', 'check --soft')],
      /codex:hooks\.json.* has\n.*--hard.*claude:settings\.json.* has\n.*--soft/s,
    ],
    [
      'an agent',
      [
        { file: '.codex/agents/tester.toml', from: 'You write tests.', to: 'You plan tests.' },
        { file: '.claude/agents/tester.md', from: 'You write tests.', to: 'You read tests.' },
      ],
      /codex:agents\/tester\.toml has\n.*plan.*claude:agents\/tester\.md has\n.*read/s,
    ],
    [
      'the block',
      [
        { file: '.codex/AGENTS.md', from: 'Never guess.', to: 'Always ask.' },
        { file: '.claude/CLAUDE.md', from: 'Never guess.', to: 'Guess well.' },
      ],
      /codex:AGENTS\.md#block has\n.*Always ask.*claude:CLAUDE\.md#block has\n.*Guess well/s,
    ],
  ])('%s', async (_name, edits, shown) => {
    const world = await deployed(sharedSource, { setup });
    for (const each of edits) edit(world, each);
    const before = [world.memory.snapshot(repo), homeOf(world)];
    const { code, out } = await world.run(['pull-runtime', '--adopt']);
    expect(out).toMatch(shown);
    expect(code).toBe(3);
    expect([world.memory.snapshot(repo), homeOf(world)]).toEqual(before);
  });
});

describe('taken out in one client, and adopted by name, goes from the source:', () => {
  it.each<[string, Edit, string, AdoptCase['source'], string]>([
    [
      'a server, from every file that says something of it',
      servers(/,\s*"web": \{[\s\S]*?\n {4}\}/, ''),
      'claude:.claude.json#mcpServers.web',
      {
        'shared/mcp.json': [
          [/,\n {4}"web": \{[\s\S]*?\n {4}\}/.exec(sharedSource['shared/mcp.json'] ?? '')?.[0] ?? '', ''],
        ],
        'machines/work/shared/mcp.json': [['"web": {"url": "https://work.example/web"}', '']],
      },
      'codex:config.toml#mcp_servers.web',
    ],
    [
      'a hook',
      hooks(/,\s*\{\s*"matcher": "Bash",\s*"hooks": \[\s*\{[^}]*"count"\s*\}\s*\]\s*\}/, ''),
      'codex:hooks.json#hooks.PreToolUse',
      {
        'shared/hooks.json': [
          [',\n      { "matcher": "Bash", "hooks": [ {"type": "command", "command": "count"} ] }', ''],
        ],
      },
      'claude:settings.json#hooks.PreToolUse',
    ],
    [
      'a permission of a layer',
      settings('"Bash(make:*)",', ''),
      'claude:settings.json#permissions.allow',
      { 'machines/work/claude/settings-fragment.json': [[' "Bash(make:*)", ', '']] },
      '',
    ],
  ])('%s', async (_name, change, name, source, also) => {
    const world = await deployed(sharedSource, { setup });
    edit(world, change);
    const all = await world.run(['pull-runtime', '--adopt']);
    expect([all.code, all.out]).toEqual([0, expect.stringContaining('[by-name-only]')]);
    await expectAdopted(world, { names: [name], source, says: [also] });
  });
});

it('a server that another client’s own fragment adds to is not taken out of the source', async () => {
  const world = await deployed(sharedSource, { setup });
  edit(world, servers(/ {4}"files": \{[\s\S]*?\n {4}\},\n/, ''));
  const before = [world.memory.snapshot(repo), homeOf(world)];
  const { code, err } = await world.run(['pull-runtime', '--adopt', 'claude:.claude.json#mcpServers.files']);
  expect(code).toBe(2);
  expect(err).toContain(
    'clients/codex/config-fragment.toml:2: adopting "claude:.claude.json#mcpServers.files" would bring a mistake into clients/codex/config-fragment.toml',
  );
  expect([world.memory.snapshot(repo), homeOf(world)]).toEqual(before);
});

describe('keys that somebody added to a server of ours', () => {
  const added = servers('"LEVEL": "1"', '"LEVEL": "2", "MODE": "fast"');
  const files = 'claude:.claude.json#mcpServers.files';

  it('are left and told by an adoption of all, and of a part of a name', async () => {
    for (const names of [[], ['claude:.claude.json']]) {
      const world = await deployed(sharedSource);
      edit(world, added);
      const { code, out } = await world.run(['pull-runtime', '--adopt', ...names]);
      expect([code, out]).toEqual([0, expect.stringContaining(`"${files}" was given more keys in the runtime`)]);
      expect(world.memory.read(inSource('shared/mcp.json'))).toContain('{"LEVEL": "2", "FILES_TOKEN"');
    }
  });

  it('go to the shared entry with the whole name, so that the other client gets them', async () => {
    const world = await deployed(sharedSource);
    edit(world, added);
    const change = [
      ['"LEVEL": "1"', '"LEVEL": "2"'],
      ['{FILES_TOKEN}"}}', '{FILES_TOKEN}", "MODE": "fast"}}'],
    ] as const;
    await expectAdopted(world, { names: [files], source: { 'shared/mcp.json': change } });
    expect(world.memory.read(`${home}/.codex/config.toml`)).toContain('MODE = "fast"');
  });

  it('that Codex writes as it is used stay there', async () => {
    const world = await deployed(sharedSource);
    const approved = '[mcp_servers.files.tools.read]\napproval_mode = "approve"\n\n[mcp_servers.web]\nrequired = true';
    edit(world, config('[mcp_servers.web]', approved));
    const { code, out } = await world.run(['pull-runtime', '--adopt', 'codex:config.toml#mcp_servers.files']);
    expect([code, out]).toEqual([0, expect.stringContaining('there is nothing to adopt in')]);
    const change = ['"timeout": 60000', '"timeout": 60000,\n      "required": true'] as const;
    const names = ['codex:config.toml#mcp_servers.web'];
    await expectAdopted(world, { names, source: { 'shared/mcp.json': [change] } });
  });

  it('that Claude Code writes when a server is added say nothing', async () => {
    const world = await deployed(sharedSource);
    edit(world, servers('"type": "http"', '"type": "http", "args": []'));
    edit(world, servers('"command": "files-server"', '"type": "stdio", "command": "files-server"'));
    const { code, out } = await world.run(['pull-runtime', '--adopt']);
    expect([code, out]).toEqual([0, expect.not.stringContaining('more keys')]);
  });

  it('are refused with a secret', async () => {
    const world = await deployed(sharedSource);
    edit(world, servers('"LEVEL": "1"', `"LEVEL": "1", "FILES_KEY": "${shapedSecret(5)}"`));
    const { code, err } = await world.run(['pull-runtime', '--adopt', files]);
    expect([code, err]).toEqual([2, expect.stringContaining('[literal-secret]')]);
    expect(err).not.toContain(shapedSecret(5));
  });
});

it('a key that only a Codex agent has is told with the place for it, not carried into the shared agent', async () => {
  const world = await deployed(sharedSource);
  const before = world.memory.snapshot(repo);
  edit(world, { file: '.codex/agents/tester.toml', from: 'description', to: 'model = "acme-large"\ndescription' });
  const { code, err } = await world.run(['pull-runtime', '--adopt']);
  expect([code, err]).toEqual([2, expect.stringContaining('tester.toml:2: "codex:agents/tester.toml" cannot be')]);
  expect(err).toContain('Edit "clients/shared/agents/tester.md" instead, or give this client a file of its own');
  expect(world.memory.snapshot(repo)).toEqual(before);
});
