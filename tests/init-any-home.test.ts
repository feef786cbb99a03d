import { describe, expect, it } from 'vitest';
import { richClaudeJson, richInstructions, richSettings } from './support/claude-home.ts';
import { peculiarConfigs, richAgents, richConfig } from './support/codex-home.ts';
import { sampled } from './support/law-runs.ts';
import { everyHome, take } from './support/take-world.ts';

/** Whatever stands in a home: taking it along changes nothing there, and both sides are equal afterwards. */
const homes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  nothing: {},
  'all that is rich': {
    '.codex/config.toml': richConfig,
    '.codex/AGENTS.md': richAgents,
    '.claude/settings.json': richSettings,
    '.claude.json': richClaudeJson(),
    '.claude/CLAUDE.md': richInstructions,
  },
  ...everyHome(peculiarConfigs, '.codex/config.toml'),
  ...everyHome(
    {
      'a byte order mark': '\uFEFF# Mine\n\nShortly.\n',
      CRLF: '# Mine\r\n\r\nShortly.\r\n',
      'blank lines at both ends': '\n\n# Mine\n\nShortly.  \n\n\n',
      'no line end': '# Mine\n\nShortly.',
      'trailing spaces': '# Mine\n\nShortly.   \n \t\n',
      'blank lines only': '\n \n\n',
      'a comment like a memory of ours': '# Mine\n\n<!-- memory/x.md -->\nA\n<!-- /memory/x.md -->\n',
      'text with tokens': 'Say {{client.name}} and {{var.NOT_THERE}} and {{other}}.\n',
    },
    '.claude/CLAUDE.md',
  ),
  ...everyHome(
    {
      'settings of a wrong type': '{"permissions": {"allow": "all"}, "model": 3}\n',
      'a rule twice': '{"permissions": {"allow": ["Edit", "Edit"]}}\n',
      'null and nothing': '{"model": null, "env": {}, "permissions": {"allow": []}, "hooks": {"Stop": []}}\n',
      'names that JavaScript knows': '{"__proto__": {"a": 1}, "constructor": 2, "env": {"__proto__": "x"}}\n',
    },
    '.claude/settings.json',
  ),
  ...everyHome(
    {
      'servers that Claude skips':
        '{"mcpServers": {"a": {}, "b": {"command": 3}, "workspace": {"command": "x"}, "c": {"url": "https://c.example.com"}, "d": null, "e": {"command": "e", "url": "u"}}}\n',
      'servers that are no table': '{"mcpServers": [1]}\n',
      'a server with keys of its own': '{"mcpServers": {"a": {"command": "a", "customKey": 1, "env": {"A": "1"}}}}\n',
    },
    '.claude.json',
  ),
};

describe('init --from-runtime of any home', () => {
  it.each(sampled(Object.keys(homes), 1))('%s', async (name) => {
    await take(homes[name] ?? {});
    expect.hasAssertions();
  });
});
