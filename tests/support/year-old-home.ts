import { made, shapedSecret } from './canary.ts';

/** Secrets that stand in the home; none may come into a repository, a report or a record. */
export const yearOldSecrets = [
  shapedSecret(1),
  shapedSecret(2),
  made(40, 3),
  made(32, 4),
  made(24, 5),
  shapedSecret(6),
];
const [trackerToken, boardKey, webBearer, argument, inText, provider] = yearOldSecrets;

const skill = (name: string, text: string) => `---\nname: ${name}\ndescription: ${text}\n---\n${text}\n`;

/** The homes of a person who has used both clients for a year, and never Syncline. `home` is where they stand. */
export function yearOldHome(home: string): Record<string, string> {
  return {
    '.codex/config.toml': `# mine
model = "gpt-5"
approval_policy = "on-request"
notify = ["${home}/.codex/notify.sh", "--quiet"]

[tui]
theme = "nord"
model_availability_nux = { "gpt-5" = 3 }

[features]
web_search = true

[mcp_servers.files]   # both have it
command = "files-server"
args = ["--root", "${home}/.codex/files"]

[mcp_servers.files.tools.read]
approval_mode = "approve"

[mcp_servers.tracker]
command = "tracker"
startup_timeout_sec = 20.0
env = { TRACKER_TOKEN = "${trackerToken}", TRACKER_REGION = "eu" }

[mcp_servers.board]
url = "https://board.example.com/mcp"
http_headers = { "X-Api-Key" = "${boardKey}" }

[mcp_servers.search]
command = "search-server"
args = ["--api-key", "${argument}"]

[mcp_servers.notes]
command = "notes"
supports_parallel_tool_calls = true

[model_providers.own]
name = "Own"
base_url = "http://localhost:1/v1"

[model_providers.rented]
name = "Rented"
base_url = "https://models.example.com/v1"
http_headers = { Authorization = "Bearer ${provider}" }

[projects."${home}/code/shop"]
trust_level = "trusted"

[notice]
hide_full_access_warning = true

[hooks.state."${home}/.codex/hooks.json:stop:0:0"]
trusted_hash = "sha256:0"
`,
    '.codex/planner.config.toml': 'model_reasoning_effort = "high"\n',
    '.codex/AGENTS.md': '# How I work\n\n- Short answers.\n- Tests first.\n',
    '.codex/hooks.json': '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say done"}]}]}}\n',
    '.codex/rules/default.rules': 'prefix_rule(pattern = ["git", "status"], decision = "allow")\n',
    '.codex/agents/reviewer.toml':
      'name = "reviewer"\ndescription = "Reviews."\ndeveloper_instructions = "Read the diff."\n',
    '.codex/skills/release/SKILL.md': skill(
      'release',
      'Writes notes. Read {home}/skills/release/how.md first.',
    ).replaceAll('{home}', `${home}/.codex`),
    '.codex/skills/release/how.md': 'Shortly.\n',
    '.codex/skills/.system/theirs/SKILL.md': skill('theirs', 'Of Codex.'),
    '.claude.json': `${JSON.stringify(
      {
        numStartups: 412,
        projects: { [`${home}/code/shop`]: { allowedTools: [], hasTrustDialogAccepted: true } },
        mcpServers: {
          files: { type: 'stdio', command: 'files-server', args: ['--root', `${home}/.claude/files`], env: {} },
          tracker: { command: 'tracker', env: { TRACKER_TOKEN: trackerToken, TRACKER_REGION: 'eu' } },
          web: { type: 'http', url: 'https://web.example.com/mcp', headers: { Authorization: `Bearer ${webBearer}` } },
          notes: { command: 'notes', args: ['--other'] },
        },
      },
      null,
      2,
    )}`,
    '.claude/settings.json': `${JSON.stringify(
      {
        $schema: 'https://json.schemastore.org/claude-code-settings.json',
        model: 'opus',
        env: { EDITOR: 'vi', SHOP_API_KEY: inText },
        permissions: {
          allow: ['Bash(git status)', 'Bash(npm test:*)', `Read(${home}/.claude/skills/**)`],
          deny: ['Read(./.env)'],
          defaultMode: 'acceptEdits',
        },
        hooks: {
          Stop: [{ hooks: [{ type: 'command', command: 'say done' }] }],
          Notification: [{ hooks: [{ type: 'command', command: 'say look' }] }],
        },
        statusLine: { type: 'command', command: `${home}/.claude/line.sh` },
        skipDangerousModePermissionPrompt: true,
      },
      null,
      2,
    )}\n`,
    '.claude/CLAUDE.md': '# How I work\n\n- Short answers.\n- Tests first.\n',
    '.claude/commands/git/tidy.md': '---\ndescription: Tidies commits.\n---\n\nMake them small.\n',
    '.claude/agents/reviewer.md': '---\nname: reviewer\ndescription: Reviews.\n---\nRead the diff.\n',
    '.claude/output-styles/short.md': '---\nname: short\ndescription: Short.\n---\nBe short.\n',
    '.claude/skills/release/SKILL.md': skill(
      'release',
      'Writes notes. Read {home}/skills/release/how.md first.',
    ).replaceAll('{home}', `${home}/.claude`),
    '.claude/skills/release/how.md': 'Shortly.\n',
    '.claude/skills/deploy/SKILL.md': skill('deploy', `Deploys with ${shapedSecret(2)}.`),
    '.claude/skills/own/SKILL.md': skill('own', 'Mine.'),
    '.claude/memories/tea.md': '# Tea\n\nGreen.\n',
    '.claude/memories/global.md': `# Always\n\nNotes are in ${home}/.claude/notes.\n`,
    '.claude/memories/projects/shop.md': '# Shop\n\nPort 3000.\n',
    '.claude/memories/keys.md': `# Keys\n\nThe tracker takes ${shapedSecret(1)}.\n`,
    '.codex/memories/global.md': `# Always\n\nNotes are in ${home}/.codex/notes.\n`,
    '.codex/memories/projects/shop.md': '# Shop\n\nPort 4000.\n',
    '.codex/memories/MEMORY.md': '# Task Group: shop\n\nOf Codex.\n',
  };
}
