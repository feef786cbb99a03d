import type { Files } from './skills.ts';
import { json } from './source.ts';
import { prose, sentence } from './words.ts';

/** The home of a person who has used both clients for a year, before the first push. */
export function* normalHome(): Files {
  yield ['.claude.json', claudeState(213_000)];
  yield ['.codex/config.toml', codexConfig()];
  yield ['.codex/AGENTS.md', `# How I work\n\n${prose(700, 300)}`];
  yield ['.claude/CLAUDE.md', `# How I work\n\n${prose(701, 300)}`];
  yield ['.claude/settings.json', json({ model: 'opus', permissions: { allow: ['Bash(ls:*)'] } })];
}

/** Claude Code's state, exactly so long: mostly what it remembers of projects. */
export function claudeState(bytes: number): string {
  const projects: Record<string, unknown> = {};
  const textWith = (cachedChangelog: string) => json({ ...claudeSettings, projects, cachedChangelog });
  let size = textWith('').length;
  for (let index = 0; ; index += 1) {
    const [path, project] = [`/code/project-${index}`, claudeProject(index)];
    // In the file it stands two levels deeper, after its path and before a comma.
    const lines = json(project).trimEnd().split('\n');
    const added = lines.join('').length + 5 * lines.length + path.length + 5;
    if (size + added > bytes) break;
    projects[path] = project;
    size += added;
  }
  return textWith('x'.repeat(bytes - textWith('').length));
}

const claudeSettings = {
  ...{ numStartups: 100_412, theme: 'dark' },
  mcpServers: { mine: { command: 'mine', args: ['--port', '4100'], env: { MINE_LEVEL: 'low' } } },
};

function claudeProject(seed: number) {
  return {
    allowedTools: ['Bash(npm test:*)', 'Bash(git log:*)'],
    history: Array.from({ length: 24 }, (_, index) => ({ display: sentence(seed * 31 + index), pastedContents: {} })),
    mcpServers: {},
    hasTrustDialogAccepted: seed % 2 === 0,
    lastCost: seed * 1.25,
  };
}

/** Codex's settings as a person and Codex have written them: 73 lines. */
function codexConfig(): string {
  const head = [...codexHead.split('\n')];
  const rest = Array.from({ length: Math.ceil((73 - head.length) / 3) }, (_, index) => codexProject(index));
  return `${[...head, ...rest.join('').split('\n')].slice(0, 73).join('\n')}\n`;
}

/** Settings of at least so many bytes: projects that are trusted, and a server with what was allowed for its tools. */
export function codexState(bytes: number): string {
  const parts = [codexHead, '\n'];
  let size = codexHead.length;
  for (let index = 0; size < bytes; index += 1) {
    const part = index % 4 === 3 ? codexServer(index) : codexProject(index);
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}

const codexHead = `# Mine, and I like it so.
model = "gpt-5"
approval_policy = "on-request"   # asks
notify = ["notify", "--quiet"]

[tui]
theme = "nord"
notifications = [
  "agent-turn-complete",
  "approval-requested",   # both
]

[features]
web_search_request = true

[mcp_servers.mine]
command = "mine"
args = ["--port", "4100"]
startup_timeout_sec = 20.0
env = { MINE_LEVEL = "low" }

[mcp_servers.mine.tools.read]
approval_mode = "approve"

[notice]
hide_full_access_warning = true`;

const codexProject = (index: number) => `\n[projects."/code/project-${index}"]\ntrust_level = "trusted"\n`;

const codexServer = (index: number) => `
[mcp_servers.server-${index}]   # ${sentence(index)}
command = "server-${index}"
args = ["--port", "${4100 + index}", "--note", '${sentence(index)}']
env = { LEVEL = "low", REGION = "eu" }
startup_timeout_sec = ${index % 60}

[mcp_servers.server-${index}.tools.read]
approval_mode = "approve"
`;
