import { type Finding, problem } from '../../model/finding.ts';
import { parentsOf } from '../../model/paths.ts';
import type { SourceTree } from '../../model/source.ts';
import { caseTwins, unsafePath } from '../names.ts';
import { type OverlayFile, overlayFiles } from '../overlay.ts';
import type { TokenValues } from '../placeholders.ts';
import { type ExpandedFile, expandedFile } from './expanded-file.ts';
import { scriptLineEnds } from './scripts.ts';

/** A file that goes to a client's home at the path that it has below `files/`. */
export interface HomeFile extends Omit<ExpandedFile, 'findings'> {
  readonly relative: string;
  readonly executable: boolean;
  /** The source file, relative to the repository. */
  readonly source: string;
}

/** The files of a client below `files/`. `taken` says why a path of the home is not free for them, or gives undefined. */
export function homeFiles(
  tree: SourceTree,
  client: string,
  values: TokenValues,
  taken: (relative: string) => string | undefined,
): { files: HomeFile[]; findings: Finding[] } {
  const found = overlayFiles(tree, client, 'files');
  const deployed = found.map(({ relative, file }) => {
    const { findings, ...more } = expandedFile(file, values);
    const { executable, path: source } = file;
    return { findings, file: { ...more, relative, executable, source } };
  });
  const findings = [
    ...caseTwins(found.map(({ relative, file }) => ({ relative, path: file.path }))),
    ...found.flatMap((entry) => placeProblems(entry, taken)),
    ...filesAsFolders(found),
    ...found.flatMap(({ file }) => scriptLineEnds(file, 'error')),
    ...deployed.flatMap((each) => each.findings),
  ];
  return { files: deployed.map(({ file }) => file), findings };
}

function placeProblems({ relative, file }: OverlayFile, taken: (relative: string) => string | undefined): Finding[] {
  const unsafe = [...unsafePath(file.path, relative, 'allowed'), ...hiddenAtTop({ relative, file })];
  if (unsafe.length > 0) return unsafe.slice(0, 1);
  const reason = taken(relative);
  if (reason === undefined) return [];
  const message = `No file of "files" can stand at "${relative}" in the home of a client: ${reason}.`;
  return [
    problem('taken-place', message, 'Give it another name, such as a folder "hooks".', { path: file.path, line: 1 }),
  ];
}

/** Clients keep their secrets and settings in such files, and read more of them than anybody knows. */
function hiddenAtTop({ relative, file }: OverlayFile): Finding[] {
  const [top = ''] = relative.split('/');
  return top.startsWith('.') ? unsafePath(file.path, top, 'refused') : [];
}

/** Layers are put together file by file, so one may want a file where another one wants a folder. */
function filesAsFolders(found: readonly OverlayFile[]): Finding[] {
  const inside = new Map(
    found.flatMap(({ relative, file }) => parentsOf(relative).map((folder) => [folder, file.path])),
  );
  return found.flatMap(({ relative, file }) => {
    const below = inside.get(relative);
    if (below === undefined) return [];
    const message = `"${relative}" is a file here and a folder in "${below}".`;
    return [problem('two-sources', message, 'Rename one of them.', { path: file.path, line: 1 })];
  });
}
