import { type Finding, problem } from '../model/finding.ts';
import type { SourceTree } from '../model/source.ts';
import { readFlat } from './flat-values.ts';
import { fileAt } from './overlay.ts';

/** A list in `clients/` of files that may hold what is an error elsewhere, each with a reason. */
interface AllowanceList {
  readonly path: string;
  /** What the files may hold: `secret`. */
  readonly what: string;
  /** The code of the findings that it allows. */
  readonly code: string;
  /** How a message about the list starts, and what a reason says. */
  readonly subject: string;
  readonly reason: string;
  /** Why a file cannot be allowed whatever the reason; undefined for all others. */
  readonly barred: (path: string) => string | undefined;
}

const lists = {
  secrets: {
    ...{ path: 'clients/allowed-secrets.toml', what: 'secret', code: 'literal-secret' },
    ...{ subject: 'An allowed secret', reason: 'why it is no secret' },
    barred: (path) => (/(?:^|\/)vars\.toml$/.test(path) ? 'its values go into other files' : undefined),
  },
  hiddenText: {
    ...{ path: 'clients/allowed-hidden-text.toml', what: 'hidden text', code: 'hidden-text' },
    ...{ subject: 'Allowed hidden text', reason: 'why it is harmless' },
    barred: () => undefined,
  },
} satisfies Record<string, AllowanceList>;

/** The files of one list, and what is wrong with it. */
export interface Allowances {
  readonly list: AllowanceList;
  /** By path, relative to the repository: the line of the list. */
  readonly files: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** Reads `clients/allowed-secrets.toml`: the files that may hold what looks like a secret. */
export function readAllowedSecrets(tree: SourceTree): Allowances {
  return readAllowances(tree, lists.secrets);
}

/** Reads `clients/allowed-hidden-text.toml`: the files that may hold what a reader does not see. */
export function readAllowedHiddenText(tree: SourceTree): Allowances {
  return readAllowances(tree, lists.hiddenText);
}

/** Each file needs a reason, and must be there. */
function readAllowances(tree: SourceTree, list: AllowanceList): Allowances {
  const file = fileAt(tree, list.path);
  if (!file) return { list, files: new Map(), findings: [] };
  const wrong = (what: string, line: number) => wrongIn(list, what, line);
  const { values, statements, findings } = readFlat(file, ({ line }) => wrong('it is no file with a reason', line));
  const files = new Map(statements.map(({ key, line }) => [`clients/${key}`, line]));
  const problems = [...files].flatMap(([path, line]) => {
    const reason = values[path.slice('clients/'.length)];
    const about = JSON.stringify(path.slice('clients/'.length));
    // With a list that does not parse, no reason is known.
    if (reason !== undefined && (typeof reason !== 'string' || reason.trim() === ''))
      return [wrong(`${about} has no reason`, line)];
    const barred = list.barred(path);
    if (barred !== undefined) return [wrong(`${about} cannot be allowed: ${barred}`, line)];
    return fileAt(tree, path) ? [] : [wrong(`there is no ${about} below clients/`, line)];
  });
  return { list, files, findings: [...findings, ...problems] };
}

/** Findings without those that the list allows. */
export function withoutAllowed(findings: readonly Finding[], { list, files }: Allowances): Finding[] {
  return findings.filter(({ code, path }) => code !== list.code || !files.has(path ?? ''));
}

/** A warning for each file of the list in which nothing was found. */
export function unusedAllowances({ list, files }: Allowances, used: ReadonlySet<string>): Finding[] {
  return [...files]
    .filter(([path]) => !used.has(path))
    .map(([path, line]) => ({
      ...{ code: 'unused-allowance', severity: 'warning' },
      message: `no ${list.what} is found in ${JSON.stringify(path)}, which may hold ${list.code === 'literal-secret' ? 'one' : 'it'}`,
      remedy: 'Take its line out of the list.',
      ...{ path: list.path, line },
    }));
}

function wrongIn({ path, subject, reason }: AllowanceList, why: string, line: number): Finding {
  const rule = `Write "path/below/clients" = "${reason}", one file per line.`;
  return problem('wrong-allowance', `${subject} is wrong: ${why}.`, rule, { path, line });
}
