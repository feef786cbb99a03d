/** What the agents wrote down by themselves, by paths below the home: as Claude Code 2.1 and Codex 0.169 have it. */

const claudeProjects = '.claude/projects';

/** A memory file of Claude Code. */
function claudeMemory(name: string, body: string): string {
  return `---\nname: ${name}\ndescription: How ${name} is done here\nmetadata:\n  type: project\n  originSessionId: 0b7c\n---\n\n${body}\n`;
}

/** One block of Codex's handbook. */
export function taskGroup(name: string, cwd: string, fact: string): string {
  return `# Task Group: ${name}

scope: ${name} and what goes with it
applies_to: cwd=${cwd}; reuse_rule=safe in this checkout

## Task 1: ${name}, success

### rollout_summary_files

- rollout_summaries/2026-02-11T15-35-19-jqmb-task.md (cwd=/home/u/web, rollout_path=/home/u/.codex/sessions/r.jsonl, updated_at=2026-02-11T15:40:00+00:00, thread_id=0194f5a6)

### keywords

- ${name}

## Reusable knowledge

- ${fact} [Task 1]

`;
}

/** The recap of one session, as Codex writes it to \`rollout_summaries/\`. */
export function recap(cwd: string, body: string): string {
  return `thread_id: 0194f5a6-89ab-7cde-8123-456789abcdef
updated_at: 2026-02-11T15:40:00+00:00
rollout_path: /home/u/.codex/sessions/2026/02/11/rollout.jsonl
cwd: ${cwd}
git_branch: main

${body}
`;
}

/** Both clients' own memories of the projects web and api. */
export const learnedHome: Readonly<Record<string, string>> = {
  '.claude.json': '{"projects": {"/home/u/web": {}, "/home/u/my_app": {}}}',
  [`${claudeProjects}/-home-u-web/memory/MEMORY.md`]: '- [Tests](tests.md) — need the database\n',
  [`${claudeProjects}/-home-u-web/memory/tests.md`]: claudeMemory('tests', 'Start the database first.'),
  [`${claudeProjects}/-home-u-web/memory/.consolidate-lock`]: '17',
  [`${claudeProjects}/-home-u-web/0b7c.jsonl`]: '{"type":"user"}\n',
  [`${claudeProjects}/-home-u-my-app/memory/MEMORY.md`]: '# Memory\n\n- The port is 4000.\n',
  [`${claudeProjects}/-srv-gone/memory/MEMORY.md`]: 'Known by its slug only.\n',
  [`${claudeProjects}/-srv-empty/memory/MEMORY.md`]: '# Memory index\n\n<!-- one line each -->\n- {{title}}\n',
  '.codex/config.toml': '[projects."/home/u/api"]\ntrust_level = "trusted"\n',
  '.codex/memories/memory_summary.md': 'v1\n\n## User Profile\n\nLikes short answers.\n',
  '.codex/memories/MEMORY.md':
    taskGroup('web tests', '/home/u/web', 'The tests need the database.') +
    taskGroup('api clients', '/home/u/api/clients', 'Clients are generated.') +
    taskGroup('web styles', '/home/u/web', 'Styles are compiled.') +
    taskGroup('both', '/home/u/web and /home/u/api', 'Ports are in .env.example.').replace('(cwd=/home/u/web,', '(') +
    taskGroup('answers', 'any', 'Keep them short.').replace('(cwd=/home/u/web,', '('),
  '.codex/memories/raw_memories.md': '# Raw Memories\n\nMerged stage-1 raw memories:\n\nworking text\n',
  '.codex/memories/phase2_workspace_diff.md': '+ working text\n',
  '.codex/memories/rollout_summaries/2026-02-11T15-35-19-jqmb-fix_login.md': recap(
    '/home/u/web',
    'The login was fixed.\n\n## Task 1: Fix the login\n\nOutcome: success',
  ),
  '.codex/memories/extensions/ad_hoc/instructions.md': 'working text\n',
  '.codex/memories/skills/deploy/SKILL.md': 'working text\n',
  '.codex/memories/.git/config': 'working text\n',
};
