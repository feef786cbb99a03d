import fc from 'fast-check';
import { type KeyPath, leavesOf, tableOf, type Value } from '../../src/model/value.ts';

/** A key with its value as it is spelled, and the values that gives; comments that stand inside it. */
export interface Entry {
  readonly text: string;
  readonly values: readonly (readonly [path: KeyPath, value: Value])[];
  readonly comments?: readonly string[];
}

/** What a file says about one thing: keys before the first header, and tables. */
export interface Spelled {
  readonly roots: readonly Entry[];
  readonly tables: readonly (readonly [header: string, entries: readonly Entry[]])[];
}

type Leaf = readonly [key: string, text: string, value: Value];

/** Values of arrays of tables are one list for each array. */
export function entries(values: Entry['values']): Entry['values'] {
  const lists = new Map<string, Value[]>();
  const plain = values.filter(([path, value]) => {
    const [index] = path.map((key, at) => (/^\d+$/.test(key) ? at : -1)).filter((at) => at >= 0);
    if (index === undefined) return true;
    const key = JSON.stringify(path.slice(0, index));
    const list = lists.get(key) ?? [];
    const at = Number(path[index]);
    list[at] = { ...(list[at] as object), ...tableOf([[path.slice(index + 1), value]]) };
    lists.set(key, list);
    return false;
  });
  return [
    ...plain.flatMap(([path, value]) => leavesOf(value, path)),
    ...[...lists].map(([key, list]) => [JSON.parse(key) as KeyPath, list] as const),
  ];
}

function entry(path: KeyPath, text: string, value: Value, comments?: readonly string[]): Entry {
  return { text, values: [[path, value]], ...(comments ? { comments } : {}) };
}

const rootKeys: readonly fc.Arbitrary<Entry>[] = [
  fc
    .constantFrom('model = "gpt-5"', "model='gpt-5'", '  model   =   "gpt-5"  ', '"model" = "gpt-5"')
    .map((text) => entry(['model'], text, 'gpt-5')),
  fc.constant(entry(['approval_policy'], 'approval_policy="on-request"', 'on-request')),
  fc
    .constantFrom(['0x10_00', 4096], ['4096', 4096], ['65_536', 65536])
    .map(([text, value]) => entry(['tool_output_token_limit'], `tool_output_token_limit = ${text}`, value as number)),
  fc.constantFrom(
    entry(['notify'], 'notify = [ "notify-send",  \'Codex\' ]', ['notify-send', 'Codex']),
    entry(
      ['notify'],
      'notify = [\n  "notify-send",   # inside an array\n  # above one\n  \'Codex\',\n]',
      ['notify-send', 'Codex'],
      ['# inside an array', '# above one'],
    ),
  ),
  fc.constantFrom(
    entry(
      ['developer_instructions'],
      'developer_instructions = """\n# no comment\n[no.table]\n"Quoted" \\\n   text"""',
      '# no comment\n[no.table]\n"Quoted" text',
    ),
    entry(['developer_instructions'], "developer_instructions = '''\nraw \\d+ \"\n'''", 'raw \\d+ "\n'),
    entry(['developer_instructions'], 'developer_instructions = "caf\\u00e9 \\"x\\" 😀"', 'café "x" 😀'),
  ),
  fc.constant({
    text: 'shell_environment_policy.inherit = "core"\nshell_environment_policy . "set" = { LANG = "C.UTF-8", \'TZ\' = "UTC" }',
    values: [
      [['shell_environment_policy', 'inherit'], 'core'],
      [['shell_environment_policy', 'set', 'LANG'], 'C.UTF-8'],
      [['shell_environment_policy', 'set', 'TZ'], 'UTC'],
    ],
  } satisfies Entry),
  fc.constant(entry(['my_own_key'], 'my_own_key = 1.50', 1.5)),
];

/** Keys before the first header, in any order. */
export const roots: fc.Arbitrary<Entry[]> = fc
  .shuffledSubarray([...rootKeys.keys()], { maxLength: 5 })
  .chain((chosen) => fc.tuple(...chosen.map((at) => rootKeys[at] as fc.Arbitrary<Entry>)));

