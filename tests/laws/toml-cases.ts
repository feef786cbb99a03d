import fc from 'fast-check';
import type { UnitText, UnitValue } from '../../src/formats/format.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import type { KeyPath, Value } from '../../src/model/value.ts';

export function entry(path: KeyPath, value: Value): UnitValue {
  return { kind: 'entry', address: { path }, value };
}

export function leaf(path: KeyPath, value: Value): UnitValue {
  return { kind: 'leaf', address: { path }, value };
}

export function element(path: KeyPath, value: Value): UnitValue {
  const digest = digestOfValue(value);
  return { kind: 'element', address: { path, element: { digest, label: digest.slice(0, 8) } }, value };
}

const rootLines = [
  'approval_policy = "never" # mine',
  'notify = ["a", "b",\n  "c", # three\n]',
  'text = """\n# >>> syncline managed >>> not a marker\n[no.header]\n"""',
  "literal = '''\n# <<< syncline managed <<<\n'''",
  'shell = { a = 1 }',
  'shell = {\n  a = 1, # one\n  b = { c = [ 1,2 ] },\n}',
  'tui.x.y = 07:32:00',
  'features.mine = true',
  'mcp_servers.mine.command = "m"',
  'mcp_servers = { mine = { command = "m" } }',
  'mcp_servers = {}',
  'hooks = { PreToolUse = [ { a = 1 } ] }',
  'skills.config = []',
  '  "quoted key" . sub   =   -0.0   ',
  'date = 1979-05-27 07:32:00Z',
  'model = "mine" # chosen',
  'mcp_servers.team.command = "theirs"',
  'tui = { notifications = 1 }',
];

const tables = [
  '[features]\nmine = true\n# inside\nodd   = 0xFF # kept',
  '[ features ]',
  '[tui]\ntheme = "x"',
  '[tui.sub]\ndeep.er = 1',
  '[mcp_servers]\nmine = { command = "m" }',
  '[mcp_servers.mine]\ncommand = "m"\n\n[mcp_servers.mine.env]\nA = "1"',
  '["mcp_servers" . "other"]\n\turl = "u"',
  '[model_providers.mine]\nname = "m"',
  '[shell]\nenv.keep = true',
  '[shell.env]\nkeep = 1',
  '[[hooks.PreToolUse]]\na = 1\n[hooks.PreToolUse.sub]\nb = 2',
  '[[hooks.PreToolUse]]\nmatcher = "x"',
  '[[skills.config]]\npath = "p"',
  '[projects."/home/u/p"]\ntrust_level = "trusted"',
  '[mcp_servers.team] # theirs\ncommand = "theirs" # old\n# note\nextra = 1',
  '[mcp_servers.team.tools.t]\napproval_mode = "auto"',
  '[mcp_servers."do.t".env]\nA = "0"',
  '[features.memories]\nno = 1',
  '[__proto__]\nx = 1',
  '[constructor]\ny = 1',
  '[last] # odd\n',
];

const between = ['', '', '\n', '# note\n', '\n# loose\n\n', '# touching\n'];

/** Files as people and clients write them; all parse. */
export const files: fc.Arbitrary<string> = fc
  .record({
    top: fc.constantFrom('', '# head\n', '#:schema x\n\n', '\n'),
    roots: fc.subarray(rootLines, { maxLength: 5 }),
    tables: fc.shuffledSubarray(tables, { maxLength: 6 }),
    gaps: fc.array(fc.constantFrom(...between), { minLength: 12, maxLength: 12 }),
    crlf: fc.boolean(),
    mark: fc.boolean(),
    open: fc.boolean(),
  })
  .map(({ top, roots, tables: below, gaps, crlf, mark, open }) => {
    const text = top + [...roots, ...below].map((part, at) => `${gaps[at] ?? ''}${part}\n`).join('') + (gaps[11] ?? '');
    const ended = open ? text.replace(/\n$/, '') : text;
    return (mark ? '\uFEFF' : '') + (crlf ? ended.replaceAll('\n', '\r\n') : ended);
  })
  .filter((text) => {
    try {
      toml.read(text);
      return true;
    } catch {
      return false;
    }
  });

