import { tokenIn } from '../../content/server-tokens.ts';
import { readToken, tokenPath } from '../../host/state/token-files.ts';
import { isLauncherThere } from '../../host/state/token-launcher.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import { shellWord } from '../../model/texts/visible.ts';
import { type WantedToken, wantedTokenProblems, wantedTokens } from '../../sync/source/tokens-wanted.ts';
import type { Desired } from '../../sync/source/wanted.ts';
import type { Source } from '../source/source.ts';
import type { World } from '../world.ts';

/** The tokens that the source wants here. Throws `Failure` for names that cannot be. */
export function gatherTokens(
  { clients, environment }: World,
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

/** What is amiss with the tokens of this machine; never a value. Throws `Failure` for one that cannot be read. */
export function tokenFindings(world: World, wanted: readonly WantedToken[]): Finding[] {
  const { host, state } = world;
  if (wanted.length === 0) return [];
  const names = [...new Set(wanted.map(({ name }) => name))];
  return [
    ...(isLauncherThere(host, state) ? [] : [noLauncher(state.launcher)]),
    ...names.flatMap((name) => tokenFileFindings(world, name)),
    ...wanted.flatMap((token) => variableFindings(world, token)),
  ];
}

/** How a token stands to its variable; undefined where it has none, or is not there itself. */
export type InStep = 'agrees' | 'differs' | 'unset';

/** Compares a token with the variable that is to hold it too. */
export function inStep(world: World, { name, variable }: Pick<WantedToken, 'name' | 'variable'>): InStep | undefined {
  const file = readToken(world.host.disk, world.state, name);
  if (variable === undefined || !file) return undefined;
  const value = world.environment.variables[variable];
  if (!value) return 'unset';
  return value === tokenIn(file.bytes) ? 'agrees' : 'differs';
}

/** What is amiss with a token's file. Throws `Failure` for one that cannot be read. */
export function tokenFileFindings({ host, state }: World, name: string): Finding[] {
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

function variableFindings(world: World, token: WantedToken): Finding[] {
  const { name, variable } = token;
  const path = tokenPath(world.state, name);
  const shell = 'eval "$(syncline token env)" in your shell takes the file';
  switch (inStep(world, token)) {
    case 'differs': {
      const remedy = `${shell}; syncline token set ${name} --overwrite --from-env ${variable} takes the variable.`;
      return [warning('token-differs', `${variable} is not what the token "${name}" is`, remedy, path)];
    }
    case 'unset': {
      // Most people need the file only.
      if (!world.options.verbose) return [];
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
