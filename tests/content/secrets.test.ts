import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecrets, maskSecrets, secretsIn, suspectLiteral, suspectsIn } from '../../src/content/secrets/secrets.ts';
import type { Value } from '../../src/model/value.ts';

/** Made-up characters, put together at run time so that no scanner takes this file for a leak. */
function made(length: number, alphabet = 'aZ3kQ9xB7mW2pL5vN8cR4tY6'): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 2)) % alphabet.length]).join('');
}
/** A reference to the environment, `${NAME}`. */
const ref = (name: string) => `$\{${name}}`;
const hex = (length: number) => made(length, '3af9c07be15d2846');
const upper = (length: number) => made(length, 'QX7ZB2MKW5PLR3TV');
const line64 = made(64);
const pem = (label: string) => `-----BEGIN ${label}-----\n${line64}\n${line64}\n-----END ${label}-----`;
const bytes = (text: string) => Buffer.from(text).toString('base64url');
const jwt = `${bytes('{"alg":"HS256","typ":"JWT"}')}.${bytes('{"sub":"ada","n":1}')}.${made(43)}`;

const shaped: [kind: string, secret: string][] = [
  ['Anthropic key', `sk-ant-api03-${made(93)}`],
  ['Anthropic key', `sk-ant-admin01-${made(93)}`],
  ['Anthropic key', `sk-ant-oat01-${made(80)}`],
  ['Anthropic key', `sk-ant-ort01-${made(80)}`],
  ['OpenRouter key', `sk-or-v1-${hex(64)}`],
  ['OpenAI key', `sk-proj-${made(120)}`],
  ['OpenAI key', `sk-svcacct-${made(60)}`],
  ['API key', `sk-${made(48)}`],
  ['GitHub token', `ghp_${made(36)}`],
  ['GitHub token', `gho_${made(36)}`],
  ['GitHub token', `ghs_${made(36)}`],
  ['GitHub token', `github_pat_${made(22)}_${made(59)}`],
  ['GitLab token', `glpat-${made(20)}`],
  ['AWS key id', `AKIA${upper(16)}`],
  ['Slack token', `xoxb-${'123456789012'}-${'210987654321'}-${made(24)}`],
  ['private key', pem('RSA PRIVATE KEY')],
  ['private key', pem('PRIVATE KEY')],
  ['private key', pem('OPENSSH PRIVATE KEY')],
  ['private key', pem('EC PRIVATE KEY')],
  ['private key', pem('ENCRYPTED PRIVATE KEY')],
  ['private key', pem('PGP PRIVATE KEY BLOCK')],
  ['private key', pem('PRIVATE KEY').replaceAll('\n', '\\n')],
  ['private key', pem('PRIVATE KEY').replaceAll('\n', '\n> ')],
  ['age key', `AGE-SECRET-KEY-1${upper(58)}`],
  ['Google API key', `AIza${made(35)}`],
  ['npm token', `npm_${made(36)}`],
  ['Stripe key', `sk_live_${made(24)}`],
  ['SendGrid key', `SG.${made(22)}.${made(43)}`],
  ['Hugging Face token', `hf_${made(34, 'aQzBxWmKpLvN')}`],
  ['Groq key', `gsk_${made(52)}`],
  ['xAI key', `xai-${made(80)}`],
  ['Context7 key', `ctx7sk-${hex(8)}-${hex(4)}-${hex(12)}`],
  ['Tavily key', `tvly-dev-${made(32)}`],
  ['Linear key', `lin_api_${made(40)}`],
  ['Notion token', `ntn_${made(46)}`],
  ['Databricks token', `dapi${hex(32)}`],
  ['GitLab token', `glpat-${made(27)}.01.${'0a1b2c3d4'}`],
  ['Google OAuth secret', `GOCSPX-${made(28)}`],
  ['Perplexity key', `pplx-${made(48)}`],
  ['Sentry token', `sntrys_${made(60)}_${made(43)}`],
  ['Vercel token', `vcp_${made(56)}`],
  ['Cloudflare token', `cfut_${made(40)}${hex(8)}`],
  ['Cloudflare origin key', `v1.0-${hex(24)}-${hex(146)}`],
  ['private key', pem('DSA PRIVATE KEY')],
  ['private key', `-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI${made(43)}\n-----END PRIVATE KEY-----`],
  ['Vault token', `hvs.${made(90)}`],
  ['JSON web token', jwt],
];