const scalars: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom<Value>('plain', 'a"b\\', "it's", 'two\nlines', '\u0000\u001b', true, false, 20n, 20, 1.5, -7n, 1e21),
  fc.constantFrom<Value>(['-y', 'pkg'], [], [[1n], ['a']], 9007199254740993n),
);

const servers: fc.Arbitrary<Value> = fc.record(
  {
    command: fc.constantFrom('npx', 'uvx'),
    args: fc.array(fc.constantFrom('a', 'b # c'), { maxLength: 2 }),
    env: fc.dictionary(fc.constantFrom('A', 'B.c', 'long'.repeat(20)), fc.constantFrom('1', 'x'.repeat(60)), {
      maxKeys: 2,
    }),
    startup_timeout_sec: fc.constantFrom<Value>(20n, 20, 1.5),
  },
  { requiredKeys: ['command'] },
);

/** A unit of each address there is, with values to choose from. */
export const unitSets: fc.Arbitrary<UnitValue[]> = fc
  .tuple(
    servers.map((value) => entry(['mcp_servers', 'team'], value)),
    servers.map((value) => entry(['mcp_servers', 'do.t'], value)),
    servers.map((value) => entry(['model_providers', 'router'], value)),
    scalars.map((value) => leaf(['model'], value)),
    scalars.map((value) => leaf(['features', 'memories'], value)),
    scalars.map((value) => leaf(['features', 'web'], value)),
    scalars.map((value) => leaf(['tui', 'notifications'], value)),
    scalars.map((value) => leaf(['shell', 'env', 'set', 'X'], value)),
    scalars.map((value) => element(['hooks', 'PreToolUse'], { matcher: 'Bash', hooks: [{ run: value }] })),
    scalars.map((value) => element(['skills', 'config'], { path: 'ours', at: value })),
    fc.constant(leaf(['__proto__', 'polluted'], 1n)),
  )
  .chain((units) => fc.shuffledSubarray(units, { minLength: 1 }));

export function idOf(unit: UnitText): string {
  return JSON.stringify(unit.address);
}

/**
 * What `codex mcp add` makes of a file (measured on 0.169): every `[mcp_servers.*]` table is regrouped at the place of
 * the first, without any comment in it or above it; line ends become LF and the byte order mark goes.
 */
export function asCodexWrites(text: string, added: string): string {
  const plain = text.replace('\uFEFF', '').replaceAll('\r\n', '\n');
  const starts = [...plain.matchAll(/^[ \t]*\[.*$/gm)].map(({ index }) => index);
  const bounds = [0, ...starts, plain.length];
  const tables = bounds.slice(0, -1).map((from, at) => plain.slice(from, bounds[at + 1]));
  const isServer = (table: string) => /^\[ *"?mcp_servers"? *\./.test(table);
  const servers = tables.filter(isServer).map((table) =>
    table
      .replaceAll(/^#.*\n|^\n/gm, '')
      .replace(/#.*\n?$/, '')
      .trimEnd(),
  );
  const first = tables.findIndex(isServer);
  const at = first < 0 ? tables.length : first;
  const kept = tables.flatMap((table, index) => {
    const next = tables[index + 1];
    const bare = next && isServer(next) ? table.replace(/(#.*\n|\n)*$/, '\n') : table;
    const group = `${[...servers, added.trimEnd()].join('\n\n')}\n\n`;
    const tail = /(?:^|\n)((?:#.*\n|\n)*)$/.exec(table)?.[1] ?? '';
    const own = isServer(table) ? (next && isServer(next) ? '' : tail) : bare;
    return index === at ? [group, own] : [own];
  });
  return at === tables.length ? `${plain.trimEnd()}\n\n${added}` : kept.join('');
}
