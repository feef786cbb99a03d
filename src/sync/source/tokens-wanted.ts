import type { Client, SharedFragment } from '../../adapters/client.ts';
import { tokenNameProblem } from '../../content/server-tokens.ts';
import { readVariables } from '../../content/vars.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { ClientHome } from '../../model/paths.ts';
import type { SourceTree } from '../../model/source.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { isTable, type KeyPath, startsWith, type Table, type Value, valueAt } from '../../model/value.ts';
import { tokenValues } from './desired.ts';
import { type FragmentPart, sharedParts } from './fragment-parts.ts';
import { mergeParts, nothingMerged } from './merge-parts.ts';

/** A token that an entry of a shared file wants on this machine. */
export interface WantedToken {
  readonly name: string;
  readonly header?: string;
  /** The environment variable that is to hold the token too. */
  readonly variable?: string;
  /** Where the source says so; relative to the repository. */
  readonly path: string;
  readonly line?: number;
}

/** A client, where its home is, and which units it is to have. */
export interface TokenUser {
  readonly client: Client;
  readonly home: ClientHome;
  readonly units: readonly WantedUnit[];
}

/** The tokens of all shared entries that reach one of the clients; left-out ones want none. Each is given once. */
export function wantedTokens(users: readonly TokenUser[], tree: SourceTree): WantedToken[] {
  const all = users.flatMap((user) => tokensFor(user, tree));
  return [...new Map(all.map((token) => [JSON.stringify(token), token])).values()];
}

/** What is wrong with tokens as names of files and variables: nothing could be made or kept in step. */
export function wantedTokenProblems(wanted: readonly WantedToken[]): Finding[] {
  return wanted.flatMap(({ name, variable, path, line }): Finding[] => {
    const at = { path, ...(line === undefined ? {} : { line }) };
    const reason = tokenNameProblem(name);
    if (reason !== undefined)
      return [problem('token-name', `no token can be named ${JSON.stringify(name)}: ${reason}`, 'Rename it.', at)];
    const other = wanted.find((one) => variable !== undefined && one.variable === variable);
    if (!other || other.name === name) return [];
    const message = `"${variable}" is the variable of two tokens, "${other.name}" and "${name}"`;
    return [problem('token-variable', message, 'Give each a variable of its own.', at)];
  });
}

function tokensFor({ client, home, units }: TokenUser, tree: SourceTree): WantedToken[] {
  const { variables } = readVariables(tree, client.name);
  return client.targets.flatMap((target) => {
    if (target.kind !== 'fragment' || !target.shared) return [];
    const { shared } = target;
    const { parts } = sharedParts(shared, tree, tokenValues(client, home, variables));
    const own = units.filter(({ file, leftOut }) => file === target.file && leftOut === undefined);
    const reached = own.map(({ address }) => shared.placeOf(address?.path ?? []));
    return entriesWithToken(parts, shared)
      .filter(({ path }) => reached.some((place) => startsWith(place, path)))
      .map(({ path, token }) => ({ ...token, ...placeIn(parts, [...path, 'token']) }));
  });
}

/** `mcpServers.<name>` with a token, all layers put together. */
function entriesWithToken(parts: readonly FragmentPart[], shared: SharedFragment) {
  const { values } = mergeParts(nothingMerged, parts, shared);
  return Object.entries(values).flatMap(([group, members]) =>
    Object.entries(isTable(members) ? members : {}).flatMap(([key, entry]) => {
      const token = tokenOf(valueAt(entry as Value, ['token']));
      return token ? [{ path: [group, key], token }] : [];
    }),
  );
}

function tokenOf(value: Value | undefined): Pick<WantedToken, 'name' | 'header' | 'variable'> | undefined {
  if (typeof value === 'string') return { name: value };
  if (!isTable(value) || typeof value.name !== 'string') return undefined;
  return { name: value.name, ...textAt(value, 'header'), ...textAt(value, 'variable') };
}

function textAt(table: Table, key: string): Record<string, string> {
  const value = table[key];
  return typeof value === 'string' ? { [key]: value } : {};
}

function placeIn(parts: readonly FragmentPart[], path: KeyPath): Pick<WantedToken, 'path' | 'line'> {
  const part = parts.findLast(({ values }) => valueAt(values, path) !== undefined);
  const line = part?.format.lineOf(part.text, path);
  return { path: part?.file.path ?? '', ...(line === undefined ? {} : { line }) };
}
