import { describe, expect, it } from 'vitest';
import { askAppServer, isAbsent } from '../support/clients.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/**
 * Codex knows a trusted hook by its place in `hooks.json` and by its digest: a push must move none that its user trusts,
 * and must trust none.
 */
const file = 'home/.codex/hooks.json';
const group = (command: string) => ({ hooks: [{ type: 'command', command }] });

interface Hook {
  readonly key: string;
  readonly command: string;
  readonly currentHash: string;
  readonly trustStatus: string;
}

async function listed(sandbox: Sandbox): Promise<readonly Hook[]> {
  const request = { method: 'hooks/list', params: { cwds: [sandbox.home] } };
  const [answer] = (await askAppServer(sandbox.home, [request])) as [{ data: { hooks: Hook[]; warnings: string[] }[] }];
  expect(answer.data[0]?.warnings).toEqual([]);
  return answer.data[0]?.hooks ?? [];
}

const trusted = async (sandbox: Sandbox) =>
  (await listed(sandbox)).filter(({ trustStatus }) => trustStatus === 'trusted').map(({ command }) => command);

/** As the person does who looks at all hooks and trusts them. */
async function trustAll(sandbox: Sandbox): Promise<void> {
  const states = (await listed(sandbox)).map(
    ({ key, currentHash }) => `[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = "${currentHash}"\n`,
  );
  sandbox.write('home/.codex/config.toml', states.join('\n'));
}

function push(sandbox: Sandbox, commands: readonly string[]): string {
  const hooks = { Stop: commands.map(group) };
  sandbox.write('repo/clients/shared/hooks.json', JSON.stringify({ hooks }));
  const { code, out } = sandbox.run(['push-runtime']);
  expect(code).toBe(0);
  return out;
}

describe.skipIf(isAbsent('codex'))('hooks that the user of the real Codex trusts', () => {
  it('stay trusted when ours come, change and go; ours never are by themselves', async () => {
    const sandbox = makeSandbox();
    sandbox.write(file, JSON.stringify({ hooks: { Stop: [group('mine'), group('mine too')] } }));
    await trustAll(sandbox);
    expect(push(sandbox, ['ours', 'ours too'])).toContain('Review hooks');
    expect(await trusted(sandbox)).toEqual(['mine', 'mine too']);

    const { hooks } = JSON.parse(sandbox.read(file)) as { hooks: { Stop: object[] } };
    sandbox.write(file, JSON.stringify({ hooks: { Stop: [...hooks.Stop, group('mine, later')] } }));
    await trustAll(sandbox);
    expect(push(sandbox, ['ours', 'ours too'])).not.toContain('Review hooks');
    expect(push(sandbox, ['ours, changed', 'ours too'])).toContain('Review hooks');
    expect(await trusted(sandbox)).toEqual(['mine', 'mine too', 'ours too', 'mine, later']);

    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({
      ...{ code: 0, out: expect.stringMatching(/stood after a removed one until you trust it anew.*Review hooks/) },
    });
    expect((await listed(sandbox)).map(({ command }) => command)).toEqual(['mine', 'mine too', 'mine, later']);
    expect(await trusted(sandbox)).toEqual(['mine', 'mine too']);
  });
});
