import { join } from 'node:path';
import { extended, type GitFile, gitFiles } from '../content/files/git-files.ts';
import { readMePath, type StarterFile } from '../content/files/new-repository-files.ts';
import type { Disk } from '../host/disk.ts';
import { readFileOf } from '../host/reading/read-file.ts';
import { kindAt } from '../host/transaction/folders.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';
import type { RuntimeFile } from '../model/runtime.ts';
import type { World } from './world.ts';

/** A file to write; of one that is there already, what it is now. */
export interface NewFile extends StarterFile {
  readonly standing?: RuntimeFile;
}

/** Of the files that are there already: those that stay, and those of git's own with what they lack. */
export interface Standing {
  readonly kept: readonly string[];
  readonly extended: readonly NewFile[];
}

/** Throws `Failure` with every file that is there already and can be neither kept nor extended. */
export function standing({ host: { disk } }: World, folder: string, files: readonly StarterFile[]): Standing {
  const kind = disk.status(folder)?.kind;
  if (kind !== undefined && kind !== 'folder')
    throw new Failure([problem('init-exists', 'this is no folder', 'Name another one.', { path: folder })]);
  if (kindAt(disk, join(folder, 'clients')) !== 'nothing') {
    const remedy = 'It is a repository of Syncline already: edit it, or import more with pull-runtime --adopt.';
    throw new Failure([problem('init-exists', 'there is a clients/ here', remedy, { path: join(folder, 'clients') })]);
  }
  const found = files.map(({ path }) => path).filter((path) => kindAt(disk, join(folder, path)) !== 'nothing');
  const extendable = gitFiles.filter(
    ({ path }) => found.includes(path) && disk.linkStatus(join(folder, path))?.kind === 'file',
  );
  const stays = [readMePath, ...extendable.map(({ path }) => path)];
  const remedy = 'Move it away, or name another folder.';
  const findings = found
    .filter((path) => !stays.includes(path))
    .map((path) =>
      problem('init-exists', 'this is there already, and init overwrites nothing', remedy, {
        path: join(folder, path),
      }),
    );
  if (findings.length > 0) throw new Failure(findings);
  const longer = extendable.flatMap((file) => extendedFile(disk, folder, file));
  return { kept: found.filter((path) => !longer.some((one) => one.path === path)), extended: longer };
}

function extendedFile(disk: Disk, folder: string, file: GitFile): NewFile[] {
  const path = join(folder, file.path);
  const status = disk.status(path);
  const now = status && readFileOf(disk, path, status);
  const bytes = now && extended(now.bytes, file);
  return now && bytes ? [{ path: file.path, bytes, executable: (now.mode & 0o100) !== 0, standing: now }] : [];
}

/** What is said of the files that were there: which stay as they are, and which got lines of ours. */
export function standingFindings(folder: string, { kept, extended: longer }: Standing): Finding[] {
  const stays = kept.filter((path) => path === readMePath);
  return [
    ...stays.map((path) => keptAsItIs(join(folder, path))),
    ...longer.map(({ path }) => gotLines(join(folder, path))),
  ];
}

function keptAsItIs(path: string): Finding {
  const message = 'this is there already and stays as it is';
  const remedy = 'The next steps are in the documentation of Syncline: docs/start.md.';
  return { code: 'kept-file', severity: 'note', message, remedy, path };
}

function gotLines(path: string): Finding {
  const message = 'this is there already; lines for clients/ stand at its end now, and yours are as they were';
  return { code: 'extended-file', severity: 'note', message, remedy: 'Look at them before you commit.', path };
}
