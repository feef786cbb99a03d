import { headerProblem, headersText, tokenIn } from '../../content/server-tokens.ts';
import { gatherSource } from '../../engine/source/gather.ts';
import { gatherDesired } from '../../engine/source/judge-source.ts';
import { gatherTokens, inStep } from '../../engine/tokens/tokens.ts';
import { listTokens, readToken, tokenPath } from '../../host/state/token-files.ts';
import { readTokenOrigins } from '../../host/state/token-origins.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { assignmentLine, shells, type TokenRow, tokensText } from '../../report/commands/token-text.ts';
import { findingsText } from '../../report/findings-text.ts';
import type { WantedToken } from '../../sync/source/tokens-wanted.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';
import { usage } from '../usage.ts';

/** What `token` ends with when all is well. */
export const tokenOutcome = { command: 'token', exitCode: 0, inSync: false, units: [], findings: [] } as const;

/** `token list`: those of this machine, and those that the source wants. */
export function list(context: Context): number {
  const { wanted, findings } = tokensOfSource(context);
  const names = [...listTokens(context.host.disk, context.state), ...wanted.map(({ name }) => name)];
  const tokens = [...new Set(names)].sort().map((name) => rowOf(context, name, wanted));
  return show(context, { ...tokenOutcome, findings, tokens }, tokensText(tokens));
}

/** Outside of a repository there are files, but no variables. */
function tokensOfSource(context: Context): { wanted: readonly WantedToken[]; findings: readonly Finding[] } {
  try {
    return { wanted: wantedHere(context), findings: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const findings = error.findings.some(({ code }) => code === 'no-source') ? [] : error.findings;
    return { wanted: [], findings: findings.map((finding) => ({ ...finding, severity: 'warning' as const })) };
  }
}

function wantedHere(context: Context): WantedToken[] {
  const source = gatherSource(context);
  return gatherTokens(context, source, gatherDesired(context, source));
}

function rowOf(context: Context, name: string, wanted: readonly WantedToken[]): TokenRow {
  const file = readToken(context.host.disk, context.state, name);
  const variables = wanted.flatMap((one) => {
    if (one.name !== name || one.variable === undefined) return [];
    const state = inStep(context, one);
    return [{ name: one.variable, ...(state ? { state } : {}) }];
  });
  const origins = file ? readTokenOrigins(context.host.disk, context.state, name) : undefined;
  const made = file ? new Date(file.modified).toISOString() : null;
  return { name, made, ...(origins ? { for: origins } : {}), variables };
}

/** `token show`: the value, for `$(…)`. */
export function showToken(context: Context, name: string): number {
  const value = storedToken(context, name);
  return show(context, { ...tokenOutcome, tokens: [{ ...rowOf(context, name, []), value }] }, `${value}\n`);
}

/** `token headers`: what the launcher prints. */
export function headers(context: Context, name: string): number {
  const { header } = context.options;
  if (header !== undefined && headerProblem(header) !== undefined)
    throw usage(`${JSON.stringify(header)} cannot be a header`, 'Write a name such as X-Api-Key.');
  context.host.terminal.out(headersText(storedToken(context, name), header));
  return 0;
}

/** `token env`: the lines that set the variables. Whatever is no line for the shell goes to the other output. */
export function environmentLines(context: Context): number {
  const { host, state, options, paint } = context;
  const { shell = 'sh' } = options;
  if (!shells.includes(shell)) throw usage(`no shell ${JSON.stringify(shell)}`, `Name one of ${shells.join(', ')}.`);
  const wanted = wantedHere(context).filter(({ variable }) => variable !== undefined);
  const there = wanted.filter(({ name }) => readToken(host.disk, state, name));
  if (options.json) {
    const names = [...new Set(wanted.map(({ name }) => name))];
    return show(context, { ...tokenOutcome, tokens: names.map((name) => rowOf(context, name, wanted)) }, '');
  }
  const lines = there.map(({ name, variable }) =>
    assignmentLine(shell, variable as string, storedToken(context, name)),
  );
  host.terminal.out([...new Set(lines)].join(''));
  const missing = wanted.filter((one) => !there.includes(one)).map(({ name }) => noToken(context, name));
  host.terminal.error(
    findingsText(
      missing.map((finding) => ({ ...finding, severity: 'warning' as const })),
      paint,
    ),
  );
  return 0;
}

function storedToken(context: Context, name: string): string {
  const file = readToken(context.host.disk, context.state, name);
  if (!file) throw new Failure([noToken(context, name)]);
  const value = tokenIn(file.bytes);
  if (value !== undefined) return value;
  const remedy = `Write it anew: syncline token set ${name} --overwrite`;
  const path = tokenPath(context.state, name);
  throw new Failure([problem('token-broken', `the file of token "${name}" holds none`, remedy, { path })]);
}

/** A token that is not there. */
export function noToken({ state }: Context, name: string): Finding {
  const remedy = `Make one: syncline token new ${name}`;
  return problem('token-missing', `there is no token "${name}" on this machine`, remedy, {
    path: tokenPath(state, name),
  });
}