function under(path: KeyPath, leaves: readonly Leaf[], prefix = ''): Entry[] {
  return leaves.map(([key, text, value]) => entry([...path, key], `${prefix}${key} = ${text}`, value));
}

function inTable(header: string, path: KeyPath, leaves: readonly Leaf[]): Spelled {
  return { roots: [], tables: [[header, under(path, leaves)]] };
}

function inLine(path: KeyPath, leaves: readonly Leaf[], name = path.join('.')): Spelled {
  const text = `${name} = { ${leaves.map(([key, spelled]) => `${key} = ${spelled}`).join(', ')} }`;
  return { roots: [{ text, values: leaves.map(([key, , value]) => [[...path, key], value]) }], tables: [] };
}

const features: readonly Leaf[] = [
  ['apps', 'false', false],
  ['goals', 'true', true],
];
const tui: readonly Leaf[] = [
  ['theme', '"nord"', 'nord'],
  ['notifications', 'true', true],
];
const provider: readonly Leaf[] = [
  ['name', '"Local"', 'Local'],
  ['base_url', "'http://localhost:1/v1'", 'http://localhost:1/v1'],
  ['stream_max_retries', '3', 3],
];

function trusted(header: string, project: string): readonly [string, Entry[]] {
  return [header, under(['projects', project], [['trust_level', '"trusted"', 'trusted']])];
}

function skill(name: string, index: number): readonly [string, Entry[]] {
  const path = `/skills/${name}/SKILL.md`;
  const leaves: Leaf[] = [
    ['path', `"${path}"`, path],
    ['enabled', 'false', false],
  ];
  return ['[[skills.config]]', under(['skills', 'config', `${index}`], leaves)];
}

/** The things a file is about beside servers, each in its spellings. */
export const topics: readonly fc.Arbitrary<Spelled>[] = [
  fc.constantFrom<Spelled>(
    inTable('[features]', ['features'], features),
    inTable('  [ features ]', ['features'], features.slice(0, 1)),
    { roots: under(['features'], features, 'features.'), tables: [] },
    inLine(['features'], features),
    inTable('[features]', [], []),
  ),
  fc.constantFrom<Spelled>(
    inTable('[tui]', ['tui'], tui),
    inLine(['tui'], tui),
    { roots: under(['tui'], tui, 'tui.'), tables: [] },
    inTable('["tui"]', ['tui'], tui.slice(1)),
  ),
  fc.constantFrom<Spelled>(
    { roots: [], tables: [trusted('[projects."/home/u/p"]', '/home/u/p')] },
    {
      roots: [],
      tables: [trusted('[projects."/home/u/p"]', '/home/u/p'), trusted("[projects.'C:\\Users\\u']", 'C:\\Users\\u')],
    },
    { roots: [], tables: [['[projects]', []], trusted('[projects."/home/u/q"]', '/home/u/q')] },
  ),
  fc.constantFrom<Spelled>(
    inTable('[model_providers.local]', ['model_providers', 'local'], provider),
    inLine(['model_providers', 'local'], provider),
    inTable('[ model_providers . "my one" ]', ['model_providers', 'my one'], provider),
  ),
  fc.constantFrom<Spelled>(
    { roots: [], tables: [skill('a', 0)] },
    { roots: [], tables: [skill('a', 0), skill('b', 1)] },
  ),
  fc.constant<Spelled>({
    roots: [],
    tables: [
      [
        '[desktop]',
        [
          entry(['desktop', 'nested'], 'nested = { a = 1, b = { c = [ 1,2 ] } }', { a: 1, b: { c: [1, 2] } }),
          entry(['desktop', 'float'], 'float = 6.626e-34', 6.626e-34),
        ],
      ],
      ['[desktop.deep.er]', under(['desktop', 'deep', 'er'], [['still', 'true', true]])],
    ],
  }),
];

