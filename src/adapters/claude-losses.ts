import type { KeyPath } from '../model/value.ts';
import type { FragmentProblem } from './client.ts';
import { referencesIn } from './references.ts';
import type { SharedEntry } from './shared-server.ts';

/** Claude starts an entry whatever its `disabled` or `enabled` says, so it does not get the entry. */
export function notDeployed({ name, at }: SharedEntry): FragmentProblem {
  return {
    code: 'not-deployed',
    severity: 'note',
    path: at('enabled'),
    message: `Claude Code does not get server "${name}": it has no key that turns a server off`,
    remedy: 'Nothing is to be done; the entry comes back with "enabled": true.',
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

/** Credentials that Claude 2.1 replaces by nothing in what it sends to a server; a part of its list, measured. */
const withheldNames =
  /^(?:ANTHROPIC_(?:API_KEY|AUTH_TOKEN)|CLAUDE_CODE_OAUTH_TOKEN|AWS_(?:SECRET_ACCESS_KEY|BEARER_TOKEN_BEDROCK)|GOOGLE_APPLICATION_CREDENTIALS|NPM_TOKEN)$/;

function withheld({ name, server, at }: SharedEntry): FragmentProblem[] {
  const texts: [KeyPath, string][] = Object.entries(server.headers ?? {}).map(([key, text]) => [
    at('headers', key),
    text,
  ]);
  if (server.url !== undefined) texts.push([at('url'), server.url]);
  return texts.flatMap(([path, text]) =>
    referencesIn(text)
      .filter((reference) => withheldNames.test(reference.name))
      .map((reference) => ({
        code: 'withheld-variable',
        severity: 'warning' as const,
        path,
        message: `Claude Code sends server "${name}" an empty text for "\${${reference.name}}"`,
        remedy: 'Use a variable of another name, or "token".',
      })),
  );
}
