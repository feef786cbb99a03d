import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAbsent } from '../support/clients.ts';
import { claudeSession, codexSession } from '../support/mock-model.ts';
import { makeSandbox, shippedRepository } from '../support/sandbox.ts';
import { writeTeamSource } from '../support/team-source.ts';

/** The session check in the real clients: pushed by us, run by them, told to their models. */
const example = readFileSync(join(shippedRepository, 'examples/session-check/hooks.json'), 'utf8');

describe.each([
  ['codex', codexSession],
  ['claude', claudeSession],
] as const)('a session of the real %s', (client, session) => {
  it.skipIf(isAbsent(client))('is told of drift in one line, and of nothing when all is well', async () => {
    const sandbox = makeSandbox();
    writeTeamSource(sandbox);
    // A server that is not there would be waited for.
    for (const file of ['codex/config-fragment.toml', 'claude/mcp-fragment.json'])
      sandbox.remove(`repo/clients/${file}`);
    sandbox.remove('repo/clients/codex/profiles');
    sandbox.write('repo/clients/shared/hooks.json', example);
    sandbox.write('home/work/readme.md', 'A project.\n');
    const told = async () => {
      const { code, out, err, requests } = await session(sandbox.home, `${sandbox.home}/work`, 'hello');
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      return { out, err, request: JSON.stringify(requests) };
    };
    expect(sandbox.run(['push-runtime']).code).toBe(0);
    const well = await told();
    expect(well.request + well.out + well.err).not.toContain('Syncline: ');

    sandbox.write(`home/.${client}/memories/global.md`, 'Mine.\n');
    const line = `Syncline: the runtime has drifted (${client}:memories/global.md)`;
    const drifted = await told();
    expect(drifted.request).toContain(`${line}. See check-sync --verbose. This is for the user to decide`);
    const ran = { codex: 'hook: SessionStart Completed', claude: '"outcome":"success"' }[client];
    expect(drifted.out + drifted.err).toContain(ran);
  });
});
