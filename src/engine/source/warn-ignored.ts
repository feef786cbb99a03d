import { isAbsolute, join } from 'node:path';
import { ignoredByGit } from '../../host/git/git-ignored.ts';
import type { Finding } from '../../model/finding.ts';
import type { World } from '../world.ts';

/** A warning where git ignores files that were just written to a repository: they would not be committed. */
export function ignoredFindings({ host, options }: World, folder: string, paths: readonly string[]): Finding[] {
  if (options.dryRun) return [];
  const ignored = ignoredByGit(host, folder, paths);
  const [first] = ignored;
  if (!first) return [];
  const more = ignored.length > 1 ? ` and ${ignored.length - 1} more` : '';
  const message = `git ignores "${first.path}"${more}: git add leaves out what was just written`;
  const remedy = `Change this line for them, or add them with: git add --force ${ignored.length > 1 ? '<file>…' : first.path}`;
  const path = isAbsolute(first.by) ? first.by : join(folder, first.by);
  return [{ code: 'git-ignores', severity: 'warning', message, remedy, path, line: first.line }];
}
