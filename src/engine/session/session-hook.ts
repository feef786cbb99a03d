import { isSessionLauncherThere, writeSessionLauncher } from '../../host/state/session-launcher.ts';
import type { Finding } from '../../model/finding.ts';
import type { WantedUnit } from '../../model/unit.ts';
import type { Source } from '../source/source.ts';
import type { World } from '../world.ts';

/** How a hook names the launcher, wherever the state folder of a machine is: the end of its path. */
const launcherName = 'syncline/bin/session-check';

/** Whether one of the units is a hook that calls the session check. */
export function wantsSessionCheck(units: readonly WantedUnit[]): boolean {
  const hooks = units.filter(({ address }) => address?.path[0] === 'hooks');
  return hooks.some(({ value }) => JSON.stringify(value ?? null, asText).includes(launcherName));
}

/** Writes the launcher that the deployed hook calls. Throws `Failure`. */
export function prepareSessionCheck({ host, state, options, environment }: World, { folder }: Source): void {
  const home = options.home === undefined ? {} : { home: environment.home };
  writeSessionLauncher(host, state, { repository: host.disk.realPath(folder), ...home });
}

/** A hook without its launcher does nothing, and says nothing: that is to be known. */
export function sessionHookFindings({ host, state }: World, wanted: boolean): Finding[] {
  if (!wanted || host.platform === 'win32' || isSessionLauncherThere(host, state)) return [];
  const message = 'the program that the session check calls is not there, so it says nothing';
  return [
    {
      code: 'session-launcher',
      severity: 'warning',
      message,
      remedy: 'push-runtime writes it.',
      path: state.sessionCheck,
    },
  ];
}

/** Whole numbers of any size have no form in JSON. */
function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
