import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claudeServerNames, codexServerNames } from '../../src/adapters/servers/server-names.ts';
import { isAbsent } from '../support/clients.ts';
import { claudeSession, codexSession } from '../support/mock-model.ts';
import { makeSandbox } from '../support/sandbox.ts';

/** The real clients start servers of all kinds of names, and offer their tools, or do not: as we say. */
const names = [
  ...[
    'plain',
    'with space',
    '文档',
    'a.b',
    'a-b',
    '../x',
    'a/c',
    'a:d',
    'a@e',
    'über',
    'a+f',
    "it's",
    'new\nline',
    '_lead',
    '1',
  ],
  ...['emoji🙂', 'A', 'double__under', 'esc\u001bx', `x${'y'.repeat(116)}`, 'z'.repeat(121)],
];

/** Says that it was started, and has one tool. */
const program = `
require('node:fs').writeFileSync(process.argv[3], '');
const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'r', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'h' + process.argv[2], description: 'd', inputSchema: { type: 'object' } }] }),
};
let buffer = '';
process.stdin.on('data', (chunk) => {
  buffer += chunk;
  for (let end = buffer.indexOf('\\n'); end >= 0; end = buffer.indexOf('\\n')) {
    const { id, method, params } = JSON.parse(buffer.slice(0, end));
    buffer = buffer.slice(end + 1);
    const result = results[method]?.(params);
    const answer = result ? { result } : { error: { code: -32601, message: 'no' } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  }
});
`;

function serversIn(
  folder: string,
): { readonly name: string; readonly command: string; readonly args: string[]; readonly started: string }[] {
  return names.map((name, index) => {
    const started = join(folder, `started-${index}`);
    return {
      name,
      command: process.execPath,
      args: [join(folder, 'server.cjs'), String.fromCharCode(97 + index), started],
      started,
    };
  });
}

it.skipIf(isAbsent('codex'))('Codex starts just the servers whose names it takes', async () => {
  const sandbox = makeSandbox();
  sandbox.write('home/server.cjs', program);
  const servers = serversIn(sandbox.home);
  const tables = servers.map(
    ({ name, command, args }) =>
      `[mcp_servers.${JSON.stringify(name)}]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}\n`,
  );
  sandbox.write('home/.codex/config.toml', tables.join('\n'));
  await codexSession(sandbox.home, sandbox.repo, 'hi');
  const refused = new Set(codexServerNames.problems(names).map(({ name }) => name));
  for (const { name, started } of servers) expect([name, existsSync(started)]).toEqual([name, !refused.has(name)]);
});

it.skipIf(isAbsent('claude'))(
  'Claude Code offers the tools of each server under the name that we say, if it fits',
  async () => {
    const sandbox = makeSandbox();
    sandbox.write('home/server.cjs', program);
    const servers = serversIn(sandbox.home);
    const entries = servers.map(({ name, command, args }) => [name, { type: 'stdio', command, args }]);
    sandbox.write('home/.claude.json', JSON.stringify({ mcpServers: Object.fromEntries(entries) }));
    // The session does not wait for slow servers: the model looks at its tools again once all have been started.
    const started = `until [ "$(ls ${sandbox.home}/started-* | wc -l)" -ge ${names.length} ]; do sleep 0.2; done; sleep 3`;
    const asks = [{ tool: 'Bash', input: { command: started, description: 'Wait' } }];
    const { requests } = await claudeSession(sandbox.home, sandbox.repo, 'hi', asks);
    const offered = new Set(JSON.stringify(requests).match(/mcp__[\w-]*__h[a-z]\b/g));
    const dropped = new Set(
      claudeServerNames.problems(names).flatMap(({ name, severity }) => (severity ? [] : [name])),
    );
    for (const [index, name] of names.entries()) {
      const tool = `mcp__${name.replace(/[^\w-]/g, '_')}__h${String.fromCharCode(97 + index)}`;
      expect([name, offered.has(tool)]).toEqual([name, !dropped.has(name)]);
    }
  },
);
