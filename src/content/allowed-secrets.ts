import { type Finding, problem } from '../model/finding.ts';
import type { SourceTree } from '../model/source.ts';
import { readFlat } from './flat-values.ts';
import { fileAt } from './overlay.ts';

/** The files that may hold what looks like a secret, and what is wrong with the list of them. */
export interface AllowedSecrets {
  /** By path, relative to the repository: the line of the list. */
  readonly files: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

const list = 'clients/allowed-secrets.toml';
const rule = 'Write "path/below/clients" = "why it is no secret", one file per line.';

/** Reads `clients/allowed-secrets.toml`. Each file needs a reason, and must be there. */
export function readAllowedSecrets(tree: SourceTree): AllowedSecrets {
  const file = fileAt(tree, list);
  if (!file) return { files: new Map(), findings: [] };
  const { values, statements, findings } = readFlat(file, ({ line }) => wrong('it is no file with a reason', line));
  const files = new Map(statements.map(({ key, line }) => [`clients/${key}`, line]));
  const problems = [...files].flatMap(([path, line]) => {
    const reason = values[path.slice('clients/'.length)];
    const about = JSON.stringify(path.slice('clients/'.length));
    // With a list that does not parse, no reason is known.
    if (reason !== undefined && (typeof reason !== 'string' || reason.trim() === ''))
      return [wrong(`${about} has no reason`, line)];
    if (/(?:^|\/)vars\.toml$/.test(path))
      return [wrong(`${about} cannot be allowed: its values go into other files`, line)];
    return fileAt(tree, path) ? [] : [wrong(`there is no ${about} below clients/`, line)];
  });
  return { files, findings: [...findings, ...problems] };
}

/** Findings without those about secrets in files that may hold them. */
export function withoutAllowed(findings: readonly Finding[], { files }: AllowedSecrets): Finding[] {
  return findings.filter(({ code, path }) => code !== 'literal-secret' || !files.has(path ?? ''));
}

/** A warning for each file of the list in which nothing was found. */
export function unusedAllowances({ files }: AllowedSecrets, used: ReadonlySet<string>): Finding[] {
  return [...files]
    .filter(([path]) => !used.has(path))
    .map(([path, line]) => ({
      ...{ code: 'unused-allowance', severity: 'warning' },
      message: `no secret is found in ${JSON.stringify(path)}, which may hold one`,
      remedy: 'Take its line out of the list.',
      ...{ path: list, line },
    }));
}

function wrong(what: string, line: number): Finding {
  return problem('wrong-allowance', `An allowed secret is wrong: ${what}.`, rule, { path: list, line });
}
