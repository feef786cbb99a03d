import { shapedSecret } from './canary.ts';
import type { Sandbox } from './sandbox.ts';

/** One mistake of a source: its code, its file below `clients/`, and a text that only its line holds, or the line. */
export type Mistake = readonly [code: string, path: string, line: string | number];

const leaks = Array.from({ length: 12 }, (_, salt) => shapedSecret(salt));
export const leakedSecrets: readonly string[] = leaks;

const longName = 'n'.repeat(65);
const skill = (body: string) => `---\ndescription: Does it.\n---\n${body}\n`;

/** A `clients/` with every mistake that can stand beside the others. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  'codex/config-fragment.toml': `model = 5
profile = "work"

[mcp_servers.both]
command = "a"
url = "https://mcp.example.com/mcp"

[mcp_servers.neither]
enabled = true

[mcp_servers.typo]
command = "a"
comand = "b"

[mcp_servers.leak]
command = "a"
args = [
  "--stdio",
  "--api-key=${leaks[0]}",
]

[mcp_servers.leak.env]
API_TOKEN = "${leaks[1]}"

[mcp_servers.web]
url = "https://mcp.example.com/mcp"
http_headers = { Authorization = "Bearer ${leaks[2]}" }

[model_providers.openai]
name = "Mine"

[model_providers.old]
name = "Old"
wire_api = "chat"

[model_providers.nameless]
base_url = "https://models.example.com/v1"
`,
  'codex/profiles/broken.toml': 'model = "a"\n\nmodel_provider = \n',
  'codex/profiles/refused.toml': `model = "a"\n[mcp_servers.x]\ncommand = "a"\nurl = "https://mcp.example.com"\n`,
  'codex/instructions.md': `Hello.\n\n{{var.nowhere}}\nUse ${leaks[3]} for it.\n`,
  'codex/vars.toml': 'team = "blue"\nroom = \n',
  'claude/settings-fragment.json': `{
  "permissions": {
    "allow": "all",
    "deny": [
      "Read(./a)",
      "Read(./b)",
      "Read(./a)"
    ]
  },
  "env": { "API_TOKEN": "${leaks[4]}" }
}
`,
  'claude/mcp-fragment.json': `{
  "mcpServers": {
    "typo": { "command": "a",
      "comand": "b" },
    "both": { "command": "a", "url": "https://mcp.example.com/mcp" },
    "web": {
      "type": "http",
      "url": "https://mcp.example.com/mcp",
      "headers": { "Authorization": "Bearer ${leaks[5]}" }
    },
    "leak": { "command": "a",
      "args": ["--api-key", "${leaks[6]}"] }
  }
}
`,
  'claude/instructions.md': 'Hello {{client.nam}}.\n',
  'shared/vars.toml': `city = "Ulm"\nmy_token = "${leaks[7]}"\n`,
  'shared/memory/MEMORY.md': 'a\n',
  'shared/memory/memory_summary.md': 'a\n',
  'shared/memory/raw_memories.md': 'a\n',
  'shared/memory/rollout_summaries/a.md': 'a\n',
  'shared/memory/extensions/a.md': 'a\n',
  'shared/memory/skills/a.md': 'a\n',
  'shared/memory/global.md': `# Global\n\nThe token is ${leaks[8]}.\n`,
  'shared/memory/notes.md': 'a\nb {{path.memori}}\n',
  'shared/memory/latin.md': Uint8Array.of(0x61, 0xe9, 0x0a),
  'shared/skills/inject.md': `Call {{skill.nam}}\nwith ${leaks[9]}.\n`,
  'shared/skills/no-main/notes.txt': 'a\n',
  'shared/skills/no-description/SKILL.md': '---\nname: a\n---\na\n',
  'shared/skills/long-name/SKILL.md': `---\ndescription: Does it.\nname: ${longName}\n---\na\n`,
  [`shared/skills/${longName}/SKILL.md`]: skill('a'),
  'shared/skills/bom/SKILL.md': `\uFEFF${skill('a')}`,
  'shared/skills/leak/SKILL.md': skill(`a\n${leaks[10]}`),
  'shared/skills/leak/run.sh': `#!/bin/sh\ncurl -H "Authorization: Bearer ${leaks[11]}" https://example.com\n`,
  'shared/skills/token/SKILL.md': skill('a\n{{skill.title}}'),
  'shared/skills/twins/SKILL.md': skill('a'),
  'shared/skills/twins/Notes.md': 'a\n',
  'shared/skills/twins/notes.md': 'a\n',
  'shared/skills/link/SKILL.md': skill('a'),
};

/** Every mistake of `files` and of the one link. */
export const mistakes: readonly Mistake[] = [
  ['wrong-shape', 'codex/config-fragment.toml', 'model = 5'],
  ['client-refuses', 'codex/config-fragment.toml', 'profile ='],
  ['client-refuses', 'codex/config-fragment.toml', '[mcp_servers.both]'],
  ['client-refuses', 'codex/config-fragment.toml', '[mcp_servers.neither]'],
  ['unknown-key', 'codex/config-fragment.toml', 'comand ='],
  ['literal-secret', 'codex/config-fragment.toml', '--api-key='],
  ['literal-secret', 'codex/config-fragment.toml', 'API_TOKEN'],
  ['literal-secret', 'codex/config-fragment.toml', 'http_headers'],
  ['client-refuses', 'codex/config-fragment.toml', '[model_providers.openai]'],
  ['client-refuses', 'codex/config-fragment.toml', 'wire_api'],
  ['client-refuses', 'codex/config-fragment.toml', '[model_providers.nameless]'],
  ['malformed-source', 'codex/profiles/broken.toml', 'model_provider ='],
  ['client-refuses', 'codex/profiles/refused.toml', '[mcp_servers.x]'],
  ['unknown-token', 'codex/instructions.md', '{{var.nowhere}}'],
  ['literal-secret', 'codex/instructions.md', 'Use '],
  ['malformed', 'codex/vars.toml', 'room'],
  ['wrong-shape', 'claude/settings-fragment.json', '"allow"'],
  ['two-sources', 'claude/settings-fragment.json', 7],
  ['literal-secret', 'claude/settings-fragment.json', 'API_TOKEN'],
  ['unknown-key', 'claude/mcp-fragment.json', '"comand"'],
  ['client-refuses', 'claude/mcp-fragment.json', '"both"'],
  ['literal-secret', 'claude/mcp-fragment.json', '"headers"'],
  ['literal-secret', 'claude/mcp-fragment.json', '"args"'],
  ['unknown-token', 'claude/instructions.md', 1],
  ['literal-secret', 'shared/vars.toml', 'my_token'],
  ['reserved-memory', 'shared/memory/MEMORY.md', 1],
  ['reserved-memory', 'shared/memory/memory_summary.md', 1],
  ['reserved-memory', 'shared/memory/raw_memories.md', 1],
  ['reserved-memory', 'shared/memory/rollout_summaries/a.md', 1],
  ['reserved-memory', 'shared/memory/extensions/a.md', 1],
  ['reserved-memory', 'shared/memory/skills/a.md', 1],
  ['literal-secret', 'shared/memory/global.md', 'The token'],
  ['unknown-token', 'shared/memory/notes.md', '{{path.memori}}'],
  ['not-utf8', 'shared/memory/latin.md', 1],
  ['unknown-token', 'shared/skills/inject.md', '{{skill.nam}}'],
  ['literal-secret', 'shared/skills/inject.md', 'with '],
  ['skill-without-main', 'shared/skills/no-main/SKILL.md', 1],
  ['skill-description', 'shared/skills/no-description/SKILL.md', 1],
  ['skill-name', 'shared/skills/long-name/SKILL.md', 'name: '],
  ['skill-name', `shared/skills/${longName}/SKILL.md`, 1],
  ['skill-bom', 'shared/skills/bom/SKILL.md', 1],
  ['literal-secret', 'shared/skills/leak/SKILL.md', 5],
  ['literal-secret', 'shared/skills/leak/run.sh', 'curl'],
  ['unknown-token', 'shared/skills/token/SKILL.md', '{{skill.title}}'],
  ['case-twins', 'shared/skills/twins/notes.md', 1],
  ['symlink-leaves-skill', 'shared/skills/link/out.md', 1],
];

/** Writes all of it into a sandbox's repository. */
export function writeBrokenSource(sandbox: Sandbox): void {
  for (const [path, content] of Object.entries(files)) sandbox.write(`repo/clients/${path}`, content);
  sandbox.write('repo/outside.md', 'Not of the skill.\n');
  sandbox.link('repo/clients/shared/skills/link/out.md', '../../../../outside.md');
}

/** A mistake as `code path:line`. */
export function placeOf([code, path, line]: Mistake): string {
  const text = files[path];
  const number =
    typeof line === 'number'
      ? line
      : String(text)
          .split('\n')
          .findIndex((one) => one.includes(line)) + 1;
  return `${code} clients/${path}:${number}`;
}