const around: [kind: string, before: string, secret: string, after: string][] = [
  ['Slack webhook', 'https://hooks.slack.com/services/', `T${upper(8)}/B${upper(8)}/${made(24)}`, ''],
  ['Discord webhook', 'https://discord.com/api/webhooks/123456789012345678/', made(68), ' x'],
  ['Telegram bot token', '7123456789:', `AA${made(33)}`, '"'],
  ['AWS secret key', 'aws_secret_access_key = ', made(40), '\n'],
  ['AWS secret key', '"SecretAccessKey": "', made(40), '"'],
  ['npm token', '//npm.example.com/:_authToken=', `${hex(8)}-${hex(4)}-${hex(12)}`, '\n'],
  ['bearer token', 'curl -H "Authorization: Bearer ', made(32), '"'],
  ['bearer token', 'Use Bearer ', made(40), ' here'],
  ['GitHub token', '"authorization": "Bearer ', `ghp_${made(36)}`, '"'],
  ['basic authorization', 'Authorization: Basic ', made(20), ''],
  ['token in a URL', 'https://', made(32), '@github.com/a/b.git'],
  ['token in a URL', 'https://', made(32), ':x-oauth-basic@github.com/'],
  ['Azure key', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=', `${made(86)}==`, ';'],
  ['Azure client secret', 'aB~8', `Q~${made(32)}`, '"'],
  ['Azure signature', 'https://a.blob.core.windows.net/c?sv=2024&sig=', `${made(43)}%3D`, '&se=1'],
  ['password in a URL', 'postgres://ada:', 'q7Zp-2Lx9', '@db.host/x'],
  ['password in a URL', 'mongodb+srv://ada:', 'k3v%40Qq', '@c0.mongodb.net'],
  ['password in a URL', 'https://:', 'k3vQq92', '@h.io'],
  ['assigned secret', 'export API_TOKEN="', hex(40), '"'],
  ['assigned secret', '"api_key": "', made(32), '"'],
  ['assigned secret', 'https://h.io/mcp?api_key=', made(32), '&x=1'],
];

describe('findSecrets', () => {
  it.each(shaped)('finds %s %#', (kind, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['x\nkey: "', '"\n'],
      ['--k=', ' end'],
      ['a\\n', '\\n'],
      ['?k%3D', '&b=1'],
    ]) {
      const hits = findSecrets(`${before}${secret}${after}`);
      expect(hits.map((hit) => [hit.kind, hit.secret])).toEqual([[kind, secret]]);
    }
  });

  it.each(around)('finds %s after %j', (kind, before, secret, after) => {
    const [hit, ...more] = findSecrets(`é\r\n${before}${secret}${after}`);
    expect(more).toEqual([]);
    expect(hit).toEqual({ kind, secret, line: 2, column: before.length + 1 });
  });

  it('gives every hit in order, each with its line', () => {
    const text = `a ghp_${made(36)}\n\nhvs.${made(40)} AKIA${upper(16)}`;
    expect(findSecrets(text).map(({ line, column }) => [line, column])).toEqual([
      [1, 3],
      [3, 1],
      [3, 46],
    ]);
  });

  it.each([
    '',
    'sk-...',
    'sk-proj-...',
    'sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `sk-ant-api03-${'A'.repeat(90)}`,
    `sk-or-v1-${'0'.repeat(64)}`,
    'sk-ant-api03-your-key-goes-right-here-ok',
    'ghp_EXAMPLEexampleEXAMPLEexampleEXAMPLE01',
    'AKIAIOSFODNN7EXAMPLE',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'Authorization: Bearer <your key>',
    'Authorization: Bearer YOUR_API_KEY_HERE_1234',
    'Authorization: Bearer $TOKEN',
    `Authorization: Bearer ${ref('TOKEN')}`,
    'Bearer token-authentication-is-needed-here',
    'the key: value of a token = something_that_is_long_enough',
    'api_key: process.env.OPENAI_API_KEY_NUMBER_1',
    'api_key = os.environ["OPENAI_API_KEY"]',
    'token_url: https://example.com/oauth/v2/token/a1b2c3d4',
    'postgres://user:password@localhost/db',
    'postgres://postgres:postgres@localhost/db',
    'https://user:<password>@host.io',
    `https://u:${ref('PASSWORD')}@host.io`,
    'https://host.io:8080/a@b',
    'git@github.com:a/b.git and ssh://git@host.io/x',
    '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----',
    'a line that says -----BEGIN PRIVATE KEY----- in prose',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----',
    'task-sk-learn risk-averse-people-and-other-long-kebab-words-here',
    'sk-learn-is-a-very-long-package-name-of-python',
    'sha256-3af9c07be15d28463af9c07be15d28463af9c07be15d2846',
    'commit 3af9c07be15d28463af9c07be15d28463af9c07b',
    'eyJ is how a JWT starts, eyJhbGciOiJIUzI1NiJ9 its head',
    'key: 550e8400-e29b-41d4-a716-446655440000',
    'https://team-documentation-pages@host.io and mailto:ana@host.io',
    '?sig=none&v=1.0-beta and Q~A in a text',
  ])('finds nothing in %j', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it('ends on a large text and on hostile ones', () => {
    const words = 'Read the key file, then use `https://host.io/x`: token, secret, task-list; Bearer of news.\n';
    const evil = [
      'sk-',
      'sk-ant-api03-',
      '-----BEGIN PRIVATE KEY-----\n',
      'eyJ-',
      '-eyJaaaaaaaaaaa.',
      '://a:b',
      'a:AA',
    ];
    for (const piece of [words, ...evil, 'authorization: Bearer ', 'api_key=', 'xoxb-']) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      // A pattern that grows with the square would not end before the time limit of the test.
      expect(() => findSecrets(text), piece).not.toThrow();
    }
  });
});

