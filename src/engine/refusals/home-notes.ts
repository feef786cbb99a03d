import { join } from 'node:path';
import { shellLine } from '../../adapters/shell-line.ts';
import { asFailure } from '../../host/system-error.ts';
import type { Finding } from '../../model/finding.ts';
import type { World } from '../world.ts';

/** What a person should know of the homes before anything is written there: one that is not there, and one that is a project. */
export function homeNotes(world: World): Finding[] {
  const { host, environment, options, clients } = world;
  const missing = clients.flatMap((client): Finding[] => {
    const name = client.checkup?.oracle?.homeVariable;
    const path = name === undefined ? undefined : environment.variables[name];
    return name === undefined || !path || isThere(world, path) ? [] : [missingHome(name, path)];
  });
  const isProject = options.home !== undefined && isThere({ host }, join(environment.home, '.git'));
  return [...missing, ...(isProject ? [projectScope(environment.home)] : [])];
}

function isThere({ host: { disk } }: Pick<World, 'host'>, path: string): boolean {
  try {
    return disk.linkStatus(path) !== undefined;
  } catch (error) {
    throw asFailure(error, path, 'look at it');
  }
}

function missingHome(name: string, path: string): Finding {
  const message = `${name} names ${JSON.stringify(path)}, which is not there yet: push makes it`;
  const remedy = `If that is a slip of the pen, correct ${name}. What was pushed there by mistake is removed with: ${shellLine(['syncline', 'uninstall'])}`;
  return { code: 'home-missing', severity: 'warning', message, remedy, path };
}

function projectScope(path: string): Finding {
  const message =
    'this home is the working tree of a git repository: Syncline deploys to the homes of clients, and what they read in a project, such as .mcp.json or .claude/settings.json there, is not covered';
  const remedy = 'Leave out --home to deploy to your own homes.';
  return { code: 'project-scope', severity: 'warning', message, remedy, path };
}
