import { dirname, join, resolve } from 'node:path';
import { contentFiles, identityFile, projectFiles } from '../../content/files/new-repository-files.ts';
import { type NewFile, standing, standingFindings } from '../../engine/init-standing.ts';
import { refuseHomesInside } from '../../engine/refusals/refuse-source-targets.ts';
import { retryWhenMoved } from '../../engine/retry-when-moved.ts';
import { ignoredFindings } from '../../engine/source/warn-ignored.ts';
import { withRun } from '../../engine/with-run.ts';
import { initGit, isInGit } from '../../host/git/repository.ts';
import { applyPlan } from '../../host/transaction/apply.ts';
import { kindAt } from '../../host/transaction/folders.ts';
import { digestOf } from '../../model/digest.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { type FileWrite, type Plan, sideOf } from '../../model/plan.ts';
import { afterInitText, type InitEnd, madeText } from '../../report/commands/init-text.ts';
import { checkPlan } from '../../sync/check/check-plan.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';
import { type ImportedHomes, importHomes } from './init-from-runtime.ts';

/**
 * `init`: makes a repository of one's own, of what is useful at the least or of what the clients have. All of it or
 * nothing, and never over a file that is there.
 */
export function init(context: Context): Promise<number> {
  refuseLoneOptions(context);
  return withRun(context, 'init', (recovered) => retryWhenMoved(() => initOnce(context, recovered)));
}

function refuseLoneOptions({ options }: Context): void {
  if (options.fromRuntime || !(options.yes || options.only)) return;
  const message = `--${options.yes ? 'yes' : 'only'} says what to take from the clients`;
  throw new Failure([problem('usage', message, 'Give --from-runtime with it.')]);
}

async function initOnce(context: Context, recovered: readonly Finding[]): Promise<number> {
  const { host, options } = context;
  const folder = resolve(host.workingDirectory, options.dir ?? options.repo ?? '.');
  refuseHomesInside(context, folder);
  const isTop = kindAt(host.disk, join(folder, '.git')) !== 'nothing' || !isInGit(host.disk, folder);
  const around = standing(context, folder, projectFiles(isTop, 'all listed'));
  const id = newId(context);
  const taken = options.fromRuntime ? await importHomes(context, folder, id) : undefined;
  if (taken && 'exitCode' in taken) return taken.exitCode;
  const content = taken?.files ?? [identityFile(id, []), ...contentFiles()];
  const project = projectFiles(isTop, taken && taken.unlisted.length > 0 ? 'unlisted' : 'all listed');
  const fresh = project.filter(
    ({ path }) => !around.kept.includes(path) && !around.extended.some((one) => one.path === path),
  );
  const files: NewFile[] = [...content, ...fresh, ...around.extended];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const keeping = taken?.keeping ? [taken.keeping.path] : [];
  const bounds = { known: context.allClients, clients: [], folders: [folder], files: keeping };
  applyPlan(host, context.state, checkPlan(planOf(folder, files, taken), bounds));
  const git = options.dryRun ? [] : initGit(host, folder);
  const ignored = ignoredFindings(
    context,
    folder,
    files.map(({ path }) => path),
  );
  const findings = [...recovered, ...git, ...ignored, ...standingFindings(folder, around)];
  const hasGit = git.length === 0;
  return showMade(context, { folder, files, isTop, hasGit, taken, findings });
}

/** Random, in a form that nobody takes for a secret. */
function newId({ host }: Context): string {
  const digits = digestOf(host.newToken());
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

function planOf(folder: string, files: readonly NewFile[], taken: ImportedHomes | undefined): Plan {
  const writes = files.map(({ path, bytes, executable, standing: now }): FileWrite => {
    const after = { content: bytes, mode: now?.mode ?? (executable ? 0o755 : 0o644) };
    return { client: '', file: path, path: join(folder, path), before: sideOf(now), after };
  });
  const all = [...writes, ...(taken?.keeping ? [taken.keeping] : [])];
  const makeFolders = [...new Set(all.map(({ path }) => dirname(path)))];
  const { records = [], units = [] } = taken?.plan ?? {};
  return { command: 'init', units, writes: all, makeFolders, removeFolders: [], records, findings: [] };
}

interface Made {
  readonly folder: string;
  readonly files: readonly NewFile[];
  readonly isTop: boolean;
  readonly hasGit: boolean;
  readonly taken: ImportedHomes | undefined;
  readonly findings: readonly Finding[];
}

function showMade(context: Context, { folder, files, isTop, hasGit, taken, findings }: Made): number {
  const { options, paint } = context;
  const end: InitEnd = {
    ...{
      folder,
      files: files.flatMap((file) => (file.standing ? [] : file.path)),
      dry: options.dryRun === true,
      isTop,
      hasGit,
    },
    ...{ variables: taken?.variables ?? [], waiting: taken?.waiting ?? [], config: taken?.keeping?.path ?? '' },
    ...{ isAgreed: taken !== undefined, unlisted: taken?.unlisted ?? [] },
  };
  const { found = '', rows = [] } = taken ?? {};
  const made = { folder, files: end.files, found: rows, variables: end.variables, unlisted: end.unlisted };
  const all = [...findings, ...(taken?.findings ?? []), ...(isTop ? [] : [notAtTop(folder)])];
  const outcome = {
    command: 'init',
    exitCode: 0,
    inSync: end.isAgreed,
    units: taken?.plan.units ?? [],
    findings: all,
    made,
  };
  return show(context, outcome, found + madeText(end, paint), afterInitText(end));
}

function notAtTop(path: string): Finding {
  const message = 'the folder is in a git repository and not its top, so no hook and no workflow was made';
  const remedy = 'Let those of the repository run: syncline check-sync --source-only --repo <this folder>.';
  return { code: 'not-at-top', severity: 'note', message, remedy, path };
}
