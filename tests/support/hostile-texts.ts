/** Texts as an attacker or an accident makes them; tests/hostile-texts.test.ts puts them where they hurt. */
export const config = '.codex/config.toml';
export const settings = '.claude/settings.json';
export const servers = '.claude.json';
export const agents = '.codex/AGENTS.md';
const claudeMd = '.claude/CLAUDE.md';

/** A tenth of a megabyte, or a whole one in CI: each run copies it several times. */
const size = process.env.CI === 'true' ? 1e6 : 1e5;

const encode = (text: string) => new TextEncoder().encode(text);
const bytes = (text: string, ...more: number[]) => new Uint8Array([...encode(text), ...more]);
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'));
const utf16be = (text: string) => new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16());
/** Brackets inside each other. */
export const nested = (open: string, count: number, close: string, inner = '') =>
  open.repeat(count) + inner + close.repeat(count);

/** A file with a text in it. */
export interface HostileText {
  readonly name: string;
  /** Relative to the home, or to `clients/` of the repository. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly line?: number;
  readonly column?: number;
  /** What the message has to say. */
  readonly says?: RegExp;
}

export const fragment = 'codex/config-fragment.toml';

/** Files of a user that no client could read, or that leave no place for our units. */
export const refusedTargets: HostileText[] = [
  {
    name: '81 brackets',
    path: config,
    content: `a = 1\nb = ${nested('[', 81, ']')}\n`,
    line: 2,
    column: 85,
    says: /80/,
  },
  { name: '81 inline tables', path: config, content: `b = ${nested('{a=', 81, '}', '1')}\n`, line: 1, says: /80/ },
  { name: 'a header of 81 parts', path: config, content: `\n[${'a.'.repeat(80)}a]\n`, line: 2, says: /80/ },
  { name: 'a key of 81 parts', path: config, content: `${'a.'.repeat(80)}a = 1\n`, line: 1, says: /80/ },
  { name: '100,000 brackets in TOML', path: config, content: `b = ${'['.repeat(100_000)}`, line: 1, says: /80/ },
  { name: '100,000 parts of a key', path: config, content: `${'a.'.repeat(100_000)}a = 1`, line: 1, says: /80/ },
  { name: '100,000 headers that open nothing', path: config, content: '[a\n'.repeat(100_000), line: 1 },
  { name: 'a number beyond 64 bits', path: config, content: 'a = 1\nb = 9223372036854775808\n', line: 2, column: 5 },
  { name: 'a day that is none', path: config, content: 'a = 2021-02-30\n', line: 1, column: 5 },
  { name: 'a float beyond all', path: config, content: 'a = [\n1e999]\n', line: 2, column: 1 },
  { name: 'a lone CR in TOML', path: config, content: 'a = 1\rb = 2\n', line: 1 },
  { name: 'a NUL in a TOML comment', path: config, content: 'a = 1\n# \0\n', line: 2, column: 3 },
  { name: '[__proto__] twice', path: config, content: '[__proto__]\na = 1\n[__proto__]\nb = 1\n', line: 3 },
  { name: 'toString twice', path: config, content: 'toString = 1\ntoString = 2\n', line: 2 },
  { name: 'two byte order marks', path: config, content: '\uFEFF\uFEFFa = 1\n', line: 1 },
  {
    name: '100,000 brackets in JSON',
    path: settings,
    content: `{"a": ${nested('[', 100_000, ']')}}`,
    line: 1,
    says: /1000/,
  },
  { name: '100,000 open brackets', path: servers, content: `{"a":\n ${'['.repeat(100_000)}`, line: 2 },
  { name: '100,000 open objects', path: servers, content: '{"a":'.repeat(100_000), line: 1 },
  { name: 'an escape that is none', path: settings, content: '{"a": "\\ud8"}', line: 1, column: 8 },
  {
    name: 'a doubled mcpServers',
    path: servers,
    content: '{\n"mcpServers": {},\n"mcpServers": {}}',
    line: 3,
    says: /twice/,
  },
  {
    name: 'a doubled list',
    path: settings,
    content: '{"permissions": {"deny": [],\n "deny": []}}',
    line: 2,
    says: /twice/,
  },
  {
    name: 'a doubled parent, once escaped',
    path: settings,
    content: '{"permissions": {},\n"permission\\u0073": {}}',
    line: 2,
    says: /twice/,
  },
  { name: 'a NUL in JSON', path: settings, content: '{"a": "\0"}', line: 1, column: 8 },
  ...[config, settings, servers, agents, claudeMd].flatMap((path): HostileText[] => [
    { name: `UTF-16 in ${path}`, path, content: utf16('{"a": 1}\n'), line: 1, says: /UTF-8/ },
    { name: `big-endian UTF-16 in ${path}`, path, content: utf16be('# a\n'), line: 1, says: /UTF-8/ },
    {
      name: `a half character in ${path}`,
      path,
      content: bytes('\n\n', 0xe2, 0x82),
      line: 3,
      column: 1,
      says: /UTF-8/,
    },
    {
      name: `an overlong slash in ${path}`,
      path,
      content: bytes('\nab', 0xc0, 0xaf),
      line: 2,
      column: 3,
      says: /UTF-8/,
    },
    { name: `a surrogate in ${path}`, path, content: bytes('', 0xed, 0xa0, 0x80), line: 1, column: 1, says: /UTF-8/ },
  ]),
];

