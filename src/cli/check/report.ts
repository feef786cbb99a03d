import { isAbsolute, join, relative, resolve } from 'node:path';
import { withoutSecrets } from '../../content/secrets/secrets.ts';
import { reasonsOf } from '../../engine/reasons-of.ts';
import { findRepository, gitRootOf } from '../../host/git/repository.ts';
import { findingsText } from '../../report/findings-text.ts';
import { type ReportCase, reportCases } from '../../report/formats/ci-report-cases.ts';
import { githubText } from '../../report/formats/github-text.ts';
import type { Outcome } from '../../report/formats/json.ts';
import { junitText } from '../../report/formats/junit-text.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';
import { usage } from '../usage.ts';

/** What a report is made of: the cases, what it is about, and the text for people. */
interface Reported {
  readonly command: string;
  readonly cases: readonly ReportCase[];
  readonly body: string;
  readonly findings: string;
}

/** How each format is printed: for GitHub's log all on standard output; elsewhere the document alone. */
const formats: Readonly<Record<string, (context: Context, reported: Reported) => void>> = {
  github: ({ host }, { cases, body }) => host.terminal.out(githubText(cases, body, host.newToken())),
  junit: ({ host }, { command, cases, body, findings }) => {
    host.terminal.out(junitText(command, cases));
    host.terminal.error(body + findings);
  },
};

/**
 * Runs the body of a command whose result is to be reported in this format of a CI system: what goes wrong is reported in it,
 * too. Throws `Failure` for a format that is not known.
 */
export async function withReport(context: Context, report: string, body: () => Promise<number>): Promise<number> {
  refuseFormat(context, report);
  try {
    return await body();
  } catch (error) {
    const outcome = { command: 'check-sync', exitCode: 2, inSync: false, units: [], findings: reasonsOf(error) };
    return showReport(context, outcome, '');
  }
}

/** `show`, or the report that `--report` asks for. Gives the exit code back. */
export function showReport(context: Context, outcome: Outcome, body: string): number {
  const { options, paint } = context;
  const print = formats[options.report ?? ''];
  if (!print) return show(context, outcome, body);
  const root = rootOf(context);
  const cases = reportCases(outcome, { mask: withoutSecrets, pathOf: (path) => root && pathIn(root, path) });
  const findings = withoutSecrets(findingsText(outcome.findings, paint));
  print(context, { command: outcome.command, cases, body: withoutSecrets(body), findings });
  return outcome.exitCode;
}

function refuseFormat({ options }: Context, report: string): void {
  const names = Object.keys(formats);
  const remedy = `Name one of: ${names.join(', ')}.`;
  if (!names.includes(report)) throw usage(`unknown format ${JSON.stringify(report)} of --report`, remedy);
  if (options.json) throw usage('--report and --json both want to be all of the output', 'Leave one of them out.');
}

/** The folders that paths of the source and of a report are relative to, as real paths. */
interface Root {
  readonly repository: string;
  readonly git: string;
}

/** Undefined where there is no repository: that is what is reported then. */
function rootOf({ host, options }: Context): Root | undefined {
  try {
    const start = resolve(host.workingDirectory, options.repo ?? '.');
    const folder = options.repo === undefined ? findRepository(host.disk, start) : start;
    const repository = host.disk.realPath(folder);
    return { repository, git: gitRootOf(host.disk, repository) ?? repository };
  } catch {
    return undefined;
  }
}

/** A path of a finding relative to the root of the git repository; undefined for one outside it. */
function pathIn({ repository, git }: Root, path: string): string | undefined {
  const found = relative(git, isAbsolute(path) ? path : join(repository, path));
  return found === '' || isAbsolute(found) || /^\.\.(?:[/\\]|$)/.test(found) ? undefined : found.replaceAll('\\', '/');
}
