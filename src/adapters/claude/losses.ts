import type { KeyPath } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';
import { referencesIn } from '../servers/references.ts';
import type { SharedEntry } from '../servers/shared-server.ts';

/** Claude starts an entry whatever its `disabled` or `enabled` says, so it does not get the entry. */
export function notDeployed({ name, at }: SharedEntry): FragmentProblem {
  return {
    code: 'not-deployed',
    severity: 'note',
    path: at('enabled'),
    message: `Claude Code does not get server "${name}": it has no key that turns a server off`,
    remedy: 'Nothing is to be done; the entry comes back with "enabled": true.',
    solvedBy: ['mcpServers', name],
  };
}

/** What an entry says that Claude does not do. */
export function losses(entry: SharedEntry): FragmentProblem[] {
  return [...keyLosses(entry), ...toolLosses(entry), ...withheld(entry)];
}

type LostKey = 'cwd' | 'startupTimeout' | 'required';

const lostKeys: Readonly<Record<LostKey, readonly ['warning' | 'note', why: string, remedy: string]>> = {
  cwd: ['warning', 'it starts servers in the folder of the session', 'Name files by their whole path.'],
  startupTimeout: ['note', 'it has one for all servers', 'Set the environment variable MCP_TIMEOUT, in milliseconds.'],
  required: ['note', 'it starts without a server that fails', 'Nothing is to be done.'],
};

function keyLosses({ name, server, at }: SharedEntry): FragmentProblem[] {
  const lost = (Object.keys(lostKeys) as LostKey[]).filter((key) => server[key] !== undefined && server[key] !== false);
  return lost.map((key) => {
    const [severity, why, remedy] = lostKeys[key];
    const message = `Claude Code has no "${key}" for server "${name}": ${why}`;
    return { code: 'no-counterpart', severity, path: at(key), message, remedy };
  });
}

/** Claude gets every tool of a server; which ones it may call is a matter of permission rules. */
function toolLosses({ name, server, at }: SharedEntry): FragmentProblem[] {
  const rule = (tool: string) => `"mcp__${name.replace(/[^\w-]/g, '_')}__${tool}"`;
  const denied = (server.disabledTools ?? []).map(rule).join(', ');
  const where = 'permissions.deny of clients/claude/settings-fragment.json';
  const lost: [key: 'enabledTools' | 'disabledTools', remedy: string][] = [];
  if (server.enabledTools) lost.push(['enabledTools', `Put a rule ${rule('TOOL')} for each other tool into ${where}.`]);
  if (denied !== '') lost.push(['disabledTools', `Put ${denied} into ${where}.`]);
  return lost.map(([key, remedy]) => ({
    code: 'no-counterpart',
    severity: 'warning',
    path: at(key),
    message: `Claude Code has no "${key}" for server "${name}": it gets every tool`,
    remedy,
  }));
}

/** Credentials that Claude 2.1 replaces by nothing wherever they are referred to; a part of its list, measured. */
const withheldEverywhere = /^(?:CLAUDE_CODE_OAUTH_(?:REFRESH_)?TOKEN|MCP_CLIENT_SECRET)$/;
/** And those that it replaces by nothing only in what it sends to a server. */
const withheldInRequests =
  /^(?:ANTHROPIC_(?:API_KEY|AUTH_TOKEN)|AWS_(?:SECRET_ACCESS_KEY|BEARER_TOKEN_BEDROCK)|GOOGLE_APPLICATION_CREDENTIALS|NPM_TOKEN)$/;

function withheld(entry: SharedEntry): FragmentProblem[] {
  const isRemote = entry.server.url !== undefined;
  const isWithheld = (variable: string) =>
    withheldEverywhere.test(variable) || (isRemote && withheldInRequests.test(variable));
  return expandedTexts(entry).flatMap(([path, text]) =>
    referencesIn(text)
      .filter((reference) => isWithheld(reference.name))
      .map((reference) => ({
        code: 'withheld-variable',
        severity: 'warning' as const,
        path,
        message: `Claude Code gives server "${entry.name}" an empty text for "\${${reference.name}}"`,
        remedy: isRemote ? 'Use a variable of another name, or "token".' : 'Use a variable of another name.',
      })),
  );
}

/** The texts in which Claude puts the values of variables, and where they stand. */
function expandedTexts({ server, at }: SharedEntry): [KeyPath, string][] {
  const { command, args = [], url } = server;
  const tables = (['env', 'headers'] as const).flatMap((key) =>
    Object.entries(server[key] ?? {}).map(([member, text]): [KeyPath, string] => [at(key, member), text]),
  );
  return [
    ...(command === undefined ? [] : [[at('command'), command] satisfies [KeyPath, string]]),
    ...args.map((text, index): [KeyPath, string] => [at('args', String(index)), text]),
    ...tables,
    ...(url === undefined ? [] : [[at('url'), url] satisfies [KeyPath, string]]),
  ];
}
