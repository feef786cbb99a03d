import { describe, expect, it } from 'vitest';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';

/** A file that its client refuses before we come: what we put there does not reach the client, and that is told. */
const files: Readonly<Record<string, string>> = {
  '.codex/hooks.json': '{"hooks": {}, "_mine": 1}\n',
  '.codex/config.toml': '[mcp_servers.bad]\nenabled = true\n',
  '.claude.json': '{"mcpServers": {"bad": {"url": "https://mine.example"}}}\n',
};

async function told(world: World, words: readonly string[]) {
  const { code, json } = await world.run([...words, '--json']);
  expect(code).toBe(0);
  const found = json.findings.filter((finding) => finding.code === 'refused-as-it-stands');
  return found.map(({ severity, path, message }) => [severity, path?.slice(home.length + 1), message.split(': ')[1]]);
}

describe('a file that its client refuses already', () => {
  const expected = [
    ['warning', '.codex/config.toml', 'server "mcp_servers.bad" has neither command nor url'],
    ['warning', '.codex/hooks.json', 'unknown key "_mine"'],
    ['warning', '.claude.json', 'server "bad" has a url but no type; add "type"'],
  ];

  it('is told by push and check until it is mended, and nothing of it is changed', async () => {
    const world = makeWorld();
    const hook = { hooks: [{ type: 'command', command: 'team-log' }] };
    world.memory.write(`${repo}/clients/shared/hooks.json`, JSON.stringify({ hooks: { Stop: [hook] } }));
    for (const [path, text] of Object.entries(files)) world.memory.write(`${home}/${path}`, text);
    expect(await told(world, ['push-runtime'])).toEqual(expected);
    expect(await told(world, ['check-sync'])).toEqual(expected);
    expect(await told(world, ['clean-runtime', '--remove-only'])).toEqual([]);
    for (const [path, text] of Object.entries(files)) expect(world.memory.read(`${home}/${path}`)).toBe(text);
    for (const [path] of Object.entries(files)) world.memory.remove(`${home}/${path}`);
    expect(await told(world, ['push-runtime'])).toEqual([]);
  });
});
