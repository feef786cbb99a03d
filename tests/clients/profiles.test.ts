import { describe, expect, it } from 'vitest';
import { isAbsent } from '../support/clients.ts';
import { codexProfileSession } from '../support/mock-model.ts';
import { makeSandbox, shippedRepository } from '../support/sandbox.ts';

/** The shipped profiles in the real Codex: it knows their models from the catalogue that is deployed beside them. */
describe.skipIf(isAbsent('codex'))('shipped profiles', () => {
  it.each([
    ['planner', 'deepseek/deepseek-v4-flash', 'high'],
    ['tools', 'qwen/qwen3-coder', undefined],
    ['agentic', 'moonshotai/kimi-k2.5', 'high'],
    ['cheap', 'qwen/qwen3-coder:free', undefined],
  ])('codex -p %s asks for %s without a warning about it', async (name, model, effort) => {
    const sandbox = makeSandbox(shippedRepository);
    sandbox.write('home/work/readme.md', 'A project.\n');
    expect(sandbox.run(['push-runtime', '--yes', '--client', 'codex']).code).toBe(0);
    const { code, out, err, requests } = await codexProfileSession(sandbox.home, `${sandbox.home}/work`, name);
    expect([code, out.trim()], err).toEqual([0, 'done']);
    expect(err).not.toMatch(/metadata/i);
    expect(requests[0]).toMatchObject({ model });
    expect((requests[0]?.reasoning as { effort?: string } | undefined)?.effort).toBe(effort);
  });
});
