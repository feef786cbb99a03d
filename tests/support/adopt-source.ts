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

/** A `clients/` in which everything is shared that can be, with layers over it. */
export const sharedSource: Readonly<Record<string, string>> = {
  'shared/mcp.json': `{
  "mcpServers": {
    "files": {"command": "files-server", "args": ["--root", "{{client.home}}/files", "--stdio"], "env": {"LEVEL": "1", "FILES_TOKEN": "\${FILES_TOKEN}"}},
    "web": {
      "type": "http",
      "url": "https://mcp.example/web",
      "headers": { "Authorization": "Bearer \${WEB_TOKEN}", "X-Team":   "blue" },
      "timeout": 60000
    }
  }
}
`,
  'codex/config-fragment.toml': '# only for Codex\n[mcp_servers.files]\nstartup_timeout_sec = 20 # slow\n',
  'claude/mcp-fragment.json': '{"mcpServers": {"files": {"timeout": 5000}}}\n',
  'shared/hooks.json': `{
  "hooks": {
    "SessionStart": [ { "hooks": [ {"type": "command", "command": "{{client.home}}/hooks/start.sh", "timeout": 5} ] } ],
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [ {"type": "command", "command": "check --strict"} ] },
      { "matcher": "Bash", "hooks": [ {"type": "command", "command": "count"} ] }
    ]
  }
}
`,
  'shared/instructions.md': 'Answer in English.\n\nNever guess.\n',
  'shared/commands/review.md':
    '---\ndescription: Reviews a change   # for all\nargument-hint: <file>\n---\nLook at $ARGUMENTS.\n\nSay what is wrong, {{client.name}}.\n',
  'shared/agents/tester.md':
    '---\nname: tester\ndescription: Writes tests.\nmodel: opus\n---\nYou write tests.\n\nRun them with {{path.skills}}/run.\n',
  'codex/rules/team.rules': '# ours\nprefix_rule(pattern = ["git", "push"], decision = "prompt")\n',
  'claude/rules/style.md': '# Style\n\nShort names.\n',
  'claude/output-styles/brief.md': '---\nname: brief\n---\nBe brief.\n',
  'shared/memory/global.md': '\uFEFF# Global\r\n\r\nSpeak plainly.\r\n',
  'shared/memory/bare.md': 'No line end',
  'machines/work/shared/mcp.json': '{"mcpServers": {"web": {"url": "https://work.example/web"}}}\n',
  'machines/work/codex/config-fragment.toml': 'model_verbosity = "high" # at work\n',
  'machines/work/claude/settings-fragment.json': '{ "permissions": {"allow": [ "Bash(make:*)",  "Bash(ls)" ]} }\n',
  'people/ana/shared/instructions.md': 'Ana likes tea.\n',
};