/** A server's own keys; Codex drops `note`, which it does not know, whenever it writes servers. */
const more = fc.subarray<Leaf>([
  ['startup_timeout_sec', '20', 20],
  ['tool_timeout_sec', '7.5', 7.5],
  ['enabled', 'false', false],
  ['required', 'false', false],
  ['enabled_tools', '["a",  "b"]', ['a', 'b']],
  ['note', '"mine"', 'mine'],
]);
const stdio = fc.tuple(
  fc.constantFrom<Leaf>(['command', '"mine"', 'mine'], ['command', "'mine'", 'mine']),
  fc.option(fc.constantFrom<Leaf>(['args', '[ "-y",   "mine" ]', ['-y', 'mine']], ['args', '[]', []]), {
    nil: undefined,
  }),
);
const http = fc.tuple(
  fc.constant<Leaf>(['url', '"https://mine.example/mcp"', 'https://mine.example/mcp']),
  fc.option(fc.constant<Leaf>(['bearer_token_env_var', '"MINE_TOKEN"', 'MINE_TOKEN']), { nil: undefined }),
);
const settings = fc
  .tuple(fc.oneof(stdio, http), more)
  .map(([first, rest]) => [...first, ...rest].filter((leaf) => leaf !== undefined));
const variables: readonly Leaf[] = [
  ['KEEP', '"1"', '1'],
  ['B_2', "'x'", 'x'],
];

type Style = 'table' | 'tables' | 'tools first' | 'line' | 'dotted';

function serverOf(name: string, leaves: readonly Leaf[], style: Style): Spelled {
  const path = ['mcp_servers', name];
  const key = `mcp_servers.${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}`;
  const isLocal = leaves.some(([leaf]) => leaf === 'command');
  const [sub, inline] = [
    isLocal ? 'env' : 'http_headers',
    `{ ${variables.map(([k, t]) => `${k} = ${t}`).join(', ')} }`,
  ];
  const nested: Entry = { text: `${sub} = ${inline}`, values: variables.map(([k, , v]) => [[...path, sub, k], v]) };
  const tools = [
    `[${key}.tools.search]`,
    under([...path, 'tools', 'search'], [['approval_mode', '"approve"', 'approve']]),
  ] as const;
  if (style === 'line') return inLine(path, leaves, key);
  if (style === 'dotted') return { roots: under(path, leaves, `${key}.`), tables: [] };
  const main = [`[${key}]`, under(path, leaves)] as const;
  if (style === 'table') return { roots: [], tables: [[main[0], [...main[1], nested]]] };
  const env = [`[${key}.${sub}]`, under([...path, sub], variables)] as const;
  return { roots: [], tables: style === 'tables' ? [main, env, tools] : [tools, main] };
}

const styled = fc.constantFrom<Style>('table', 'table', 'tables', 'tools first', 'line', 'dotted');

/** The user's own servers: none, or some in spellings of their own, or all in one parent. */
export const servers: fc.Arbitrary<Spelled> = fc.oneof(
  fc
    .tuple(
      fc.subarray(['mine', 'my server', 'docs-local', 'zeta']),
      fc.tuple(settings, settings, settings, settings),
      fc.tuple(styled, styled, styled, styled),
    )
    .map(([names, leaves, styles]) => {
      const all = names.map((name, at) => serverOf(name, leaves[at] as Leaf[], styles[at] as Style));
      return { roots: all.flatMap((one) => one.roots), tables: all.flatMap((one) => one.tables) };
    }),
  fc.constantFrom<Spelled>(
    {
      roots: [],
      tables: [
        [
          '[mcp_servers]',
          [{ text: 'mine = { command = "mine" }', values: [[['mcp_servers', 'mine', 'command'], 'mine']] }],
        ],
      ],
    },
    {
      roots: [
        {
          text: 'mcp_servers = { mine = { command = "mine" } }',
          values: [[['mcp_servers', 'mine', 'command'], 'mine']],
        },
      ],
      tables: [],
    },
  ),
);
