import { tokenValueProblem } from '../content/server-tokens.ts';
import { listTokens, readToken, removeToken, tokenPath, writeToken } from '../host/token-files.ts';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import type { Context } from './context.ts';
import { show } from './show.ts';
import { noToken, tokenOutcome } from './token-read.ts';
import { usage } from './usage.ts';
import { withRun } from './with-run.ts';

const { command } = tokenOutcome;

/** `token new`: a random one. */
export function makeNew(context: Context, name: string): Promise<number> {
  return write(context, name, async () => context.host.newToken());
}

/** `token set`: the value from standard input or from a variable. */
export function setGiven(context: Context, name: string): Promise<number> {
  return write(context, name, () => givenValue(context, name));
}

/** Takes the value before the lock: a person may need a while to type it. */
async function write(context: Context, name: string, value: () => Promise<string>): Promise<number> {
  refuseReplacing(context, name);
  const wanted = await value();
  const reason = tokenValueProblem(wanted);
  if (reason !== undefined)
    throw new Failure([problem('token-value', `this cannot be the token "${name}": ${reason}`, 'Give another one.')]);
  return withRun(context, command, async (recovered) => {
    const isThere = refuseReplacing(context, name);
    writeToken(context.host, context.state, name, wanted);
    const text = `token "${name}" ${context.options.dryRun ? 'would be' : 'is'} ${isThere ? 'replaced' : 'made'}\n`;
    return show(context, { ...tokenOutcome, findings: recovered }, text);
  });
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
    const text = `token "${name}" ${context.options.dryRun ? 'would be' : 'is'} removed\n`;
    return show(context, { ...tokenOutcome, findings: recovered }, text);
  });
}
