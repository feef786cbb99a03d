import { basename, dirname, join } from 'node:path';
import type { Client } from '../adapters/client.ts';
import type { Finding } from '../model/finding.ts';
import type { ClientHome, Environment } from '../model/paths.ts';
import type { WantedUnit } from '../model/unit.ts';
import type { ClientState } from './plan/client-state.ts';

/** What a client would list twice: the skills that we deploy to it, and where else it reads skills. */
export function skillsToLookFor(
  client: Client,
  home: ClientHome,
  wanted: readonly WantedUnit[],
  environment: Environment,
): { own: string; folders: readonly string[]; names: ReadonlySet<string> } | undefined {
  const target = client.targets.find(({ kind }) => kind === 'skills');
  if (target?.kind !== 'skills' || !target.alsoRead) return undefined;
  const deployed = wanted.filter(({ leftOut }) => leftOut === undefined).map(({ file }) => file.split('/'));
  const names = deployed.flatMap(([folder, name, main, more]) =>
    folder === target.folder && main === 'SKILL.md' && more === undefined && name !== undefined ? [name] : [],
  );
  return { own: join(home.root, target.folder), folders: target.alsoRead(environment), names: new Set(names) };
}

/** A note for each skill that the client finds a second time, beside ours. */
export function skillsTwice({ client, skillsBeside }: ClientState): Finding[] {
  return skillsBeside.map((path): Finding => {
    const [name, folder] = [basename(dirname(path)), dirname(dirname(path))];
    const message = `${client.title} reads skills from ${JSON.stringify(folder)} too, and lists "${name}" twice`;
    const remedy = 'Remove or rename that one; Syncline does not manage it.';
    return { code: 'skill-twice', severity: 'note', message, remedy, path };
  });
}
