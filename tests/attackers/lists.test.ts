import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { digestOfValue } from '../../src/model/digest.ts';
import type { ClientRecord } from '../../src/model/record.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** Lists that several people fill: a repository adds to them, and takes no denial out of them. */
const settings = 'home/.claude/settings.json';
const config = 'home/.codex/config.toml';

function repository(claude: unknown, codex: string): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "lists"\n');
  sandbox.write('repo/clients/claude/settings-fragment.json', JSON.stringify(claude));
  sandbox.write('repo/clients/codex/config-fragment.toml', codex);
  return sandbox;
}

const at = (value: unknown, path: string) =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
const claudeList = (sandbox: Sandbox, path: string) => at(JSON.parse(sandbox.read(settings)), path);
const codexList = (sandbox: Sandbox, path: string) => at(parseToml(sandbox.read(config)), path);

function nested(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

function tomlOf(path: string, list: readonly string[]): string {
  const keys = path.split('.');
  const header = keys.length > 1 ? `[${keys.slice(0, -1).join('.')}]\n` : '';
  return `${header}${keys.at(-1)} = ${JSON.stringify(list)} # mine\n`;
}

describe('the elements of the user stay, whatever is overwritten', () => {
  it.each([
    'sandbox.filesystem.denyRead',
    'sandbox.filesystem.denyWrite',
    'sandbox.filesystem.allowRead',
    'sandbox.filesystem.allowWrite',
    'sandbox.network.allowedDomains',
    'sandbox.network.deniedDomains',
    'sandbox.network.allowUnixSockets',
    'sandbox.excludedCommands',
    'enabledMcpjsonServers',
    'disabledMcpjsonServers',
    'permissions.additionalDirectories',
    'deniedModels',
    'claudeMdExcludes',
  ])('Claude Code: %s', (path) => {
    const sandbox = repository(nested(path, ['team', 'both']), '');
    const first = JSON.stringify(nested(path, ['mine', 'both']), null, 2);
    sandbox.write(settings, first);
    expect(sandbox.run(['push-runtime', '--yes', '--overwrite']).code).toBe(0);
    expect(claudeList(sandbox, path)).toEqual(['mine', 'both', 'team']);
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.run(['clean-runtime', '--remove-only']).code).toBe(0);
    expect(sandbox.read(settings)).toBe(first);
  });

  it.each([
    'sandbox_workspace_write.writable_roots',
    'shell_environment_policy.exclude',
    'shell_environment_policy.include_only',
    'project_root_markers',
    'tools.web_search.allowed_domains',
    'features.network_proxy.denied_domains',
  ])('Codex: %s', (path) => {
    const sandbox = repository({}, tomlOf(path, ['/team', '/both']));
    const first = tomlOf(path, ['/mine', '/both']);
    sandbox.write(config, first);
    expect(sandbox.run(['push-runtime', '--yes', '--overwrite']).code).toBe(0);
    expect(codexList(sandbox, path)).toEqual(['/mine', '/both', '/team']);
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.run(['clean-runtime', '--remove-only']).code).toBe(0);
    expect(sandbox.read(config)).toBe(first);
  });

  it('and a list that is a sequence is one value still', () => {
    const sandbox = repository({}, 'notify = ["team", "-x"]\n');
    sandbox.write(config, 'notify = ["mine"]\n');
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(3);
  });
});

describe('a record of the version before, which has the list as one value', () => {
  const denyRead = 'sandbox.filesystem.denyRead';
  const roots = 'sandbox_workspace_write.writable_roots';

  function deployedBefore(): Sandbox {
    const sandbox = repository(nested(denyRead, ['a', 'b']), tomlOf(roots, ['/a', '/b']));
    sandbox.run(['push-runtime', '--yes']);
    const folder = join(sandbox.home, '.local/state/syncline/records');
    for (const name of readdirSync(folder)) {
      const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as ClientRecord;
      const [{ element, ...unit } = { element: undefined }] = record.units.map(({ address, ...rest }) => ({
        ...{ ...rest, id: rest.id.replace(/\[.*$/, ''), kind: 'leaf', address: { path: address?.path } },
        element: address?.element,
      }));
      expect(element).toBeDefined();
      const digest = digestOfValue(name.startsWith('codex') ? ['/a', '/b'] : ['a', 'b']);
      writeFileSync(join(folder, name), JSON.stringify({ ...record, units: [{ ...unit, digest }] }));
    }
    return sandbox;
  }

  it('is in sync, and removing it leaves nothing', () => {
    const sandbox = deployedBefore();
    expect(sandbox.run(['check-sync']).code).toBe(0);
    expect(sandbox.run(['clean-runtime', '--remove-only']).code).toBe(0);
    expect([sandbox.exists(settings), sandbox.exists(config)]).toEqual([false, false]);
  });

  it('keeps what the user has added since', () => {
    const sandbox = deployedBefore();
    sandbox.write(settings, sandbox.read(settings).replace('"a"', '"mine", "a"'));
    sandbox.write(config, sandbox.read(config).replace('"/a"', '"/mine", "/a"'));
    expect(sandbox.run(['check-sync']).code).toBe(0);
    sandbox.write('repo/clients/claude/settings-fragment.json', JSON.stringify(nested(denyRead, ['b', 'c'])));
    sandbox.write('repo/clients/codex/config-fragment.toml', tomlOf(roots, ['/b', '/c']));
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    expect(claudeList(sandbox, denyRead)).toEqual(expect.arrayContaining(['mine', 'b', 'c']));
    expect(codexList(sandbox, roots)).toEqual(expect.arrayContaining(['/mine', '/b', '/c']));
  });

  it('takes out what the source has dropped', () => {
    const sandbox = deployedBefore();
    sandbox.write('repo/clients/claude/settings-fragment.json', JSON.stringify(nested(denyRead, ['b'])));
    sandbox.write('repo/clients/codex/config-fragment.toml', tomlOf(roots, ['/b']));
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    expect([claudeList(sandbox, denyRead), codexList(sandbox, roots)]).toEqual([['b'], ['/b']]);
  });
});
