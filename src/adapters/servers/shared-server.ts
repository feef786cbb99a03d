import type { KeyPath, Value } from '../../model/value.ts';

/** A server of `clients/shared/mcp.json` in one spelling: other programs' names of keys and references are gone. */
export interface SharedServer {
  readonly type?: 'stdio' | 'http' | 'sse' | 'ws';
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headersHelper?: string;
  readonly token?: SharedToken;
  readonly oauth?: { readonly clientId?: string; readonly callbackPort?: bigint | number; readonly scopes?: string };
  /** Milliseconds. */
  readonly timeout?: bigint | number;
  /** Milliseconds. */
  readonly startupTimeout?: bigint | number;
  readonly enabled?: boolean;
  readonly required?: boolean;
  readonly enabledTools?: readonly string[];
  readonly disabledTools?: readonly string[];
  readonly clients?: readonly string[];
}

/** A header that comes from a token file of this machine. */
export interface SharedToken {
  readonly name: string;
  readonly header?: string;
  /** An environment variable that is kept in step with the file; no client's configuration says it. */
  readonly variable?: string;
}

/** An entry as its file spells it. */
export interface SharedEntry {
  readonly name: string;
  readonly path: KeyPath;
  readonly server: SharedServer;
  /** Where a key of `server`, or what is in it, stands in the file. */
  at(key: keyof SharedServer, ...deeper: string[]): KeyPath;
}

/** How a server is reached; undefined where the entry leaves it to the client's own fragment, or says both. */
export function kindOf({ command, url, type }: SharedServer): 'stdio' | 'remote' | undefined {
  if (command !== undefined && url !== undefined) return undefined;
  if (command !== undefined || url !== undefined) return command === undefined ? 'remote' : 'stdio';
  return type === undefined ? undefined : type === 'stdio' ? 'stdio' : 'remote';
}

const keysOfStdio = ['args', 'env', 'cwd'] as const;
const keysOfRemote = ['headers', 'headersHelper', 'oauth', 'token'] as const;

/** The keys that can have no effect on a server that is reached in the other way. */
export function wastedKeys({ server }: SharedEntry): (keyof SharedServer)[] {
  const kind = kindOf(server);
  if (kind === undefined) return [];
  return (kind === 'remote' ? keysOfStdio : keysOfRemote).filter((key) => server[key] !== undefined);
}

/** True for an empty list or table. */
export function isEmpty(value: Value): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