describe('suspectLiteral', () => {
  it.each<[string[], string]>([
    [['mcp_servers', 'x', 'bearer_token'], 'abc'],
    [['mcp_servers', 'x', 'http_headers', 'Authorization'], 'Bearer abc'],
    [['mcpServers', 'x', 'headers', 'authorization'], 'Basic dTpw'],
    [['mcpServers', 'x', 'headers', 'X-Custom'], 'Bearer abcdef'],
    [['mcp_servers', 'x', 'env', 'GITHUB_TOKEN'], 'q7Zp2Lx9'],
    [['mcp_servers', 'x', 'env', 'DB_PASSWORD'], 'hunter2!longer'],
    [['mcp_servers', 'x', 'env', 'ANY'], made(32)],
    [['mcp_servers', 'x', 'env', 'ANY'], hex(40)],
    [['env', 'MY_SECRET'], 'correct1horse'],
    [['model_providers', 'x', 'experimental_bearer_token'], 'abc'],
    [['model_providers', 'x', 'api_key'], '550e8400-e29b-41d4-a716-446655440000'],
    [['apiKey'], 'q7Zp2Lx9-x'],
    [['mcpServers', 'x', 'url'], 'https://h.io/mcp?api_key=q7Zp2Lx9'],
    [['mcpServers', 'x', 'args'], '--api-key=q7Zp2Lx9'],
    [['mcpServers', 'x', 'env', 'A_TOKEN'], ref('A_TOKEN:-q7Zp2Lx9')],
    [['mcpServers', 'x', 'env', 'HARMLESS'], 'q7Zp2Lx9mK4v'],
    [['mcpServers', 'x', 'headers', 'X-Team'], 'k3v-q7Zp2Lx9mK4vR'],
    [['mcpServers', 'x', 'env', 'DB_PASSWORD'], 'correct-horse-battery'],
    [['mcpServers', 'x', 'headers', 'X-Api-Key'], 'correcthorse'],
    [['mcpServers', 'x', 'url'], 'https://ada:q7Zp-2Lx9@h.io/mcp'],
    [['mcpServers', 'x', 'url'], 'https://q7Zp2Lx9mK@h.io/mcp'],
    [['mcpServers', 'x', 'env', 'DATABASE_URL'], 'https://ada:correcthorse@h.io/mcp'],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], 'A_TOKEN=q7Zp2Lx9 run'],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], 'tool --api-key q7Zp2Lx9 run'],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], 'curl -u ada:q7Zp2Lx9 https://h.io'],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], "curl -H 'X-Api-Key: q7Zp2Lx9' https://h.io"],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], `curl -H "X-Team: ${made(24)}" https://h.io`],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], 'PGPASSWORD=q7!Zp2Lx9 psql'],
    [['mcpServers', 'x', 'env', 'PGPASSWORD'], 'p4ssw0rd!x'],
    [['mcpServers', 'x', 'env', 'DB_PASS'], 'q7Zp2Lx9'],
    [['mcpServers', 'x', 'env', 'MYSQL_PWD'], 'q7Zp2Lx9'],
    [['mcpServers', 'x', 'url'], `https://h.io/mcp?key=${made(24)}`],
    [['mcpServers', 'x', 'args'], `--key=${made(24)}`],
    [['shell_environment_policy', 'set', 'ANY'], made(24)],
  ])('suspects %j = %j', (path, value) => {
    const reason = suspectLiteral(path, value);
    expect(reason).toBeTypeOf('string');
    expect(reason).not.toContain(value);
  });

  it.each<[string[], string]>([
    [['mcp_servers', 'x', 'env', 'LOG_LEVEL'], 'debug'],
    [['mcp_servers', 'x', 'env', 'FLAG'], '1'],
    [['mcp_servers', 'x', 'env', 'HOST'], 'https://api.host.io/v1/a1b2c3d4e5f6a7b8'],
    [['mcp_servers', 'x', 'env', 'PATH'], '/opt/a1B2c3D4e5F6a7B8c9/bin'],
    [['mcp_servers', 'x', 'env', 'KEY_FILE'], 'a1B2c3D4'],
    [['mcp_servers', 'x', 'env', 'SSH_KEY'], '~/.ssh/id_ed25519'],
    [['mcp_servers', 'x', 'env', 'GITHUB_TOKEN'], ref('GITHUB_TOKEN')],
    [['mcp_servers', 'x', 'env', 'GITHUB_TOKEN'], '$GITHUB_TOKEN'],
    [['mcp_servers', 'x', 'env', 'GITHUB_TOKEN'], ref('GITHUB_TOKEN:-')],
    [['mcp_servers', 'x', 'env', 'GITHUB_TOKEN'], '<your token>'],
    [['mcp_servers', 'x', 'env', 'GITHUB_TOKEN'], 'op://vault/github/token1'],
    [['mcp_servers', 'x', 'env', 'MAX_TOKENS'], '128000'],
    [['mcp_servers', 'x', 'env', 'PUBLIC_KEY'], 'pk-lf-q7Zp2Lx9'],
    [['mcp_servers', 'x', 'env', 'OPTIONS'], '--max-old-space-size=4096'],
    [['mcp_servers', 'x', 'env_http_headers', 'Authorization'], 'GITHUB_AUTH_2'],
    [['mcp_servers', 'x', 'bearer_token_env_var'], 'GITHUB_TOKEN_1'],
    [['model_providers', 'x', 'env_key'], 'OPENROUTER_API_KEY'],
    [['mcpServers', 'x', 'headers', 'Authorization'], `Bearer ${ref('TOKEN')}`],
    [['mcpServers', 'x', 'headers', 'Accept'], 'application/json, text/event-stream'],
    [['mcpServers', 'x', 'headers', 'anthropic-version'], '2023-06-01'],
    [['mcpServers', 'x', 'args'], `--token=${ref('TOKEN')}`],
    [['mcpServers', 'x', 'command'], 'npx'],
    [['model'], 'anthropic/claude-opus-4-20250514'],
    [['keybindings', 'key'], 'ctrl+shift+k1'],
    [['apiKeyHelper'], 'bin/get-key-1.sh'],
    [['mcpServers', 'x', 'env', 'NODE_VERSION'], 'node20alpine3'],
    [['mcpServers', 'x', 'env', 'API_VERSION'], 'v1beta2preview'],
    [['mcpServers', 'x', 'env', 'FEATURE'], 'useNewTerminalUiByDefault'],
    [['mcpServers', 'x', 'env', 'CAMEL'], 'OpenRouterApiKeyV2'],
    [['mcpServers', 'x', 'env', 'REGION'], 'us-east-1a'],
    [['mcpServers', 'x', 'pwd'], 'q7Zp2Lx9-x'],
    [['mcpServers', 'x', 'env', 'MODEL'], `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${made(12)}`],
    [['mcpServers', 'x', 'url'], 'https://h.io/mcp?key=trackers&sort=key'],
    [['mcpServers', 'x', 'args'], '--key=server-key.pem'],
    [['mcpServers', 'x', 'env', 'DATE'], '2026-11-21T04:22:01Z'],
    [['mcpServers', 'x', 'env', 'AUTH_TOKEN'], 'disabled'],
    [['mcpServers', 'x', 'env', 'TOKEN_SOURCE'], 'environment'],
    [['mcpServers', 'x', 'url'], 'https://ada@h.io/mcp'],
    [['mcpServers', 'x', 'url'], 'ssh://git@h.io/a.git'],
    [['mcpServers', 'x', 'url'], `https://${ref('USER')}:${ref('PASSWORD')}@h.io/mcp`],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], 'tool --api-key $KEY --token-file /run/token1 -u ada:$PASSWORD'],
    [['hooks', 'Stop', '0', 'hooks', '0', 'command'], 'sort -u --key 2 list.txt && docker run -u 1000:1000 image'],
  ])('lets %j = %j pass', (path, value) => {
    expect(suspectLiteral(path, value)).toBeUndefined();
  });
});

