import { originOf } from '../../content/origins.ts';
import { tokenValueProblem } from '../../content/server-tokens.ts';
import { withRun } from '../../engine/with-run.ts';
import { listTokens, readToken, removeToken, tokenPath, writeToken } from '../../host/state/token-files.ts';
import { readTokenOrigins } from '../../host/state/token-origins.ts';
import { putTokenOrigins, removeTokenOrigins, writeTokenOrigins } from '../../host/state/write-token-origins.ts';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import { visible } from '../../model/texts/visible.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';
import { usage } from '../usage.ts';
import { noToken, tokenOutcome } from './token-read.ts';

const { command } = tokenOutcome;

/** `token new`: a random one. */
export function makeNew(context: Context, name: string): Promise<number> {
  return write(context, name, async () => context.host.newToken());
}

/** `token set`: the value from standard input or from a variable. */
export function setGiven(context: Context, name: string): Promise<number> {
  return write(context, name, () => givenValue(context, name));
}

/** `token bind`: a token that is there may go to these hosts, too. */
export function bind(context: Context, name: string): Promise<number> {
  const origins = originsGiven(context);
  if (!origins)
    throw usage('token bind needs --for', `Write the address of the server: token bind ${name} --for <url>`);
  const { host, state, options } = context;
  return withRun(context, command, async (recovered) => {
    if (!readToken(host.disk, state, name)) throw new Failure([noToken(context, name)]);
    const all = [...new Set([...(readTokenOrigins(host.disk, state, name) ?? []), ...origins])];
    writeTokenOrigins(host, state, name, all);
    const text = `token "${name}" ${options.dryRun ? 'would be' : 'is'} for ${all.join(' and ')}`;
    return show(context, { ...tokenOutcome, findings: recovered }, `${visible(text)}\n`);
  });
}

/** Where `--for` says that a token may go; undefined without it. Throws `Failure` for what is no address of a server. */
function originsGiven({ options }: Context): readonly string[] | undefined {
  return options.for?.map((url) => {
    const origin = originOf(url);
    if (origin !== undefined) return origin;
    throw usage(
      `--for ${JSON.stringify(url)} is no address of a server`,
      'Write it out: --for https://hub.example.com',
    );
  });
}

/** Takes the value before the lock: a person may need a while to type it. */
async function write(context: Context, name: string, value: () => Promise<string>): Promise<number> {
  const origins = originsGiven(context);
  refuseReplacing(context, name);
  const wanted = await value();
  const reason = tokenValueProblem(wanted);
  if (reason !== undefined)
    throw new Failure([problem('token-value', `this cannot be the token "${name}": ${reason}`, 'Give another one.')]);
  return withRun(context, command, async (recovered) => {
    const isThere = refuseReplacing(context, name);
    writeBound(context, name, wanted, origins);
    const text = `token "${name}" ${context.options.dryRun ? 'would be' : 'is'} ${isThere ? 'replaced' : 'made'}\n`;
    return show(context, { ...tokenOutcome, findings: recovered }, text);
  });
}

/** A new value for a name that is there is for the same hosts, unless others are named; what is left of a name that is not, is not. */
function writeBound({ host, state }: Context, name: string, value: string, origins?: readonly string[]): void {
  const before = readTokenOrigins(host.disk, state, name);
  const after = origins ?? (readToken(host.disk, state, name) ? before : undefined);
  if (after !== before) putTokenOrigins(host, state, name, after);
  try {
    writeToken(host, state, name, value);
  } catch (error) {
    if (after !== before) putTokenOrigins(host, state, name, before);
    throw error;
  }
}

/** Whether a token is there; throws `Failure` if it may not be replaced. */
function refuseReplacing({ host, state, options }: Context, name: string): boolean {
  const isThere = readToken(host.disk, state, name) !== undefined;
  if (!isThere || options.overwrite) return isThere;
  const remedy = 'Replace it with --overwrite; a server that knows the old one then needs the new one.';
  throw new Failure([problem('token-there', `there is a token "${name}"`, remedy, { path: tokenPath(state, name) })]);
}

async function givenValue({ host, environment, options }: Context, name: string): Promise<string> {
  const { fromEnv } = options;
  if (fromEnv === undefined) {
    const text = await host.terminal.readSecret(`Value of token "${name}": `);
    return (text ?? '').replace(/\r?\n$/, '');
  }
  const value = environment.variables[fromEnv];
  if (value) return value;
  throw usage(`the variable ${JSON.stringify(fromEnv)} is not set`, 'Set it, or give the value on standard input.');
}

/** `token remove`: the file goes, and no copy of it stays. */
export function remove(context: Context, name: string): Promise<number> {
  return withRun(context, command, async (recovered) => {
    if (!listTokens(context.host.disk, context.state).includes(name)) throw new Failure([noToken(context, name)]);
    removeToken(context.host.disk, context.state, name);
    removeTokenOrigins(context.host.disk, context.state, name);
    const text = `token "${name}" ${context.options.dryRun ? 'would be' : 'is'} removed\n`;
    return show(context, { ...tokenOutcome, findings: recovered }, text);
  });
}
