import { tokenIn, tokenValueProblem } from '../content/server-tokens.ts';
import { readToken, removeToken, tokenPath, writeToken } from '../host/token-files.ts';
import { isLauncherThere, writeLauncher } from '../host/token-launcher.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import { shellWord } from '../report/visible.ts';
import type { Desired } from '../sync/desired.ts';
import { type WantedToken, wantedTokenProblems, wantedTokens } from '../sync/tokens-wanted.ts';
import type { Context } from './context.ts';
import type { Source } from './gather.ts';

/** The tokens that the source wants here. Throws `Failure` for names that cannot be. */
export function gatherTokens(
  { clients, environment }: Context,
  { tree }: Source,
  desired: ReadonlyMap<string, Desired>,
): WantedToken[] {
  const users = clients.map((client) => ({
    ...{ client, home: client.locate(environment) },
    units: desired.get(client.name)?.units ?? [],
  }));
  const wanted = wantedTokens(users, tree);
  const problems = wantedTokenProblems(wanted);
  if (problems.length > 0) throw new Failure(problems);
  return wanted;
}

/**
 * Acts once every wanted token and the launcher are there: what is deployed relies on them. Tokens that had to be made go
 * again when the act fails, so that a failed run wrote nothing and the next one tells of them. Throws `Failure` when one
 * cannot be made. The findings say which were made, and what is amiss with the others.
 */
export function withTokens<T>(
  context: Context,
  wanted: readonly WantedToken[],
  act: () => T,
): { readonly result: T; readonly findings: Finding[] } {
  const { host, state, options } = context;
  if (wanted.length === 0) return { result: act(), findings: [] };
  const made = missingTokens(context, wanted);
  try {
    for (const token of made) makeToken(context, token);
    writeLauncher(host, state);
    const amiss = tokenFindings(context, wanted).filter(({ code }) => !options.dryRun || !isMended(code));
    const findings = [...made.map((token) => madeToken(context, token)), ...amiss];
    return { result: act(), findings };
  } catch (error) {
    for (const { name } of made) unmake(context, name);
    throw error;
  }
}

/** A dry run finds what the real one would have mended. */
function isMended(code: string): boolean {
  return code === 'token-missing' || code === 'token-launcher';
}

/** What is amiss with the tokens of this machine; never a value. Throws `Failure` for one that cannot be read. */
export function tokenFindings(context: Context, wanted: readonly WantedToken[]): Finding[] {
  const { host, state } = context;
  if (wanted.length === 0) return [];
  const names = [...new Set(wanted.map(({ name }) => name))];
  return [
    ...(isLauncherThere(host, state) ? [] : [noLauncher(state.launcher)]),
    ...names.flatMap((name) => tokenFileFindings(context, name)),
    ...wanted.flatMap((token) => variableFindings(context, token)),
  ];
}

/** How a token stands to its variable; undefined where it has none, or is not there itself. */
export type InStep = 'agrees' | 'differs' | 'unset';

/** Compares a token with the variable that is to hold it too. */
export function inStep(
  context: Context,
  { name, variable }: Pick<WantedToken, 'name' | 'variable'>,
): InStep | undefined {
  const file = readToken(context.host.disk, context.state, name);
  if (variable === undefined || !file) return undefined;
  const value = context.environment.variables[variable];
  if (!value) return 'unset';
  return value === tokenIn(file.bytes) ? 'agrees' : 'differs';
}

/** Those that have no file, each name once. */
function missingTokens({ host, state }: Context, wanted: readonly WantedToken[]): WantedToken[] {
  const named = new Map([...wanted].reverse().map((token) => [token.name, token]));
  return [...named.values()].reverse().filter(({ name }) => !readToken(host.disk, state, name));
}

/** Makes a token: in step with its variable, or random. */
function makeToken({ host, state, environment }: Context, { name, variable }: WantedToken): void {
  const given = variable === undefined ? undefined : environment.variables[variable];
  const reason = given ? tokenValueProblem(given) : undefined;
  if (reason !== undefined) {
    const message = `the value of ${variable} cannot be the token "${name}": ${reason}`;
    throw new Failure([problem('token-value', message, `Correct or unset ${variable}, then run the command again.`)]);
  }
  writeToken(host, state, name, given || host.newToken());
}

function unmake({ host, state }: Context, name: string): void {
  try {
    removeToken(host.disk, state, name);
  } catch {
    // What the run failed of is what has to be told.
  }
}

function madeToken({ state, environment, options }: Context, { name, variable }: WantedToken): Finding {
  const from = variable !== undefined && environment.variables[variable] ? ` from ${variable}` : '';
  const message = `token "${name}" ${options.dryRun ? 'would be' : 'was'} made${from}`;
  const remedy = `Give it to your server: syncline token show ${name}`;
  return { code: 'token-made', severity: 'note', message, remedy, path: tokenPath(state, name) };
}

/** What is amiss with a token's file. Throws `Failure` for one that cannot be read. */
export function tokenFileFindings({ host, state }: Context, name: string): Finding[] {
  const path = tokenPath(state, name);
  const file = readToken(host.disk, state, name);
  if (!file) {
    const remedy = `push-runtime makes one; or set yours: syncline token set ${name}`;
    return [warning('token-missing', `there is no token "${name}" on this machine`, remedy, path)];
  }
  const findings: Finding[] = [];
  if (tokenIn(file.bytes) === undefined) {
    const remedy = `Write it anew: syncline token set ${name} --overwrite`;
    findings.push(warning('token-broken', `the file of token "${name}" holds none`, remedy, path));
  }
  if (host.platform !== 'win32' && (file.mode & 0o077) !== 0) {
    const remedy = `chmod 600 ${shellWord(path)}, and if somebody may have read it: syncline token new ${name} --overwrite`;
    findings.push(warning('token-open', `others than you may read the token "${name}"`, remedy, path));
  }
  return findings;
}

function variableFindings(context: Context, token: WantedToken): Finding[] {
  const { name, variable } = token;
  const path = tokenPath(context.state, name);
  const shell = 'eval "$(syncline token env)" in your shell takes the file';
  switch (inStep(context, token)) {
    case 'differs': {
      const remedy = `${shell}; syncline token set ${name} --overwrite --from-env ${variable} takes the variable.`;
      return [warning('token-differs', `${variable} is not what the token "${name}" is`, remedy, path)];
    }
    case 'unset': {
      // Most people need the file only.
      if (!context.options.verbose) return [];
      const message = `${variable} is not set, which is to hold the token "${name}"`;
      return [{ ...warning('token-variable-unset', message, `${shell}.`, path), severity: 'note' }];
    }
    default:
      return [];
  }
}

function noLauncher(path: string): Finding {
  const message = 'the command that gives the clients their tokens is not there, or is not as this version writes it';
  return warning('token-launcher', message, 'push-runtime writes it.', path);
}

function warning(code: string, message: string, remedy: string, path: string): Finding {
  return { code, severity: 'warning', message, remedy, path };
}
