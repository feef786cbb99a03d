import { diffLines } from 'diff';
import { describe, expect, test } from 'vitest';
import { type Amendment, type EditableFormat, Malformed, Unplaceable } from '../../src/formats/format.ts';
import { json, unmarkedJson } from '../../src/formats/json/json.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { amendment } from './amend-cases.ts';

const settings = `{
  "model": "opus",
  "permissions": {
    "deny": [
      "Read(./.env)",
      "Bash(rm:*)",
      "WebFetch"
    ],
    "allow": ["Bash(ls)", "Bash(git status)"]
  },
  "hooks": {
    "PreToolUse": [
      {
        "matcher": "Bash",
        "hooks": [{ "type": "command", "command": "check", "timeout": 5.0 }]
      }
    ]
  },
  "mcpServers": {
    "docs": { "command": "npx", "args": ["-y", "docs"] }
  }
}
`;

const config = `# Our Codex

model = 'gpt-5' # the good one
notify = [
  "notify-send", # Linux only
  # the title
  "Codex" # name
]
developer_instructions = """
Be brief.
Say "why".
"""
features.web = true

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs"] # quiet
env = { LANG = "C" }

# The team's.
[mcp_servers.team]
url = "https://team.example/mcp"
[mcp_servers.team.http_headers]
X-Team = "a"

[[hooks.PreToolUse]]
matcher = "Bash"

[[hooks.PreToolUse.hooks]]
type = "command"
command = "check" # fast

[tui]
theme = "nord"
`;

/** What a person would see in a diff: the lines that went and the lines that came. */
function diff(format: EditableFormat, text: string, parts: Partial<Amendment>): string[] {
  return diffLines(text, format.amend(text, amendment(parts))).flatMap(({ value, added, removed }) => {
    const lines = value.replace(/\n$/, '').split('\n');
    return added || removed ? lines.map((line) => (added ? '+' : '-') + line) : [];
  });
}

type Example = readonly [what: string, parts: Partial<Amendment>, diff: readonly string[]];

describe('amending settings.json', () => {
  const handler = ['hooks', 'PreToolUse', '0', 'hooks', '0'];
  test.each<Example>([
    [
      'changes the command of a handler',
      { set: [{ path: [...handler, 'command'], value: 'check {{client.home}}' }] },
      [
        '-        "hooks": [{ "type": "command", "command": "check", "timeout": 5.0 }]',
        '+        "hooks": [{ "type": "command", "command": "check {{client.home}}", "timeout": 5.0 }]',
      ],
    ],
    [
      'changes only what differs of a hook group, and keeps the spelling of its numbers',
      {
        set: [
          {
            path: ['hooks', 'PreToolUse', '0'],
            value: { matcher: 'Bash|Edit', hooks: [{ type: 'command', command: 'check', timeout: 5 }] },
          },
        ],
      },
      ['-        "matcher": "Bash",', '+        "matcher": "Bash|Edit",'],
    ],
    ['takes a rule out of a list with lines', { remove: [['permissions', 'deny', '1']] }, ['-      "Bash(rm:*)",']],
    [
      'takes the last rule out of a list with lines',
      { remove: [['permissions', 'deny', '2']] },
      ['-      "Bash(rm:*)",', '-      "WebFetch"', '+      "Bash(rm:*)"'],
    ],
    [
      'takes a rule out of a list on one line',
      { remove: [['permissions', 'allow', '0']] },
      ['-    "allow": ["Bash(ls)", "Bash(git status)"]', '+    "allow": ["Bash(git status)"]'],
    ],
    [
      'adds rules to both',
      {
        append: [
          { path: ['permissions', 'deny'], value: 'Edit(./x)' },
          { path: ['permissions', 'allow'], value: 'Bash(pwd)' },
        ],
      },
      [
        '-      "WebFetch"',
        '+      "WebFetch",',
        '+      "Edit(./x)"',
        '-    "allow": ["Bash(ls)", "Bash(git status)"]',
        '+    "allow": ["Bash(ls)", "Bash(git status)", "Bash(pwd)"]',
      ],
    ],
    [
      'adds a server as its sibling is written',
      { set: [{ path: ['mcpServers', 'team'], value: { type: 'http', url: 'u', list: ['a'] } }] },
      [
        '-    "docs": { "command": "npx", "args": ["-y", "docs"] }',
        '+    "docs": { "command": "npx", "args": ["-y", "docs"] },',
        '+    "team": { "type": "http", "url": "u", "list": ["a"] }',
      ],
    ],
    [
      'makes parents and lists that are not there',
      { set: [{ path: ['env', 'A'], value: '1' }], append: [{ path: ['permissions', 'ask'], value: 'Bash' }] },
      [
        '-    "allow": ["Bash(ls)", "Bash(git status)"]',
        '+    "allow": ["Bash(ls)", "Bash(git status)"],',
        '+    "ask": ["Bash"]',
        '+  },',
        '+  "env": {',
        '+    "A": "1"',
      ],
    ],
    [
      'leaves an empty parent',
      { remove: [['mcpServers', 'docs']] },
      [
        '-  "mcpServers": {',
        '-    "docs": { "command": "npx", "args": ["-y", "docs"] }',
        '-  }',
        '+  "mcpServers": {}',
      ],
    ],
  ])('%s', (_, parts, expected) => {
    expect(diff(json, settings, parts)).toEqual(expected);
  });

  test('keeps line ends, byte order mark and indentation', () => {
    const text = '\uFEFF{\r\n\t"a": [\r\n\t\t1\r\n\t]\r\n}';
    const set = [{ path: ['b', 'c'], value: true }];
    expect(json.amend(text, amendment({ set, append: [{ path: ['a'], value: 2 }] }))).toBe(
      '\uFEFF{\r\n\t"a": [\r\n\t\t1,\r\n\t\t2\r\n\t],\r\n\t"b": {\r\n\t\t"c": true\r\n\t}\r\n}',
    );
  });

  test('writes a new file as people have it', () => {
    const group = { matcher: 'Bash', hooks: [{ type: 'command', command: 'check' }] };
    const made = unmarkedJson.amend('', amendment({ append: [{ path: ['hooks', 'PreToolUse'], value: group }] }));
    expect(made).toBe(`${JSON.stringify({ hooks: { PreToolUse: [group] } }, null, 2)}\n`);
    expect(json.amend('', amendment({ remove: [['a']] }))).toBe('');
  });
});

