import fc from 'fast-check';
import { shapedSecret } from './canary.ts';

const skill = (name: string) => `---\nname: ${name}\ndescription: Does ${name}.\n---\nDo it.\n`;
const hook = (command: string) => ({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } });

/** Things that stand in homes, as sets of files that belong together: what people made, what clients wrote, what nobody wants. */
const parts: readonly Readonly<Record<string, string>>[] = [
  { '.claude/settings.json': JSON.stringify(hook('bash ~/.claude/hooks/a.sh')), '.claude/hooks/a.sh': '#!/bin/sh\n' },
  { '.claude/hooks/lib/b.sh': 'true\n' },
  { '.codex/hooks.json': JSON.stringify(hook('python3 ~/.codex/hooks/c.py')), '.codex/hooks/c.py': 'pass\n' },
  { '.codex/config.toml': 'model = "m"\nprofile_default = "x"\n[profiles.p]\nmodel = "n"\n' },
  { '.claude/CLAUDE.md': '# Me\n\n@RTK.md\n@docs/more.md\n', '.claude/RTK.md': 'rtk\n' },
  { '.claude/docs/more.md': 'more\n', '.claude/docs/other.md': 'other\n' },
  { '.codex/AGENTS.md': '# Me\n' },
  { '.codex/AGENTS.override.md': 'Over.\n' },
  { '.codex/prompts/p.md': 'Do $1\n', '.codex/prompts/deep/q.txt': 'x\n' },
  { '.claude/keybindings.json': '{"bindings": []}\n' },
  { '.claude/keybindings.json': '{"bindings": [{"context": "Chat", "bindings": {"ctrl+e": "chat:submit"}}]}\n' },
  { '.claude/themes/mine.json': '{"name": "mine"}\n', '.claude/workflows/w.js': 'export default 1;\n' },
  { '.claude/workflows/deep/w.js': 'x\n', '.claude/workflows/notes.txt': 'x\n' },
  { '.claude/commands/go.md': '---\ndescription: go\n---\nGo\n', '.claude/commands/notes.txt': 'x\n' },
  {
    '.claude/skills/s/SKILL.md': skill('s'),
    '.claude/skills/s/.git/config': '[core]\n',
    '.claude/skills/s/run.sh': 'x\n',
  },
  { '.codex/skills/s/SKILL.md': skill('s'), '.codex/skills/s/node_modules/a/i.js': 'x\n' },
  { '.codex/skills/.system/x/SKILL.md': skill('x') },
  { '.claude/skills/bad/SKILL.md': `${skill('bad')}${shapedSecret(1)}\n` },
  { '.claude/skills/loose.md': 'loose\n' },
  { '.claude/memories/tea.md': '# Tea\n', '.codex/memories/MEMORY.md': '# Task Group: a\n' },
  {
    '.claude/agents/a.md': '---\nname: a\ndescription: A.\n---\nBe a.\n',
    '.claude/agents/broken.md': 'no frontmatter\n',
  },
  { '.codex/agents/broken.toml': 'name = \n' },
  { '.claude/plugins/p/x.json': '{}', '.claude/settings.local.json': '{}' },
  { '.claude/projects/-w/a.jsonl': '{}\n', '.claude/history.jsonl': '{}\n', '.claude/.credentials.json': '{}' },
  { '.codex/auth.json': '{}', '.codex/history.jsonl': '{}\n', '.codex/sessions/2026/a.jsonl': '{}\n' },
  { '.codex/state_5.sqlite': 'x', '.codex/state_5.sqlite-wal': 'x', '.codex/log/a.log': 'x\n' },
  { '.claude/scratch/a.txt': 'x\n', '.claude/notes.txt': 'x\n', '.codex/ideas.md': 'x\n' },
  { '.claude/Notes 2.TXT': 'x\n', '.codex/x~1': 'x\n', '.claude/.hidden/x': 'x\n' },
  { '.claude/.git/config': '[core]\n', '.codex/.git/HEAD': 'ref: refs/heads/main\n' },
  { '.claude/old/.venv/pyvenv.cfg': 'home = x\n', '.claude/old/.venv/bin/python': 'x\n' },
  { '.claude/rules/r.md': 'Be brief.\n', '.claude/output-styles/o.md': '---\nname: o\n---\nO\n' },
  { '.codex/rules/default.rules': 'prefix_rule(pattern = ["git"], decision = "allow")\n', '.codex/rules/x.txt': 'x\n' },
  { '.codex/fast.config.toml': 'model = "m"\n', '.codex/broken.config.toml': 'model = \n' },
];

/** Homes of some of these; of two parts with one file, the later one's counts. */
export const homeParts = fc.subarray([...parts]).map((some) => Object.assign({}, ...some) as Record<string, string>);
