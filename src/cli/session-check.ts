import { withoutSecrets } from '../content/secrets/secrets.ts';
import { planUnscanned } from '../engine/plan-deploy.ts';
import { reasonsOf } from '../engine/reasons-of.ts';
import { refuseForeignState } from '../engine/refusals/refuse-foreign-state.ts';
import type { Source } from '../engine/source/source.ts';
import { repositoryOf } from '../engine/whose-repository.ts';
import { withKeptAnswer } from '../engine/with-kept-answer.ts';
import { hasJournal } from '../engine/with-run.ts';
import type { World } from '../engine/world.ts';
import { glanceAt, newCommits } from '../host/git/repository.ts';
import { isDrift, type PlannedUnit } from '../model/plan.ts';
import type { IdentifiedRepository } from '../model/record.ts';
import { hookText, sessionLine } from '../report/commands/session-text.ts';
import type { ClientState } from '../sync/plan/client-state.ts';
import { standingUnits } from '../sync/powers/consent.ts';
import { sharesRemote } from '../sync/same-repository.ts';
import { repositoryName } from '../sync/source/syncline-toml.ts';
import type { Context } from './context.ts';
import { show } from './show.ts';

/**
 * `session-check`: one line where the runtime has drifted or the repository has news, nothing where all is well. It changes
 * nothing, waits for nobody, asks no network, and exits 0: a session starts whatever it finds.
 */
export function sessionCheck(context: Context): Promise<number> {
  return withKeptAnswer(context, judged);
}

async function judged(context: Context): Promise<number> {
  const news = newsOf(context);
  const line = news.length === 0 ? undefined : withoutSecrets(sessionLine(news));
  const message = line ?? '';
  const remedy = 'check-sync --verbose tells more.';
  const findings = line === undefined ? [] : [{ code: 'session-news', severity: 'note', message, remedy } as const];
  const outcome = { command: 'session-check', exitCode: 0, inSync: line === undefined, units: [], findings };
  if (context.options.json) return show(context, outcome, '');
  if (line !== undefined) context.host.terminal.out(context.options.hook ? hookText(line) : `${line}\n`);
  return 0;
}

/** What there is to say, in a few words each. */
function newsOf(context: Context): string[] {
  try {
    refuseForeignState(context);
    if (hasJournal(context)) return ['a run of Syncline was cut off, or is under way'];
    const { made, source } = planUnscanned(context, knownRepository);
    return [...differences(made.plan.units), ...upstream(context, source.folder)];
  } catch (error) {
    // As with every command: what failed is not kept. Of a file that does not parse nothing says which parts of it count.
    context.host.spoil?.();
    const [first] = reasonsOf(error);
    const where = first?.path === undefined ? '' : `${first.path}: `;
    return [`nothing could be compared: ${where}${first?.message ?? ''}`];
  }
}

/**
 * The records know which repository deployed from here, which saves asking git: that takes longer than all our reading. Where
 * nothing that can be seen without git confirms them, it is asked.
 */
function knownRepository(context: World, source: Source, states: readonly ClientState[]): IdentifiedRepository {
  const { disk } = context.host;
  const here = disk.realPath(source.folder);
  const id = repositoryName(source.tree);
  const seen = glanceAt(disk, here);
  const repository = states
    .flatMap(({ record }) => record?.repository ?? [])
    .filter((known) => known.path === here && (id ?? known.id) === known.id)
    .find((known) => known.commit === seen.commit || sharesRemote(known, seen));
  if (repository === undefined) return repositoryOf(context, source, states);
  return { repository, isNamed: false, isShallow: false, holds: () => undefined };
}

function differences(units: readonly PlannedUnit[]): string[] {
  const drift = units.filter(isDrift);
  const [edits, news] = [
    drift.filter(({ verdict }) => verdict !== 'source-ahead'),
    drift.filter(({ verdict }) => verdict === 'source-ahead'),
  ];
  const standing = standingUnits(units);
  return [
    ...(edits.length > 0 ? [`the runtime has drifted (${named(edits)})`] : []),
    ...(standing.length > 0 ? [`a token would go where it was not made for (${named(standing)})`] : []),
    ...(news.length > 0 ? [`the repository has news to push (${named(news)})`] : []),
  ];
}

function named(units: readonly PlannedUnit[]): string {
  const [first, ...others] = units;
  return `${first?.id}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

function upstream({ host }: Context, folder: string): string[] {
  const count = newCommits(host, folder);
  return count > 0
    ? [`upstream has ${count === 1 ? 'a commit' : `${count} commits`} for clients/, fetched already`]
    : [];
}