describe('amending config.toml', () => {
  test.each<Example>([
    [
      'keeps the quotes and the comment of a line',
      { set: [{ path: ['model'], value: 'o3' }] },
      ["-model = 'gpt-5' # the good one", "+model = 'o3' # the good one"],
    ],
    [
      'takes other quotes where the value needs them',
      { set: [{ path: ['model'], value: "it's" }] },
      ["-model = 'gpt-5' # the good one", '+model = "it\'s" # the good one'],
    ],
    [
      'shows the changed line of a long text',
      { set: [{ path: ['developer_instructions'], value: 'Be brief.\nSay "how".\n' }] },
      ['-Say "why".', '+Say "how".'],
    ],
    [
      'adds an element below the last one, whose comment stays with it',
      { set: [{ path: ['notify'], value: ['notify-send', 'Codex', 'now'] }] },
      ['-  "Codex" # name', '+  "Codex", # name', '+  "now"'],
    ],
    [
      'takes an element out with its comment, and the comma that is too much',
      { remove: [['notify', '1']] },
      ['-  "notify-send", # Linux only', '+  "notify-send" # Linux only', '-  "Codex" # name'],
    ],
    [
      'adds a key to an inline table',
      { set: [{ path: ['mcp_servers', 'docs', 'env', 'TZ'], value: 'UTC' }] },
      ['-env = { LANG = "C" }', '+env = { LANG = "C", TZ = "UTC" }'],
    ],
    [
      'adds a key to a table below a header',
      { set: [{ path: ['mcp_servers', 'team', 'http_headers', 'X-New'], value: 'b' }] },
      ['+X-New = "b"'],
    ],
    [
      'adds a table that fits on a line of its parent',
      { set: [{ path: ['mcp_servers', 'docs', 'http_headers', 'X'], value: '1' }] },
      ['+http_headers = { X = "1" }'],
    ],
    [
      'adds a dotted key beside its siblings',
      { set: [{ path: ['features', 'apps'], value: false }] },
      ['+features.apps = false'],
    ],
    [
      'adds a server below the other servers',
      {
        set: [
          { path: ['mcp_servers', 'new', 'command'], value: 'run' },
          { path: ['mcp_servers', 'new', 'env'], value: { A: '1' } },
        ],
      },
      ['+[mcp_servers.new]', '+command = "run"', '+env = { A = "1" }', '+'],
    ],
    [
      'adds a table at the end',
      { set: [{ path: ['desktop', 'deep'], value: { a: 1n } }] },
      ['+', '+[desktop.deep]', '+a = 1'],
    ],
    [
      'changes the command of a handler',
      { set: [{ path: ['hooks', 'PreToolUse', '0', 'hooks', '0', 'command'], value: 'look' }] },
      ['-command = "check" # fast', '+command = "look" # fast'],
    ],
    [
      'adds a group below the last one, and not into it',
      { append: [{ path: ['hooks', 'PreToolUse'], value: { hooks: [{ type: 'command', command: 'b' }] } }] },
      ['+[[hooks.PreToolUse]]', '+hooks = [{ type = "command", command = "b" }]', '+'],
    ],
    [
      'takes a server out, with its tables and one blank line, and leaves the comment above it',
      { remove: [['mcp_servers', 'team']] },
      ['-[mcp_servers.team]', '-url = "https://team.example/mcp"', '-[mcp_servers.team.http_headers]', '-X-Team = "a"'],
    ],
    ['leaves a header without keys', { remove: [['tui', 'theme']] }, ['-theme = "nord"']],
    ['takes the last dotted key out', { remove: [['features', 'web']] }, ['-features.web = true']],
  ])('%s', (_, parts, expected) => {
    expect(diff(toml, config, parts)).toEqual(expected);
  });

  test('puts new tables below those of the same parent', () => {
    const set = [{ path: ['mcp_servers', 'new', 'url'], value: 'u' }];
    const append = [{ path: ['hooks', 'PreToolUse'], value: { matcher: 'Edit' } }];
    const after = toml.amend(config, amendment({ set, append }));
    expect(after).toContain('X-Team = "a"\n\n[mcp_servers.new]\nurl = "u"\n\n[[hooks.PreToolUse]]\nmatcher = "Bash"');
    expect(after).toContain('# fast\n\n[[hooks.PreToolUse]]\nmatcher = "Edit"\n\n[tui]');
  });

  test('keeps line ends, byte order mark and the end without a newline', () => {
    const text = '\uFEFF# mine\r\na = 1\r\n\r\n[t]\r\nb = """\r\none\r\n"""';
    const set = [
      { path: ['t', 'b'], value: 'two\r\n"""\r\n' },
      { path: ['t', 'c'], value: 1n },
      { path: ['new', 'x'], value: 'y' },
    ];
    const after = toml.amend(text, amendment({ set }));
    expect(after).toBe(
      '\uFEFF# mine\r\na = 1\r\n\r\n[t]\r\nb = """\r\ntwo\r\n\\"""\r\n"""\r\nc = 1\r\n\r\n[new]\r\nx = "y"',
    );
    expect(toml.amend(after, amendment({ remove: [['new'], ['t', 'c']] }))).toBe(text.replace('one', 'two\r\n\\"""'));
  });

  test('puts the first root key between the comment of the file and its tables', () => {
    const set = [{ path: ['model'], value: 'o3' }];
    expect(toml.amend('# mine\n\n# about t\n[t]\n', amendment({ set }))).toBe(
      '# mine\n\nmodel = "o3"\n\n# about t\n[t]\n',
    );
    expect(toml.amend('[t]\na = 1\n', amendment({ set }))).toBe('model = "o3"\n\n[t]\na = 1\n');
  });

  test('writes a new file with root keys first and a header for each table', () => {
    const set = [
      { path: ['mcp_servers', 'docs'], value: { command: 'npx', args: ['-y'] } },
      { path: ['mcp_servers', 'team'], value: { url: 'u' } },
      { path: ['model'], value: 'o3' },
      { path: ['features'], value: { web: true } },
    ];
    expect(toml.amend('', amendment({ set }))).toBe(
      'model = "o3"\n\n[mcp_servers.docs]\ncommand = "npx"\nargs = ["-y"]\n\n[mcp_servers.team]\nurl = "u"\n\n[features]\nweb = true\n',
    );
  });
});

