import { dirname } from 'node:path';
import { encodeText } from '../content/text.ts';
import { readFileOf } from '../host/read-file.ts';
import type { Plan } from '../model/plan.ts';
import { sideOf } from '../model/plan.ts';
import { type Setup, withKept } from '../sync/setup.ts';
import type { Context } from './context.ts';

/** The plan with what `--keep-always` writes into the user's configuration: what it kept, by the names it was given. */
export function withKeptAlways({ host, options }: Context, plan: Plan, setup: Setup): Plan {
  const { keepAlways } = options;
  if (keepAlways === undefined) return plan;
  const kept = plan.units.filter(({ leftOut, action }) => leftOut === setup.path && action === 'leave');
  const names = keepAlways === true ? kept.map(({ id }) => id) : keepAlways;
  const added = names.filter((name) => !setup.keep.includes(name));
  if (added.length === 0) return plan;
  const status = host.disk.status(setup.path);
  const now = status && readFileOf(host.disk, setup.path, status);
  const content = encodeText(withKept(setup, added));
  const write = {
    client: '',
    file: 'config.toml',
    path: setup.path,
    before: sideOf(now),
    after: { content, mode: now?.mode ?? 0o644 },
  };
  return { ...plan, writes: [...plan.writes, write], makeFolders: [...plan.makeFolders, dirname(setup.path)] };
}
