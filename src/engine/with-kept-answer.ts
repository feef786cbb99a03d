import { withoutSecrets } from '../content/secrets/secrets.ts';
import { rootMembers } from '../formats/json/read/root-members.ts';
import type { Terminal } from '../host/host.ts';
import { type Counted, remember } from '../host/kept/keep-answer.ts';
import { isAnywhere, type Question } from '../host/kept/stat-cache.ts';
import { traced } from '../host/kept/tracing.ts';
import { runtimePath } from '../sync/plan/client-state.ts';
import type { Wishes, World } from './world.ts';

/** With other options than these a command is asked for another thing than every day, or does more than to look. */
const everyday: readonly string[] = [
  'repo',
  'home',
  'client',
  'json',
  'quiet',
  'color',
  'hook',
  'full',
  'yes',
  'allowPowers',
];

/**
 * Runs a command that looks at everything and mostly finds it equal, and keeps the answer: the next one who asks the same gets it at
 * once, if nothing of what was looked at has changed (`main.ts` asks `recall`). What wrote, failed or asked somebody is not kept.
 */
export async function withKeptAnswer<W extends World>(world: W, body: (world: W) => Promise<number>): Promise<number> {
  const { host, options, environment, state } = world;
  const { question } = host;
  if (!question || !isEveryday(options) || !isHeard(question, host.terminal)) return body(world);
  const { host: tracedHost, trace } = traced(host);
  const variables = options.home === undefined ? tracedHost.variables : environment.variables;
  const exitCode = await body({ ...world, host: tracedHost, environment: { ...environment, variables } });
  const judged = {
    counted: counted(world),
    members: rootMembers,
    isTellable: (text: string) => withoutSecrets(text) === text,
  };
  const anywhere = isAnywhere(options.repo, [options.home, ...trace.variables.values()]);
  const asked = anywhere ? { ...question, workingDirectory: '' } : question;
  if (exitCode !== failed) remember(host, state, { question: asked, exitCode, trace }, judged);
  return exitCode;
}

const failed = 2;

/** Whether what may be a terminal is one: a device that is none would get the answer of somebody who could not be asked. */
function isHeard({ terminal: [input, output] }: Question, { isInteractive, showsColour }: Terminal): boolean {
  return input === isInteractive && output === showsColour;
}

function isEveryday(options: Wishes): boolean {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.every(([name]) => everyday.includes(name));
}

/** The files of which the clients say that only some root keys count. */
function counted({ clients, environment }: World): Counted[] {
  return clients.flatMap((client) => {
    const home = client.locate(environment);
    return client.targets.flatMap((target) =>
      target.kind === 'fragment' && target.judgedBy
        ? [{ path: runtimePath(home, target.file), keys: target.judgedBy }]
        : [],
    );
  });
}