describe('an amendment is refused', () => {
  test.each<readonly ['json' | 'toml', string, Partial<Amendment>, number | undefined, RegExp]>([
    ['json', '{\n "a": 1}', { set: [{ path: ['a', 'b'], value: 1 }] }, 2, /"a" holds no keys/],
    ['json', '{"a": [1]}', { set: [{ path: ['a', '1'], value: 1 }] }, 1, /no element 1/],
    ['json', '{"a": [1]}', { set: [{ path: ['a', 'x', 'y'], value: 1 }] }, 1, /no element x/],
    ['json', '{"a": {}}', { append: [{ path: ['a'], value: 1 }] }, 1, /"a" is not a list/],
    ['json', '{"a": {},\n"a": {}}', { set: [{ path: ['a', 'b'], value: 1 }] }, 2, /there twice/],
    ['json', '{"a": 1,\n"a": 2}', { remove: [['a']] }, 2, /there twice/],
    ['json', '{}', { remove: [['a'], ['a', 'b']] }, undefined, /two changes meet/],
    ['json', '{}', { set: [{ path: ['a'], value: [] }], append: [{ path: ['a'], value: 1 }] }, undefined, /meet/],
    ['json', '{}', { remove: [[]] }, undefined, /the whole file/],
    ['json', '{}', { set: [{ path: ['a'], value: Number.NaN }] }, undefined, /more than it should/],
    ['toml', 'a = 1\n\n[b]\nc = 2\n', { set: [{ path: ['b', 'c', 'd'], value: 1 }] }, 4, /"c" holds no keys/],
    ['toml', 'a = 1\n', { set: [{ path: ['b'], value: [null] }] }, undefined, /no null/],
    ['toml', '[[a]]\nb = 1\n', { append: [{ path: ['a'], value: 1 }] }, 1, /only tables/],
    ['toml', '[[a]]\nb = 1\n', { set: [{ path: ['a', '0'], value: 1 }] }, 1, /can only be a table/],
  ])('%s: %j %j', (name, text, parts, line, reason) => {
    const amend = () => ({ json, toml })[name].amend(text, amendment(parts));
    expect(amend).toThrow(Unplaceable);
    expect(amend).toThrow(expect.objectContaining({ line, message: expect.stringMatching(reason) }));
  });

  test('for a text that does not parse', () => {
    expect(() => json.amend('{"a": }', amendment({}))).toThrow(Malformed);
    expect(() => toml.amend('a = \n', amendment({}))).toThrow(Malformed);
  });
});
