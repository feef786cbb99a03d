import { type Files, skillText } from './skills.ts';
import { prose, sentence } from './words.ts';

/** The `clients/` of a person who uses both clients daily: 30 skills, 20 memories, servers, settings, instructions. */
export function* normalSource(): Files {
  yield* normalSkills();
  yield* normalMemories();
  yield* fragments();
  yield ['shared/instructions.md', prose(900, 800)];
  yield ['codex/instructions.md', prose(901, 400)];
  yield ['claude/instructions.md', prose(902, 400)];
}

/** Only what goes into the files that the clients write, too. */
export function* fragments(): Files {
  yield ['shared/mcp.json', json({ mcpServers: servers })];
  yield ['codex/config-fragment.toml', codexFragment];
  yield ['claude/settings-fragment.json', json(claudeFragment)];
}

function* normalSkills(): Files {
  for (let index = 0; index < 30; index += 1) {
    const name = `practice-${index}`;
    const hint = 'Look into {{path.memory}} first; you are {{client.name}}.\n';
    yield [`shared/skills/${name}/SKILL.md`, skillText(name, index, 3500, index % 3 ? '' : hint)];
    if (index % 3 === 0) yield [`shared/skills/${name}/reference.md`, prose(index + 100, 5000)];
  }
}

function* normalMemories(): Files {
  yield ['shared/memory/global.md', `# Global\n\n${prose(300, 1500)}`];
  yield ['shared/memory/conventions.md', `# Conventions\n\n${prose(301, 1500)}`];
  for (let index = 0; index < 18; index += 1) {
    yield [`shared/memory/projects/project-${index}.md`, `# ${sentence(310 + index)}\n\n${prose(310 + index, 1200)}`];
  }
}

export const servers = {
  files: { command: 'files-server', args: ['--read-only', '--depth', '3'] },
  search: { type: 'http', url: 'https://search.example.com/mcp' },
  tracker: { command: 'tracker', args: ['serve'], env: { TRACKER_REGION: 'eu' } },
  notes: { command: 'notes-server', args: ['--quiet'] },
};

const codexFragment = `model_reasoning_effort = "medium"

[tools]
web_search = true

[model_providers.own]
name = "Own"
base_url = "https://models.example.com/v1"
wire_api = "responses"
env_key = "OWN_API_KEY"
`;

const claudeFragment = {
  permissions: {
    allow: ['Bash(git status)', 'Bash(git diff:*)', 'Bash(npm test:*)', 'Bash(npm run build)'],
    deny: ['Read(./.env)', 'Read(./secrets/**)', 'Read(~/.ssh/**)'],
  },
};

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
