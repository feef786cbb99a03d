import { dirname } from 'node:path';
import { encodeText } from '../../content/text.ts';
import { readFileOf } from '../../host/reading/read-file.ts';
import type { Finding } from '../../model/finding.ts';
import { type FileWrite, type Plan, sideOf } from '../../model/plan.ts';
import { type Setup, withKept } from '../../sync/source/layers-in-force.ts';
import type { Chosen } from '../choices.ts';
import type { World } from '../world.ts';

/**
 * The plan with what is written into the user's configuration, when units were chosen to be kept always, by `--keep-always` or at
 * the prompt: what was kept, by the names it was given.
 */
export function withKeptAlways(
  { host, options }: World,
  plan: Plan,
  setup: Setup,
  keepAlways: Chosen['keepAlways'],
): Plan {
  if (keepAlways === undefined) return plan;
  const kept = plan.units.filter(({ leftOut, action }) => leftOut === setup.path && action === 'leave');
  const names = keepAlways === true ? kept.map(({ id }) => id) : keepAlways;
  const added = names.filter((name) => !setup.keep.includes(name));
  if (added.length === 0) return plan;
  return {
    ...plan,
    writes: [...plan.writes, keepWrite(host, setup, added)],
    makeFolders: [...plan.makeFolders, dirname(setup.path)],
    findings: [...plan.findings, keptFinding(added, setup, options.dryRun === true ? 'would be' : 'was')],
  };
}

/** It is a file of the person's own, and outside the clients and the repository. */
function keptFinding(names: readonly string[], { path }: Setup, was: string): Finding {
  const quoted = names.map((name) => `"${name}"`).join(', ');
  const message = `${quoted} ${was} written to keep of your configuration: it stays as it is on this machine from now on`;
  const remedy = 'Remove the name there when push should write it again.';
  return { code: 'kept-always', severity: 'note', message, remedy, path };
}

/** The write that puts more units into `keep` of the user's configuration. */
export function keepWrite({ disk }: World['host'], setup: Setup, names: readonly string[]): FileWrite {
  const status = disk.status(setup.path);
  const now = status && readFileOf(disk, setup.path, status);
  const content = encodeText(withKept(setup, names));
  const after = { content, mode: now?.mode ?? 0o644 };
  return { client: '', file: 'config.toml', path: setup.path, before: sideOf(now), after };
}
