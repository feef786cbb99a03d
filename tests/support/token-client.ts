import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Client, SharedFragment } from '../../src/adapters/client.ts';
import { json } from '../../src/formats/json/json.ts';
import { emptyTable, isTable, type Table, type Value, valueAt } from '../../src/model/value.ts';

/** The shared servers in the words of a client that takes them as they are, but for the token. */
const servers: SharedFragment = {
  source: 'mcp.json',
  format: json,
  problems: () => [],
  isSet: () => false,
  replaces: () => false,
  translate: (values, helper) => ({
    values: {
      mcpServers: Object.fromEntries(
        Object.entries((values.mcpServers ?? {}) as Table).map(([name, entry]) => {
          const { token, ...rest } = entry as Record<string, Value>;
          if (token === undefined) return [name, rest];
          const [key, header] = isTable(token) ? [token.name, token.header] : [token];
          return [name, { ...rest, headersHelper: helper(key as string, header as string | undefined) }];
        }),
      ),
    },
    problems: [],
  }),
  placeOf: (path) => path,
  untranslate: () => ({ reason: 'nobody asks' }),
};

/** A client that exists only in tests, and takes the shared servers. */
export function tokenClient(name: string): Client {
  return {
    name,
    title: name,
    locate: ({ home }) => ({ root: join(home, `.${name}`), elsewhere: {} }),
    powers: { ofValue: () => [], ofFile: () => [], lostAt: () => [], lostIn: () => [] },
    targets: [
      {
        kind: 'fragment',
        source: 'fragment.json',
        file: 'config.json',
        format: json,
        unitKind: (path, value) => {
          if (path[0] === 'mcpServers' && path.length === 2 && isTable(value)) return 'entry';
          return isTable(value) ? 'table' : 'leaf';
        },
        replaces: () => false,
        renamed: (_path, value) => value,
        withoutDefaults: (_path, value) => value,
        shared: servers,
        problems: () => [],
        problemsTogether: () => [],
        refusals: () => [],
      },
    ],
  };
}

/** The helper that stands in such a client's file for a server: a program and its arguments. */
export function helperIn(text: string, server: string): string[] {
  return valueAt(json.read(text) ?? emptyTable(), ['mcpServers', server, 'headersHelper']) as string[];
}

/** The bin with two such clients and no others. Gives its path, and what removes it. */
export async function tokenBin(): Promise<{ readonly bin: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-token-'));
  const bin = join(folder, 'syncline.cjs');
  const root = join(import.meta.dirname, '../..');
  await build({
    ...{ bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'silent', outfile: bin },
    entryPoints: [join(root, 'src/main.ts')],
    absWorkingDir: root,
    plugins: [
      {
        name: 'clients',
        setup: ({ onLoad }) => {
          const own = JSON.stringify(import.meta.filename);
          const contents = `import { tokenClient } from ${own};
            export const allClients = [tokenClient('north'), tokenClient('south')];`;
          onLoad({ filter: /all-clients\.ts$/ }, () => ({ contents, loader: 'ts' }));
          // The bundle needs the clients of this file, and nothing that builds bundles.
          onLoad({ filter: /esbuild[\\/]lib/ }, () => ({ contents: 'export const build = undefined;', loader: 'js' }));
        },
      },
    ],
  });
  return { bin, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
