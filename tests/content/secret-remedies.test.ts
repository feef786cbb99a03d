import { expect, it } from 'vitest';
import { secretRemedy } from '../../src/content/secrets/secret-remedies.ts';

const ref = (name: string) => `$\{${name}}`;

it.each<[file: string, at: string[] | undefined, remedy: string]>([
  ['clients/shared/mcp.json', ['mcpServers', 'x', 'env', 'A_KEY'], `Write "A_KEY": "${ref('A_KEY')}" instead.`],
  [
    'clients/shared/mcp.json',
    ['mcpServers', 'x', 'headers', 'authorization'],
    `Write "authorization": "Bearer ${ref('API_TOKEN')}" instead.`,
  ],
  [
    'clients/claude/mcp-fragment.json',
    ['mcpServers', 'env', 'headers', 'X-Api-Key'],
    `Write "X-Api-Key": "${ref('X_API_KEY')}" instead.`,
  ],
  [
    'clients/shared/mcp.json',
    ['mcpServers', 'x', 'url'],
    `Take it out of the URL and write "headers": { "Authorization": "Bearer ${ref('API_TOKEN')}" }.`,
  ],
  ['clients/shared/mcp.json', ['mcpServers', 'x', 'args', '1'], `Write ${ref('API_TOKEN')} in its place.`],
  [
    'clients/codex/config-fragment.toml',
    ['mcp_servers', 'x', 'env', 'A_KEY'],
    'Write env_vars = ["A_KEY"] in the server instead.',
  ],
  [
    'clients/codex/config-fragment.toml',
    ['mcp_servers', 'x', 'bearer_token'],
    'Write bearer_token_env_var = "API_TOKEN" in the server instead.',
  ],
  [
    'clients/codex/config-fragment.toml',
    ['mcp_servers', 'x', 'http_headers', 'Authorization'],
    'Write bearer_token_env_var = "API_TOKEN" in the server instead.',
  ],
  [
    'clients/codex/config-fragment.toml',
    ['mcp_servers', 'x', 'http_headers', 'X-Api-Key'],
    'Write env_http_headers = { "X-Api-Key" = "X_API_KEY" } instead.',
  ],
  [
    'clients/codex/config-fragment.toml',
    ['model_providers', 'x', 'http_headers', 'Authorization'],
    'Write env_http_headers = { "Authorization" = "Authorization" } instead.',
  ],
  ['clients/codex/profiles/a.toml', ['model_providers', 'x', 'api_key'], 'Write env_key = "API_KEY" instead.'],
  [
    'clients/codex/config-fragment.toml',
    ['mcp_servers', 'x', 'args', '1'],
    'Let the server read an environment variable, and write env_vars = ["API_TOKEN"] in the server.',
  ],
  [
    'clients/shared/hooks.json',
    ['hooks', 'Stop', '0', 'hooks', '0', 'command'],
    'Let the command read an environment variable, such as $API_TOKEN.',
  ],
  [
    'clients/claude/settings-fragment.json',
    ['env', 'A_TOKEN'],
    'Set an environment variable where the client is started instead.',
  ],
  [
    'clients/shared/skills/a/SKILL.md',
    undefined,
    'Name an environment variable in the text instead, such as $API_TOKEN.',
  ],
])('in %s, %j: what to write instead', (file, at, remedy) => {
  expect(secretRemedy(file, at)).toBe(`Take it out of the repository and its history. ${remedy}`);
});
