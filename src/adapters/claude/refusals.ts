import { isTable, type KeyPath, type Table, valueAt } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';

/** Names of servers that Claude Code 2.1 keeps for itself, in this spelling only. */
const reserved = [
  ...['__proto__', 'workspace', 'webagent', 'computer-use', 'hearthbot', 'remote-devices', 'ccr-email'],
  ...['claude_ai', 'claude-device', 'claude-code-remote', 'claude-in-chrome'],
  ...['Claude_in_Chrome', 'Claude_Browser', 'Claude_Preview', 'Slack sign-in (Claude Code tag)'],
];

/** Whether Claude Code would leave out a server because of its name. */
export function isReservedServer(name: string): boolean {
  return reserved.includes(name);
}

/** The servers of a `.claude.json` that Claude Code would skip. */
export function serverProblems(file: Table): FragmentProblem[] {
  const members = valueAt(file, ['mcpServers']);
  if (!isTable(members)) return [];
  return Object.entries(members).flatMap(([name, server]) => (isTable(server) ? serverProblem(name, server) : []));
}

function serverProblem(name: string, server: Table): FragmentProblem[] {
  const path = ['mcpServers', name];
  const [command, url] = [Object.hasOwn(server, 'command'), Object.hasOwn(server, 'url')];
  if (isReservedServer(name)) {
    const remedy = 'Rename it, or give the shared entry "clients": ["codex"]: Claude Code skips a server of this name.';
    return [refused(path, `the server name "${name}" is reserved by Claude Code`, remedy)];
  }
  if (command && url) return [refused(path, `server "${name}" has both command and url`)];
  if (!command && !url) return [refused(path, `server "${name}" has neither command nor url`)];
  if (url && (server.type === undefined || server.type === 'stdio')) {
    return [refused(path, `server "${name}" has a url but no type; add "type": "http"`)];
  }
  return [];
}

/** Tables of `settings.json` of which Claude Code 2.1.332 takes none without these keys: it then ignores the whole file. */
const complete: Readonly<Record<string, readonly string[]>> = {
  statusLine: ['type', 'command'],
  fileSuggestion: ['type', 'command'],
  spinnerVerbs: ['mode', 'verbs'],
};

/** Why Claude Code would ignore a `settings.json`, as far as parts of it could come from two sides. */
export function settingsRefusals(file: Table): string[] {
  return Object.entries(complete).flatMap(([key, needed]) => {
    const table = file[key];
    if (!isTable(table)) return [];
    return needed.filter((one) => table[one] === undefined).map((one) => `"${key}" has no "${one}"`);
  });
}

const skips = 'Correct it: Claude Code skips such an entry.';

/** Something that Claude Code does not take. */
export function refused(path: KeyPath, message: string, remedy = skips): FragmentProblem {
  return { code: 'client-refuses', path, message, remedy };
}