describe('suspectsIn', () => {
  const argument = (...args: string[]): Value => ({ mcpServers: { x: { command: 'npx', args } } });

  it.each<[Value, string]>([
    [argument('--key', made(24)), '1'],
    [argument('-k', made(24)), '1'],
    [argument('--header', `X-Team: ${made(24)}`), '1'],
    [argument('-H', `X-Team: ${made(24)}`), '1'],
    [argument('run', '-e', `ANY=${made(24)}`), '2'],
    [argument('--env', `ANY=${made(24)}`), '1'],
    [argument('--config', JSON.stringify({ apiKey: made(24) })), '1'],
    [argument('--config', JSON.stringify({ auth: [`ghp_${made(36)}`] })), '1'],
  ])('finds the argument in %j', (value, index) => {
    expect(suspectsIn(value).map(({ path }) => path)).toEqual([['mcpServers', 'x', 'args', index]]);
  });

  it.each([
    argument('--key', 'server-key.pem', '-k', '/etc/tls/key', '-H', 'Accept: application/json', '-H', 'X-Team: a1'),
    argument('-e', 'LOG_LEVEL=debug', '-e', 'API_TOKEN', '--env', `API_TOKEN=${ref('API_TOKEN')}`, '-e', 'print(a1)'),
    argument('--config', JSON.stringify({ apiKey: ref('API_KEY') })),
  ])('finds nothing in %j', (value) => {
    expect(suspectsIn(value)).toEqual([]);
  });

  it('leaves out what the text of the file has told', () => {
    const told = new Set([`ghp_${made(36)}`]);
    expect(suspectsIn(argument([...told].join('')), told)).toEqual([]);
  });
});

