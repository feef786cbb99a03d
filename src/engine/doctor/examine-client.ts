import { dirname, resolve } from 'node:path';
import type { Checkup, Need } from '../../adapters/checkup.ts';
import type { Client } from '../../adapters/client.ts';
import type { Host } from '../../host/host.ts';
import { textsAt } from '../../host/reading/texts-at.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import type { WantedUnit } from '../../model/unit.ts';
import type { ClientFacts, LostImport, NeedFact } from '../../sync/doctor/facts.ts';
import { type ClientState, runtimePath } from '../../sync/plan/client-state.ts';
import { followImports } from '../adopt/follow-imports.ts';
import { readState } from '../source/gather.ts';
import type { World } from '../world.ts';
import { askClient, startServers } from './ask-client.ts';

/** How long an address may take to answer, in milliseconds. */
const addressPatience = 10_000;

/** What was found out about a client, and what of its files could not be read or does not parse. */
export interface Examined {
  readonly facts: ClientFacts;
  readonly problems: readonly Finding[];
}

/** Looks at one client: reads its home, asks its program, and looks for what its files rely on. Writes nothing there. */
export async function examineClient(world: World, client: Client, wanted: readonly WantedUnit[]): Promise<Examined> {
  const { state, texts, problems } = readClient(world, client, wanted);
  const { checkup } = client;
  const program = checkup && findProgram(world, checkup.program, world.environment.home);
  // A file that does not parse is told by us, with its line; the client would say the same of a copy.
  const whole = problems.length === 0 ? state : undefined;
  const facts: ClientFacts = {
    ...{ client, texts, hasHome: hasHome(world, client), version: 'unknown', asked: false },
    ...(state ? { state } : {}),
    ...(checkup && program !== undefined ? { program, ...(await asked(world, program, checkup, whole)) } : {}),
    needs: state ? await lookForNeeds(world, state) : [],
    readOnly: state ? readOnlyTargets(world, state) : [],
    lostImports: state ? lostImports(world, state) : [],
  };
  return { facts, problems };
}

/** What the client itself says. In a dry run not even copies are written, so there is nothing to ask about. */
async function asked(
  { host, options }: World,
  program: string,
  checkup: Checkup,
  state: ClientState | undefined,
): Promise<Partial<ClientFacts>> {
  if (options.dryRun) return {};
  const answers = await askClient(host, program, checkup, state);
  const servers = options.startServers && state ? await startServers(host, program, checkup, state) : {};
  return { asked: state !== undefined, ...answers, ...servers };
}

/** Of what instructions import, that which is not there and looks like a file: `@anna` is a person, `@org/tool` a package. */
function lostImports(world: World, { documents, client }: ClientState): LostImport[] {
  if (!client.everySession?.imports) return [];
  const isFile = (named: string) => /^(?:~|\.{0,2})\/|\.[a-z]\w{0,7}$/i.test(named);
  return [...documents.values()].flatMap(({ target, path, text }) =>
    target.kind === 'instructions'
      ? followImports(world, { path, text }).lost.filter(({ named }) => isFile(named))
      : [],
  );
}

function readClient(world: World, client: Client, wanted: readonly WantedUnit[]) {
  const { host, environment } = world;
  const problems: Finding[] = [];
  const read = attempt(() => readState(world, client, wanted), problems);
  const beside = client.checkup?.looksAt(client.locate(environment), host.platform) ?? [];
  const texts = attempt(() => textsAt(host.disk, beside), problems) ?? new Map<string, string>();
  return { state: read?.state, texts, problems: [...problems, ...(read?.problems ?? [])] };
}

/** What an act gives; where it fails, undefined, and its findings are added. */
export function attempt<T>(act: () => T, findings: Finding[]): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    findings.push(...error.findings);
    return undefined;
  }
}

/** Push replaces a file by one that it makes beside it, so what counts is the folder where it really stands. */
function readOnlyTargets({ host }: World, { home, runtime, wanted, record }: ClientState): ClientFacts['readOnly'] {
  const ours = new Set(
    [...wanted.filter(({ leftOut }) => leftOut === undefined), ...(record?.units ?? [])].map(({ file }) => file),
  );
  const linked = [...ours].flatMap((file) => {
    const path = runtimePath(home, file);
    const place = runtime.places.get(file) ?? path;
    return place === path || mayWriteAt(host, dirname(place)) ? [] : [{ path, place }];
  });
  return [...new Map(linked.map((each) => [dirname(each.place), each])).values()];
}

/** A folder that is not there yet is made in the next one above that is. */
function mayWriteAt(host: Host, folder: string): boolean {
  const parent = dirname(folder);
  if (parent !== folder && host.disk.status(folder) === undefined) return mayWriteAt(host, parent);
  return host.mayWrite?.(folder) ?? true;
}

function hasHome({ host, environment }: World, client: Client): boolean {
  try {
    return host.disk.status(client.locate(environment).root) !== undefined;
  } catch {
    // Whoever reads it reports what cannot be looked at.
    return true;
  }
}

function findProgram({ host }: World, name: string, folder: string): string | undefined {
  return host.programs.find(name, { folder, variables: host.variables });
}

async function lookForNeeds(world: World, state: ClientState): Promise<NeedFact[]> {
  const { host, environment } = world;
  // `--home` moves the files; the clients would still be started with the variables of this machine.
  const here = { ...environment, variables: host.variables };
  const needs = state.client.checkup?.needs((file) => state.documents.get(file)?.values ?? {}, here) ?? [];
  return Promise.all(needs.map((need) => lookForNeed(world, need)));
}

async function lookForNeed(world: World, need: Need): Promise<NeedFact> {
  const { host, options, environment, state } = world;
  if (need.kind === 'variable') return host.variables[need.name] ? { need } : { need, unmet: 'not set' };
  if (need.kind === 'address') return options.online ? reached(world, need) : { need };
  if (need.kind === 'script') return isFileAt(world, need.name) ? { need } : { need, unmet: 'not found' };
  // Of our launcher the findings about tokens tell.
  if (need.name === state.launcher) return { need };
  // A path that begins nowhere begins where the client is started, which is another folder each time.
  if (need.folder === undefined && /^(?![A-Za-z]:)[^/\\]+[/\\]/.test(need.name)) return { need };
  const variables = need.search === undefined ? host.variables : { ...host.variables, PATH: need.search };
  const folder = need.folder ?? environment.home;
  return host.programs.find(need.name, { folder, variables }) ? { need } : { need, unmet: 'not found' };
}

function isFileAt({ host, environment }: World, path: string): boolean {
  try {
    return host.disk.status(resolve(environment.home, path))?.kind === 'file';
  } catch {
    // What cannot be looked at may be there.
    return true;
  }
}

async function reached({ host }: World, need: Need): Promise<NeedFact> {
  if (!/^https?:\/\//i.test(need.name) || !URL.canParse(need.name)) return { need, unmet: 'it is no address' };
  const answer = await host.network.reach(need.name, addressPatience);
  if ('failure' in answer) return { need, unmet: answer.failure };
  // Servers answer an empty call with all kinds of refusals; only their proxies answer that they are not there.
  return answer.status >= 502 ? { need, unmet: `status ${answer.status}` } : { need };
}
