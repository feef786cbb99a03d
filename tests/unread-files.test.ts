import { describe, expect, it } from 'vitest';
import { makeWorld, repo } from './support/memory-world.ts';

/** What is spelled wrong in the source reaches no client: it is told, and it stops nothing. */
async function told(files: readonly string[], words: readonly string[] = []) {
  const world = makeWorld();
  for (const file of files) world.memory.write(`${repo}/clients/${file}`, '{}\n');
  const { code, json } = await world.run(['push-runtime', '--json', ...words]);
  expect(code).toBe(0);
  const found = json.findings.filter((finding) => finding.code === 'unread-source');
  for (const { severity, remedy } of found)
    expect([severity, remedy]).toEqual(['warning', expect.stringMatching(/vars\.toml/)]);
  return found.map(({ path }) => path?.replace('clients/', ''));
}

describe('files that no client reads', () => {
  it('are told, a folder once', async () => {
    const files = [
      'shared/hook.json',
      'shared/mcp.jsonc',
      'shared/prompts/a.md',
      'shared/prompts/b.md',
      'codex/hooks.json',
    ];
    expect(await told([...files, 'claude/mcp.json', 'shared/rules/a.md'])).toEqual([
      ...[
        'claude/mcp.json',
        'codex/hooks.json',
        'shared/hook.json',
        'shared/mcp.jsonc',
        'shared/prompts',
        'shared/rules',
      ],
    ]);
  });

  it.each([
    ['for people', ['README.md', 'notes/plan.md', 'shared/README.md', 'codex/readme.txt', 'shared/.gitignore']],
    ['of a layer that is not of this machine', ['machines/old/shared/hook.json', 'people/ana/claude/x.json']],
    ['that are pulled', ['codex/pulled/AGENTS.md', 'claude/pulled/learned/a.md']],
  ])('are not told: %s', async (_what, files) => {
    expect(await told(files)).toEqual([]);
  });

  it('are not told where only some clients are looked at: another one may read them', async () => {
    expect(await told(['shared/hook.json'], ['--client', 'codex'])).toEqual([]);
  });
});