describe('secretsIn', () => {
  it('gives what stands after the flags of keys, headers and variables, and in what the shell of Codex gets', () => {
    const [key, header, variable, set] = [made(24), `X-A: ${made(25)}`, `A=${made(26)}`, 'anything'];
    const args = ['--key', key, '--header', header, '-e', variable, '-H', 'Accept: text/html', '-e', 'LOG=debug'];
    expect(secretsIn({ args, shell_environment_policy: { inherit: 'core', set: { A: set } } })).toEqual([
      ...[key, header, variable, set],
    ]);
  });

  it('gives everything that stands in a secret place or looks like a secret', () => {
    const token = `ghp_${made(36)}`;
    const document: Value = {
      mcp_servers: {
        'my-token': {
          command: 'npx',
          args: ['-y', 'server', '--api-key', 'flagged', '--key-file=x.pem', '-e', 'A_TOKEN=given12'],
        },
        b: { url: `https://h.io/?token=queried&k=${token}`, http_headers: { 'X-A': 'header' }, bearer_token: 'bear' },
        c: {
          env: { A: 'plain', B: ref('B'), C: 'true', D: '1' },
          env_vars: ['NAME_ONE'],
          bearer_token_env_var: 'NAME_TWO',
        },
        d: { env_http_headers: { Authorization: 'NAME_THREE' }, headers: { Authorization: 'Bearer bearing' } },
      },
      oauthAccount: { emailAddress: 'ada@host.io', deep: [{ id: 123456789n }] },
      primaryApiKey: 'primary',
      model: 'opus',
      text: `see ${token}`,
    };
    expect(secretsIn(document).sort()).toEqual(
      [
        ...['flagged', 'given12', 'queried', token, 'header', 'bear', 'plain', 'Bearer bearing', 'bearing'],
        ...['ada@host.io', '123456789', 'primary'],
      ].sort(),
    );
  });

  it('gives nothing for what is harmless', () => {
    expect(secretsIn({})).toEqual([]);
    expect(
      secretsIn({ model: 'x', env_key: 'OPENAI_API_KEY', max_tokens: 'many', projects: { '/a': { trust: true } } }),
    ).toEqual([]);
  });
});