/** Files of a user that the clients read, however odd they are. */
export const fine: HostileText[] = [
  { name: '80 brackets', path: config, content: `a = ${nested('[', 80, ']')}\nb = ${nested('{a=', 80, '}', '1')}\n` },
  {
    name: 'a header of 80 parts',
    path: config,
    content: `[${'a.'.repeat(79)}a]\n${'b.'.repeat(79)}b = ${nested('[', 80, ']')}`,
  },
  {
    name: '[__proto__]',
    path: config,
    content: '[__proto__]\npolluted = 1\n[__proto__.__proto__]\nx = 2\n[a]\n__proto__.b = 1\n',
  },
  {
    name: '[constructor]',
    path: config,
    content: '[constructor.prototype]\npolluted = 1\n[[toString]]\na = 1\n[[toString]]\nvalueOf = 2',
  },
  {
    name: 'names that JavaScript knows',
    path: config,
    content: 'hasOwnProperty = 1\n"__proto__" = { a = 1 }\nmcp_servers.constructor.command = "x"\n',
  },
  { name: 'a line of a megabyte', path: config, content: `a = "${'x'.repeat(size)}" # ${'y'.repeat(size)}\n` },
  {
    name: '__proto__ in JSON',
    path: servers,
    content: '{"__proto__":{"polluted":1},"mcpServers":{"__proto__":{"command":"x"},"constructor":{"command":"y"}}}',
  },
  {
    name: '__proto__ and long numbers',
    path: settings,
    content: '{"__proto__": {"polluted": 12345678901234567890}, "env": {"__proto__": "x", "toString": "y"}}',
  },
  { name: 'an escaped __proto__', path: settings, content: '{"\\u005f_proto__": {"polluted": 1}}' },
  {
    name: 'doubled keys off our path',
    path: servers,
    content: '{"a":1,"a":{"b":2,"b":3},"mcpServers":{"x":{"command":"y","command":"z"}}}',
  },
  {
    name: 'halves of characters in escapes',
    path: servers,
    content: '{"\\ud800":"\\udfff","a":"\\ud83d\\ude00 \\udead"}',
  },
  { name: 'lone CRs in JSON', path: servers, content: '{\r\t"a": 1,\r\t"b": "\\r"\r}\r' },
  { name: 'an escaped NUL', path: settings, content: '{"a": "\\u0000", "\\u0000": []}' },
  { name: '500 brackets in JSON', path: settings, content: `{"a": ${nested('[{"b":', 250, '}]', '0')}}` },
  { name: 'a line of two megabytes', path: settings, content: `{"a": "${'\\\\'.repeat(size)}"}` },
  { name: 'a NUL in Markdown', path: agents, content: 'a\0b\n' },
  { name: 'a lone CR in Markdown', path: claudeMd, content: 'a\rb\r' },
  { name: 'a line of a megabyte in Markdown', path: claudeMd, content: '<!-- '.repeat(size / 5) },
  {
    name: '100,000 quotes of a marker',
    path: agents,
    content: '> <!-- >>> syncline managed >>> -->\n'.repeat(size / 10),
  },
];

/** Files of the repository that must not reach a client. */
export const refusedSources: HostileText[] = [
  {
    name: '81 brackets',
    path: fragment,
    content: `model = "x"\n[desktop]\na = ${nested('[', 81, ']')}\n`,
    line: 3,
    says: /80/,
  },
  {
    name: 'a header of 81 parts',
    path: fragment,
    content: `[desktop.${'a.'.repeat(79)}a]\nb = 1\n`,
    line: 1,
    says: /80/,
  },
  { name: 'a lone CR', path: fragment, content: 'model = "x"\rmodel_verbosity = "low"\n', line: 1 },
  { name: 'a NUL', path: fragment, content: 'model = "\0"\n', line: 1 },
  {
    name: 'a number beyond 64 bits',
    path: fragment,
    content: '[desktop]\na = 0x8000000000000000\n',
    line: 2,
    column: 5,
  },
  {
    name: '81 brackets in a profile',
    path: 'codex/profiles/fast.toml',
    content: `[desktop]\na = ${nested('[', 81, ']')}\n`,
    line: 2,
    says: /80/,
  },
  {
    name: 'deep JSON',
    path: 'claude/settings-fragment.json',
    content: `{"a": ${nested('[', 100_000, ']')}}`,
    line: 1,
    says: /1000/,
  },
  {
    name: 'open JSON',
    path: 'claude/mcp-fragment.json',
    content: `{"mcpServers":\n${'{"a":'.repeat(100_000)}`,
    line: 2,
  },
  { name: 'doubled keys', path: 'claude/mcp-fragment.json', content: '{"mcpServers": {},\n"mcpServers": {}}', line: 2 },
  { name: 'a variable in [__proto__]', path: 'shared/vars.toml', content: 'a = "1"\n[__proto__]\nb = "2"\n', line: 2 },
  { name: 'a variable table toString', path: 'shared/vars.toml', content: '[toString]\nb = "2"\n', line: 1 },
  { name: 'deep variables', path: 'shared/vars.toml', content: `a = ${'['.repeat(100_000)}`, line: 1 },
  { name: 'a lone CR among variables', path: 'shared/vars.toml', content: 'a = "1"\rb = "2"\n', line: 1 },
  ...[
    fragment,
    'codex/profiles/fast.toml',
    'claude/settings-fragment.json',
    'shared/vars.toml',
    'codex/instructions.md',
  ].flatMap((path): HostileText[] => [
    { name: `UTF-16 in ${path}`, path, content: utf16('{"a": 1}\n'), line: 1, says: /UTF-8/ },
    { name: `a half character in ${path}`, path, content: bytes('\n', 0xe2, 0x82), says: /UTF-8/ },
  ]),
];
