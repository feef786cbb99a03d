import { once } from '../../model/memo/once.ts';
import { isTable, type Table } from '../../model/value.ts';
import type { FragmentProblem, NameProblem, ServerNames } from '../client.ts';

const taken = /^[a-zA-Z0-9_:@/.-]+$/;
/** Claude Code takes a tool by `mcp__<server>__<tool>`, of at most so many letters. */
const longestTool = 128;
const longestName = longestTool - 'mcp____t'.length;
/** What leaves room for the names of tools. */
const longName = 64;

/** Codex 0.169 to 0.171 starts no other server: "Invalid MCP server name '…': must match pattern". */
export const codexServerNames: ServerNames = {
  table: 'mcp_servers',
  problems: (names) => {
    const advise = adviser(names);
    return names.flatMap((name) => (taken.test(name) ? [] : [notTaken(name, advise)]));
  },
};

function notTaken(name: string, advise: Adviser): NameProblem {
  const message = `Codex does not start the server ${JSON.stringify(name)}: its name may hold only letters from a to z, digits and _ : @ / . -`;
  return { name, message, remedy: advise(name, 'claude') };
}

/**
 * Claude Code 2.1.329 to 2.1.332 calls the tools of a server `mcp__<name>__…`, with `_` for whatever is not a letter from a to z, a
 * digit, `_` or `-`. Servers that are one by that are offered to the model as one, and a tool of the same name in both is lost.
 */
export const claudeServerNames: ServerNames = { table: 'mcpServers', problems: claudeProblems };

function claudeProblems(names: readonly string[]): NameProblem[] {
  const first = new Map<string, string>();
  const advise = adviser(names);
  return names.flatMap((name) => {
    const called = calledByClaude(name);
    const other = first.get(called);
    if (other === undefined) first.set(called, name);
    else return [merged(name, other, advise)];
    return claudeProblem(name, called, advise) ?? [];
  });
}

function claudeProblem(name: string, called: string, advise: Adviser): NameProblem | undefined {
  const remedy = advise(name, 'codex');
  const quoted = JSON.stringify(name.length > longestName ? `${name.slice(0, 40)}…` : name);
  if (name === '') return { name, message: 'a server has an empty name', remedy };
  if (name === 'ide')
    return { name, message: 'Claude Code keeps the server name "ide", and offers none of its tools', remedy };
  if (name.length > longestName)
    return { name, message: `Claude Code offers no tool of the server ${quoted}: its name is too long`, remedy };
  const odd = oddity(name, called);
  return odd === undefined
    ? undefined
    : { name, severity: 'warning', message: `the server name ${quoted} ${odd}`, remedy };
}

function oddity(name: string, called: string): string | undefined {
  if (name.length > longName)
    return `is long: Claude Code leaves out a tool that is called by more than ${longestTool} letters together with it`;
  if (!taken.test(name)) return `is mcp__${called} to Claude Code, and permission rules have to say so`;
  return name.includes('__') ? 'has "__" in it, as stands between server and tool in permission rules' : undefined;
}

function merged(name: string, other: string, advise: Adviser): NameProblem {
  const message = `the servers ${JSON.stringify(other)} and ${JSON.stringify(name)} are one to Claude Code, which calls both mcp__${calledByClaude(name)}`;
  return { name, message, remedy: advise(name, 'codex') };
}

function calledByClaude(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_');
}

/** What to do about a name; `client` is who can have the server as it is. */
type Adviser = (name: string, client: 'claude' | 'codex') => string;

function adviser(names: readonly string[]): Adviser {
  const others = once(() => new Set(names.map(calledByClaude)));
  return (name, client) =>
    `Rename it, to ${JSON.stringify(working(name, others()))} for example, or give the shared entry "clients": ["${client}"].`;
}

/** A name like this one that both clients take, and that no other server has. */
function working(name: string, others: ReadonlySet<string>): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const plain = letters.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const base = plain === '' ? 'server' : plain.slice(0, longName - 4);
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? base : `${base}-${count}`;
    if (tried !== 'ide' && !others.has(tried)) return tried;
  }
}

/** The same as problems of a file of the source. */
export function serverNameProblems({ table, problems }: ServerNames, values: Table): FragmentProblem[] {
  const servers = Object.hasOwn(values, table) ? values[table] : undefined;
  if (!isTable(servers)) return [];
  return problems(Object.keys(servers)).map(({ name, ...rest }) => ({
    ...rest,
    code: 'server-name',
    path: [table, name],
  }));
}
