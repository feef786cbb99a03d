import { isAbsolute } from 'node:path';
import type { Client } from '../adapters/client.ts';
import type { World } from '../engine/world.ts';
import { dryDisk } from '../host/dry-disk.ts';
import { homeVariable } from '../host/home-folder.ts';
import type { Host } from '../host/host.ts';
import { statePaths, stateVariables } from '../host/state/state-directory.ts';
import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';
import { type Environment, environmentOf, misplaced } from '../model/paths.ts';
import { type Paint, paintFor } from '../report/colour.ts';

/** The options as commander gives them. A list option without a value is `true`. */
export interface Options {
  readonly repo?: string;
  readonly home?: string;
  readonly client?: readonly string[];
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly overwrite?: true | readonly string[];
  readonly keep?: true | readonly string[];
  readonly keepAlways?: true | readonly string[];
  readonly adopt?: true | readonly string[];
  readonly takeOver?: boolean;
  readonly yes?: boolean;
  readonly allowPowers?: boolean;
  readonly removeOnly?: boolean;
  readonly sourceOnly?: boolean;
  readonly against?: string;
  readonly report?: string;
  readonly hook?: boolean;
  readonly full?: boolean;
  readonly list?: boolean;
  readonly online?: boolean;
  readonly startServers?: boolean;
  /** The argument of restore: the name of a run, or how it begins. */
  readonly run?: string;
  /** The argument of init, and its options. */
  readonly dir?: string;
  readonly fromRuntime?: boolean;
  readonly only?: readonly string[];
  /** The arguments of diff and of explain. */
  readonly unit?: readonly string[];
  readonly what?: string;
  /** False with `--no-pager`. */
  readonly pager?: boolean;
  /** The arguments of token. */
  readonly action?: string;
  readonly name?: string;
  readonly header?: string;
  readonly fromEnv?: string;
  readonly for?: readonly string[];
  readonly shell?: string;
}

/** What a command works with: the world that it was given, its own options, and how it paints. */
export interface Context extends World {
  readonly options: Options;
  readonly paint: Paint;
}

/** Builds the context. Throws `Failure` for a client that is not known and for an option that lost its value. */
export function makeContext(host: Host, clients: readonly Client[], options: Options, version: string): Context {
  refuseLostValues(options);
  refuseContradictions(options);
  const { home, workingDirectory, variables } = host;
  const environment = environmentOf({ home, workingDirectory, variables }, options.home);
  refuseRelativeFolders(environment, host.platform, clients);
  return {
    host: options.dryRun ? { ...host, disk: dryDisk(host.disk) } : host,
    clients: chosenClients(clients, options.client),
    allClients: clients,
    environment,
    state: statePaths(environment, host.platform),
    options,
    version,
    paint: paintFor(showsColour(host) && options.color !== false && !options.json && !options.report),
  };
}

/**
 * A folder that is named from the working directory is another one in each, and a repository could bring it along: neither our state
 * nor a client's home is taken from there.
 */
function refuseRelativeFolders(environment: Environment, platform: string, clients: readonly Client[]): void {
  const ofClients = clients.flatMap(({ checkup }) => checkup?.oracle?.homeVariable ?? []);
  const found: (readonly [string, string])[] = [
    ...(isAbsolute(environment.home) ? [] : [[homeVariable(platform), environment.home] as const]),
    ...misplaced(environment, [...stateVariables(platform), ...ofClients]),
  ];
  const findings = found.map(([name, value]) => {
    const message = `the variable ${name} names no absolute folder: ${JSON.stringify(value)}`;
    const remedy = `Set ${name} to an absolute path, or unset it, then run the command again.`;
    return problem('relative-folder', message, remedy);
  });
  if (findings.length > 0) throw new Failure(findings);
}

/** Whether the terminal and the environment are for colours; options may still be against. */
export function showsColour({ terminal, variables }: Host): boolean {
  return terminal.showsColour && !variables.NO_COLOR && variables.TERM !== 'dumb';
}

/** Commander takes the next word for a value, whatever it is: `--home --dry-run` would write for real, into "--dry-run". */
function refuseLostValues(options: Options): void {
  const lost = Object.entries(options).filter(([, value]) => typeof value === 'string' && /^(-|$)/.test(value));
  const findings = lost.map(([name, value]) =>
    problem('usage', `option --${name} needs a value, not ${JSON.stringify(value)}`, `Write --${name} <value>.`),
  );
  if (findings.length > 0) throw new Failure(findings);
}

/** Who wants quiet does not want more, and an object cannot be left out. */
function refuseContradictions({ quiet, json, verbose }: Options): void {
  const others = [...(json ? ['--json'] : []), ...(verbose ? ['--verbose'] : [])];
  if (!quiet || others.length === 0) return;
  const message = `--quiet and ${others.join(' and ')} contradict each other`;
  throw new Failure([problem('usage', message, 'Leave one of them out.')]);
}

function chosenClients(clients: readonly Client[], names: readonly string[] | undefined): readonly Client[] {
  const known = clients.map((client) => client.name);
  const unknown = (names ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const message = `unknown client ${unknown.map((name) => JSON.stringify(name)).join(', ')}`;
    throw new Failure([problem('usage', message, `Name one of: ${known.join(', ')}.`)]);
  }
  return names ? clients.filter((client) => names.includes(client.name)) : clients;
}
