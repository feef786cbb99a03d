import type { KeyPath, Value } from '../../model/value.ts';
import type { FragmentProblem } from '../client.ts';
import { isEmpty, kindOf, type SharedEntry, wastedKeys } from './shared-server.ts';

/** What in an entry cannot be meant, whatever the client. */
export function contradictions(entry: SharedEntry): FragmentProblem[] {
  return [...typeProblems(entry), ...addressProblems(entry), ...wasteProblems(entry), ...headerProblems(entry)];
}

/** An entry of which nothing reaches a client; `root` is where the client's own file has servers. */
export function saysNothing({ name, path }: SharedEntry, root: string): FragmentProblem {
  const message = `server "${name}" says nothing: neither what to start nor what to call`;
  const remedy = 'Give it a "command" or a "url", or remove it.';
  return { code: 'empty-entry', path, message, remedy, solvedBy: [root, name] };
}

/** Neither client refuses such an address, and neither can connect to it. One with a reference in it is not known here. */
function addressProblems({ name, server: { url, type }, at }: SharedEntry): FragmentProblem[] {
  if (url === undefined || url.includes('${')) return [];
  const protocol = protocolOf(url) ?? '';
  const isSocket = /^wss?:$/.test(protocol);
  if (/^https?:$/.test(protocol) || (isSocket && type === 'ws')) return [];
  const message = `no client can connect to the url of server "${name}"`;
  return [
    {
      code: 'wrong-address',
      severity: 'warning',
      path: at('url'),
      message,
      remedy: isSocket ? 'Add "type": "ws", which only Claude Code takes.' : 'Write "https://…" or "http://…".',
    },
  ];
}

function protocolOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).protocol : undefined;
}

function typeProblems({ name, server, at }: SharedEntry): FragmentProblem[] {
  const { type, command, url } = server;
  const needed = type === 'stdio' ? 'command' : 'url';
  if (type === undefined || server[needed] !== undefined || (command ?? url) === undefined) return [];
  return [
    {
      code: 'type-mismatch',
      path: at('type'),
      message: `server "${name}" has the type "${type}", which needs a ${needed}, and has a ${needed === 'url' ? 'command' : 'url'}`,
      remedy: 'Correct the type or leave it out: a command means "stdio", a url means "http".',
    },
  ];
}

function wasteProblems(entry: SharedEntry): FragmentProblem[] {
  const { server, name, at } = entry;
  const keys = wastedKeys(entry).filter((key) => !isEmpty(server[key] as Value));
  const has = kindOf(server) === 'stdio' ? 'command' : 'url';
  return keys
    .filter((key) => key !== 'token' || server.token?.variable === undefined)
    .map((key) => ({
      code: 'key-without-effect',
      path: at(key),
      message: `"${key}" has no effect on server "${name}", which has a ${has}`,
      remedy: key === 'token' ? 'Remove it, or give it a "variable" that "env" refers to.' : 'Remove it.',
    }));
}

function headerProblems({ name, server, at }: SharedEntry): FragmentProblem[] {
  const seen = new Set<string>();
  const found = Object.keys(server.headers ?? {}).flatMap((header) => {
    const twice = seen.has(header.toLowerCase());
    seen.add(header.toLowerCase());
    return twice ? [saidTwice(at('headers', header), `server "${name}" has the header "${header}" twice`)] : [];
  });
  if (!server.token) return found;
  const header = server.token.header ?? 'Authorization';
  if (seen.has(header.toLowerCase()))
    found.push(saidTwice(at('token'), `server "${name}" has the header "${header}" from a token and in "headers"`));
  if (server.headersHelper !== undefined)
    found.push(saidTwice(at('token'), `server "${name}" has both "token" and "headersHelper"`));
  return found;
}

/** The problem of two keys that say one thing. */
export function saidTwice(path: KeyPath, message: string): FragmentProblem {
  return { code: 'said-twice', path, message, remedy: 'Keep one of them, in every layer the same.' };
}
