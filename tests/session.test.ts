import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, goOn, runOnTerminal, terminalTool } from './support/pseudo-terminal.ts';
import { makeSandbox, type Sandbox, shippedRepository } from './support/sandbox.ts';
import { sessionSvg } from './support/session-svg.ts';

/**
 * The picture in the README is what a person sees: a real session on a terminal, with a small team's source. With
 * UPDATE_SESSION=1 it is written anew.
 */
const picture = join(shippedRepository, 'docs/session.svg');
const memory = 'home/.claude/memories/conventions.md';

const source = {
  'shared/mcp.json': `{"mcpServers": {"tracker": {"url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer \${TRACKER_TOKEN}"}}}}\n`,
  'shared/memory/conventions.md': '# Conventions\n\n- Small commits.\n',
  'shared/skills/release-notes/SKILL.md':
    '---\nname: release-notes\ndescription: Writes release notes.\n---\n\nRead git log.\n',
};

type Step = string | readonly [words: readonly string[], answers?: readonly Answer[]];

const steps: readonly Step[] = [
  '# A clone of your repository, on a machine where you have used both clients.',
  [['push-runtime'], [[goOn, 'y\r']]],
  '# You correct a memory in Claude Code.',
  [['check-sync']],
  [['pull-runtime', '--adopt']],
  [['push-runtime']],
];

describe.skipIf(!terminalTool)('docs/session.svg', () => {
  it('shows a real session', async () => {
    const sandbox = makeSandbox();
    for (const [path, text] of Object.entries(source)) sandbox.write(`repo/clients/${path}`, text);
    sandbox.write('home/.codex/config.toml', '# mine\nmodel = "gpt-5"\n', 0o600);
    let screen = '';
    for (const step of steps) {
      if (typeof step === 'string') {
        screen += `${screen === '' ? '' : '\n'}\u001b[2m${step}\u001b[22m\n`;
        if (step.includes('correct')) sandbox.write(memory, `${sandbox.read(memory)}- Say what you measured.\n`);
      } else screen += `\u001b[1m$ npx syncline ${step[0].join(' ')}\u001b[22m\n${await shown(sandbox, ...step)}`;
    }
    const svg = sessionSvg(screen, 'A first push, an edit in a client brought back, and both clients equal again');
    if (process.env.UPDATE_SESSION !== undefined) writeFileSync(picture, svg);
    expect(readFileSync(picture, 'utf8')).toBe(svg);
  });
});

/** One command's screen, with nothing of this machine and of this moment. */
async function shown(sandbox: Sandbox, words: readonly string[], answers: readonly Answer[] = []): Promise<string> {
  const { screen } = await runOnTerminal(sandbox, words, answers);
  return screen
    .replace(/\u001b\[\d*[GJK]/g, '')
    .replaceAll(sandbox.home, '~')
    .replaceAll(sandbox.repo, '~/team')
    .replace(/runs\/\S+/g, 'runs/20260105T0800-1a2b3c');
}
