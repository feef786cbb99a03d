import fc from 'fast-check';
import type { Table } from '../../src/model/value.ts';

const name = fc.constantFrom('TOKEN', 'A', 'B_2', '_x');
const literal = fc.oneof(
  fc.constantFrom('', 'a', 'with space', '--flag', "it's", '$', '$A', '{', '{{var.a}}'),
  fc.string(),
);
const reference = name.map((each) => `$\{${each}}`);
const anyReference = fc.oneof(
  reference,
  fc.tuple(name, literal).map(([each, text]) => `$\{${each}:-${text.replaceAll('}', '')}}`),
  fc.tuple(literal, reference, literal).map((parts) => parts.join('')),
  name.map((each) => `$\{env:${each}}`),
);
const text = fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: anyReference });
const filled = literal.map((each) => each || 'x');
const words = (word: fc.Arbitrary<string>) => fc.array(word, { maxLength: 3 });
const milliseconds = fc.integer({ min: 1000, max: 600_000 });
const tools = words(fc.constantFrom('read', 'list', 'drop'));
const headerName = fc.constantFrom('Authorization', 'authorization', 'X-A', 'X-B');

const environment = (values: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.dictionary(name, values, { maxKeys: 3 }),
    fc.uniqueArray(name).map((names) => Object.fromEntries(names.map((each) => [each, `$\{${each}}`]))),
  );
const headers = (values: fc.Arbitrary<string>) =>
  fc.dictionary(
    headerName,
    fc.oneof(
      values,
      reference,
      reference.map((each) => `Bearer ${each}`),
    ),
    { maxKeys: 3 },
  );

const oauth = fc.record(
  { clientId: fc.constant('c'), callbackPort: fc.integer({ min: 1, max: 65535 }), scopes: fc.constantFrom('a', 'a b') },
  { requiredKeys: ['clientId'] },
);
const token = fc.oneof(
  fc.constant('team'),
  fc.record({ name: fc.constant('team'), header: headerName }, { requiredKeys: ['name'] }),
);

const common = {
  timeout: milliseconds,
  startupTimeout: milliseconds,
  enabled: fc.boolean(),
  required: fc.boolean(),
  enabledTools: fc.array(fc.constantFrom('read', 'list'), { minLength: 1, maxLength: 2 }),
  disabledTools: tools,
};

const stdio = fc.record(
  { type: fc.constant('stdio'), command: filled, args: words(text), env: environment(text), cwd: filled, ...common },
  { requiredKeys: ['command'] },
);
const remote = fc.record(
  {
    type: fc.constantFrom('http', 'sse', 'ws'),
    url: filled,
    headers: headers(text),
    headersHelper: fc.constantFrom('helper', 'helper "$KEY"'),
    token,
    oauth,
    ...common,
  },
  { requiredKeys: ['url'] },
);

/** A whole entry of the shared file, sensible or not. */
export const sharedEntry = fc.oneof(stdio, remote) as fc.Arbitrary<Table>;

/** An entry of which neither client loses anything. */
export const plainEntry = fc.oneof(
  fc.record(
    { command: filled, args: words(safe()), env: environment(safe()), timeout: milliseconds },
    { requiredKeys: ['command'] },
  ),
  fc
    .record(
      {
        type: fc.constant('http'),
        url: filled,
        headers: plainHeaders(),
        oauth,
        timeout: milliseconds,
        token: fc.constantFrom('team'),
      },
      { requiredKeys: ['url'] },
    )
    .filter((entry) => entry.token === undefined || entry.headers?.Authorization === undefined),
) as fc.Arbitrary<Table>;

function safe(): fc.Arbitrary<string> {
  return literal.filter((each) => !each.includes('${'));
}

function plainHeaders() {
  return fc.record(
    { Authorization: reference.map((each) => `Bearer ${each}`), 'X-A': reference, 'X-B': safe() },
    { requiredKeys: [] },
  );
}

const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const helperLine = fc.constantFrom('helper', '"/home/ana/my tools/syncline" token-headers team');

/** Without the keys that chance left out. */
function present(server: Readonly<Record<string, unknown>>): Table {
  return Object.fromEntries(Object.entries(server).filter(([, value]) => value !== undefined)) as Table;
}

const ofEveryCodexServer = {
  startup_timeout_sec: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(0.25, 1.5, 0.0001)),
  startup_timeout_ms: rarely(milliseconds),
  enabled: fc.boolean(),
  tools: rarely(fc.constant({ a: { approval_mode: 'approve' } })),
};

/** A server as Codex's file may hold it. */
export const codexServer: fc.Arbitrary<Table> = fc
  .oneof(
    fc.record(
      {
        command: filled,
        url: rarely(filled),
        args: words(text),
        env: fc.dictionary(name, text, { maxKeys: 2 }),
        env_vars: words(name),
        ...ofEveryCodexServer,
      },
      { requiredKeys: ['command'] },
    ),
    fc.record(
      {
        url: filled,
        args: rarely(words(text)),
        http_headers: fc.dictionary(headerName, text, { maxKeys: 2 }),
        env_http_headers: fc.dictionary(headerName, name, { maxKeys: 2 }),
        bearer_token_env_var: name,
        http_headers_helper: helperLine,
        scopes: words(fc.constantFrom('a', 'b', 'a b', '')),
        ...ofEveryCodexServer,
      },
      { requiredKeys: ['url'] },
    ),
  )
  .map(present);

/** A server as Claude's file may hold it. */
export const claudeServer: fc.Arbitrary<Table> = fc
  .oneof(
    fc.record(
      {
        type: fc.constantFrom('stdio', 'stdio', 'http'),
        command: text,
        args: words(text),
        env: fc.dictionary(name, text, { maxKeys: 2 }),
        timeout: fc.integer({ min: -1000, max: 10_000 }),
        alwaysLoad: rarely(fc.boolean()),
      },
      { requiredKeys: ['command'] },
    ),
    fc.record(
      {
        type: fc.constantFrom('http', 'streamable-http', 'sse', 'ws'),
        url: text,
        command: rarely(text),
        headers: fc.dictionary(headerName, text, { maxKeys: 2 }),
        headersHelper: helperLine,
        timeout: fc.integer({ min: -1000, max: 10_000 }),
      },
      { requiredKeys: ['url', 'type'] },
    ),
  )
  .map(present);
