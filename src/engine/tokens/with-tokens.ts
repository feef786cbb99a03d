import { tokenValueProblem } from '../../content/server-tokens.ts';
import { readToken, removeToken, tokenPath, writeToken } from '../../host/state/token-files.ts';
import { writeLauncher } from '../../host/state/token-launcher.ts';
import { readTokenOrigins, tokenOriginsPath } from '../../host/state/token-origins.ts';
import { putTokenOrigins } from '../../host/state/write-token-origins.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { TokenPlan } from '../../sync/powers/token-powers.ts';
import type { WantedToken } from '../../sync/source/tokens-wanted.ts';
import type { World } from '../world.ts';
import { tokenFindings } from './tokens.ts';

/** The tokens that the source wants, and where tokens may go as well. */
export interface TokenNeeds {
  readonly tokens: readonly WantedToken[];
  readonly binds: TokenPlan['binds'];
}

/**
 * Acts once every wanted token and the launcher are there, and each token may go where it is sent: what is deployed relies on them.
 * All that goes again when the act fails, so that a failed run wrote nothing and the next one reports it. Throws `Failure` when one
 * cannot be made. The findings say which were made, and what is amiss with the others.
 */
export function withTokens<T>(
  world: World,
  { tokens: wanted, binds }: TokenNeeds,
  act: () => T,
): { readonly result: T; readonly findings: Finding[] } {
  const { host, state, options } = world;
  if (wanted.length === 0 && binds.size === 0) return { result: act(), findings: [] };
  const made = missingTokens(world, wanted);
  const bound = boundBefore(world, made, binds);
  try {
    for (const token of made) makeToken(world, token);
    for (const [name, { after }] of bound) putTokenOrigins(host, state, name, after);
    if (wanted.length > 0) writeLauncher(host, state);
    const amiss = tokenFindings(world, wanted).filter(({ code }) => !options.dryRun || !isMended(code));
    const findings = [
      ...made.map((token) => madeToken(world, token)),
      ...[...bound].flatMap(([name, change]) => boundToken(world, name, change)),
      ...amiss,
    ];
    return { result: act(), findings };
  } catch (error) {
    for (const { name } of made) undo(() => removeToken(host.disk, state, name));
    for (const [name, { before }] of bound) undo(() => putTokenOrigins(host, state, name, before));
    throw error;
  }
}

interface Bound {
  readonly before: readonly string[] | undefined;
  readonly after: readonly string[] | undefined;
}

/** Where tokens may go before and after, for those of which that changes. A new one may go nowhere that was said of an older one. */
function boundBefore(
  { host, state }: World,
  made: readonly WantedToken[],
  binds: TokenPlan['binds'],
): ReadonlyMap<string, Bound> {
  const names = new Set([...made.map(({ name }) => name), ...binds.keys()]);
  const changes = [...names].map((name) => {
    const isNew = made.some((token) => token.name === name);
    const before = isNew ? undefined : readTokenOrigins(host.disk, state, name);
    const after = [...(before ?? []), ...(binds.get(name) ?? [])];
    return [name, { before, after: after.length > 0 ? after : undefined }] as const;
  });
  return new Map(changes);
}

/** A dry run finds what the real one would have fixed. */
function isMended(code: string): boolean {
  return code === 'token-missing' || code === 'token-launcher';
}

/** Those that have no file, each name once. */
function missingTokens({ host, state }: World, wanted: readonly WantedToken[]): WantedToken[] {
  const named = new Map([...wanted].reverse().map((token) => [token.name, token]));
  return [...named.values()].reverse().filter(({ name }) => !readToken(host.disk, state, name));
}

/** Makes a token: in step with its variable, or random. */
function makeToken({ host, state, environment }: World, { name, variable }: WantedToken): void {
  const given = variable === undefined ? undefined : environment.variables[variable];
  const reason = given ? tokenValueProblem(given) : undefined;
  if (reason !== undefined) {
    const message = `the value of ${variable} cannot be the token "${name}": ${reason}`;
    throw new Failure([problem('token-value', message, `Correct or unset ${variable}, then run the command again.`)]);
  }
  writeToken(host, state, name, given || host.newToken());
}

function undo(act: () => void): void {
  try {
    act();
  } catch {
    // What the run failed of is what has to be told.
  }
}

function madeToken({ state, environment, options }: World, { name, variable }: WantedToken): Finding {
  const from = variable !== undefined && environment.variables[variable] ? ` from ${variable}` : '';
  const message = `token "${name}" ${options.dryRun ? 'would be' : 'was'} made${from}`;
  const remedy = `Give it to your server: syncline token show ${name}`;
  return { code: 'token-made', severity: 'note', message, remedy, path: tokenPath(state, name) };
}

/** Nothing where a token had no hosts: that it has some now says nothing new. */
function boundToken({ state, options }: World, name: string, { before, after }: Bound): Finding[] {
  const added = after?.filter((origin) => !before?.includes(origin)) ?? [];
  if (!before || added.length === 0) return [];
  const message = `token "${name}" ${options.dryRun ? 'could' : 'can'} go to ${[...new Set(added)].join(' and ')} as well`;
  const remedy = `If it should not have: syncline token new ${name} --overwrite --for <url>, and push without that server.`;
  return [{ code: 'token-bound', severity: 'note', message, remedy, path: tokenOriginsPath(state, name) }];
}