describe('maskSecrets', () => {
  it('hides secrets in every spelling and leaves the rest', () => {
    const secret = 'pä"ss\\wo\nrd/😀1';
    const spellings = [
      secret.replaceAll('\n', '\r\n').split('\r\n')[1] as string,
      JSON.stringify(secret),
      JSON.stringify(secret).replaceAll('/', '\\/'),
      `"${[...Array(secret.length).keys()].map((i) => `\\u${secret.charCodeAt(i).toString(16).toUpperCase().padStart(4, '0')}`).join('')}"`,
      `"${[...secret].map((c) => `\\U${(c.codePointAt(0) as number).toString(16).padStart(8, '0')}`).join('')}"`,
    ];
    for (const spelling of spellings) {
      const masked = maskSecrets(`a \\n ${spelling} z`, [secret]);
      expect(masked).toBe(spelling.startsWith('"') ? 'a \\n "<redacted>" z' : 'a \\n <redacted> z');
    }
  });

  it('hides each line of a secret of several lines, as a diff shows it', () => {
    const key = pem('PRIVATE KEY');
    const diff = key
      .split('\n')
      .map((line) => `+  ${line}`)
      .join('\n');
    expect(maskSecrets(diff, [key])).not.toContain(line64);
    expect(maskSecrets(`+${line64}`, [key])).toBe('+<redacted>');
  });

  it('hides what looks like a secret without being told, also when escaped', () => {
    const token = `ghp_${made(36)}`;
    expect(maskSecrets(`a ${token} b`, [])).toBe('a <redacted> b');
    expect(maskSecrets(`a ${token.replace('_', '\\u005f')} b`, [])).toBe('a <redacted> b');
  });

  it('hides a short secret only as a whole quoted string', () => {
    expect(maskSecrets('a = "abc" # abc "abcd" \'abc\'', ['abc'])).toBe('a = "<redacted>" # abc "abcd" \'<redacted>\'');
    expect(maskSecrets('a = ""', [''])).toBe('a = ""');
  });

  it('leaves no part of secrets that overlap', () => {
    expect(maskSecrets('xabcdefghiy', ['abcdef', 'defghi'])).toBe('x<redacted>y');
    expect(maskSecrets('aaaaaaaa', ['aaaaaa'])).toBe('<redacted>');
  });

  it('hides many as it hides each (law)', () => {
    const letters = fc.constantFrom('a', 'b', '"', "'", '\\', 'n', '\n');
    const texts = (most: number) => fc.array(letters, { maxLength: most }).map((each) => each.join(''));
    fc.assert(
      fc.property(texts(60), fc.array(texts(9), { minLength: 16, maxLength: 30 }), (text, secrets) => {
        const hidden = (masked: string) => Array.from(masked, (each) => each === '*');
        const mask = (some: readonly string[]) =>
          hidden(maskSecrets(text, some, (secret) => '*'.repeat(secret.length)));
        const alone = secrets.map((secret) => mask([secret]));
        expect(mask(secrets)).toEqual(Array.from(text, (_, index) => alone.some((each) => each[index])));
      }),
    );
  });

  it('changes nothing without secrets', () => {
    const text = 'a = "b\\n\\u00e9" # \\q \\';
    expect(maskSecrets(text, [])).toBe(text);
  });

  it('leaves no secret in any JSON text (law)', () => {
    const unit = fc.constantFrom('a', 'b', '"', '\\', '\n', 'é', '/', '😀', "'", '\t', '\u0001', ' ');
    const secret = fc.string({ unit, minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), fc.array(fc.string({ unit })), (secrets, texts) => {
        const values = texts.flatMap((text, index) => [text, secrets[index % secrets.length] as string, text]);
        const masked = maskSecrets(JSON.stringify(values, null, 1), secrets);
        for (const one of secrets) {
          expect(masked).not.toContain(one);
          expect(masked).not.toContain(JSON.stringify(one).slice(1, -1));
        }
      }),
      { numRuns: 500 },
    );
  });
});
