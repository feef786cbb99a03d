/** A `clients/` with a unit of every kind, comments, tokens, odd spacing: what adoption must leave alone. */
export const adoptSource: Readonly<Record<string, string>> = {
  'codex/config-fragment.toml': `# what all of us want
model_verbosity = "low"   # short answers

[mcp_servers.team] # ours
command = "team-server"
args = [
  "--stdio",  # no port
]
startup_timeout_sec = 20
`,
  'codex/profiles/fast.toml': '# the small one\nmodel = "acme-small"\n',
  'codex/instructions.md': '\r\nSkills are in {{path.skills}}.\r\n\r\nAsk before you publish.\r\n\r\n',
  'codex/memory/projects/site.md': '# Site\n\nThe site is static, says {{client.name}}.\n',
  'claude/settings-fragment.json': `{
    "cleanupPeriodDays": 40,
    "env": {"TEAM_MODE": "on"},
    "permissions": {"deny": ["Read(./.env)", "Read(./secrets/**)"]},
    "hooks": {
        "SessionStart": [
            {"hooks": [{"type": "command", "command": "{{client.home}}/hooks/start.sh"}]}
        ]
    }
}
`,
  'claude/mcp-fragment.json': `{"mcpServers": {
  "team": { "command": "team-server", "args": ["--stdio"], "env": { "TEAM_PORT": "4000" } }
}}
`,
  'claude/instructions.md': 'Mind the {{var.team}} team.\n',
  'shared/instructions.md': 'Answer in English.\n\n\nNever guess.   \n',
  'shared/vars.toml': 'team = "blue"\n',
  'shared/memory/global.md': '# Global\n\nSpeak plainly.\n\nYou are {{client.name}} of {{ var.team }}.\n',
  'shared/memory/conventions.md': '---\ntitle: conventions\n---\n\n# Conventions\n\nTwo spaces.\n',
  'shared/memory/projects/site.md': '# Site\n\nThe site is static.\n',
  'shared/skills/inject.md': 'Report to {{var.team}}.\n',
  'shared/skills/greet/SKILL.md':
    '---\nname: greet\ndescription: Greets people.\n---\n# Greet\n\nRun {{path.skills}}/{{skill.name}}/scripts/greet.sh.\n\nBe kind.\n',
  'shared/skills/greet/scripts/greet.sh': '#!/bin/sh\necho hello\n',
};
