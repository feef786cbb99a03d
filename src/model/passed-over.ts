/** Why a file or folder of a client's home is nothing that a person would put into a repository. */
export type PassedOver = 'version control' | 'made by a program' | 'left by a system or an editor';

const versionControl = /^(?:\.git|git~1|\.hg|\.svn|\.jj|\.bzr|_darcs|\.pijul|\.fslckout|_fossil_)[. ]*$/;
/** Zero-width characters that some disks ignore in names. */
const ignoredOnSomeDisks = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const leftBehind = /^(?:\.ds_store|\._.*|thumbs\.db|desktop\.ini|.*~|\..*\.sw[a-p]|\.#.*|#.*#)$/;
const byPrograms =
  /^(?:node_modules|\.venv|__pycache__|.*\.py[co]|.*\.egg-info|\.(?:pytest|mypy|ruff|parcel)[-_]cache|\.cache|\.turbo|\.(?:tox|nox|eggs|ipynb_checkpoints|nyc_output|terraform|gradle|next|nuxt|svelte-kit|eslintcache|yarn|pnpm-store|bundle))$/;
/** What a program writes into a folder that it can make anew: Python's environments, and caches of all kinds. */
const marks = ['pyvenv.cfg', 'CACHEDIR.TAG'];
/** A bare repository is a folder of files, which git would take for one as well. */
const bareRepository = ['HEAD', 'objects', 'refs'];

/** Why what has this name is passed over, in upper case too; undefined for all else. */
export function passedOver(name: string): PassedOver | undefined {
  if (isVersionControl(name)) return 'version control';
  if (isLeftBehind(name)) return 'left by a system or an editor';
  return byPrograms.test(name.toLowerCase()) ? 'made by a program' : undefined;
}

/** Whether a name is that of a folder, or a file, in which a version control system keeps its own; on any disk. */
export function isVersionControl(name: string): boolean {
  return versionControl.test(name.toLowerCase().replace(ignoredOnSomeDisks, ''));
}

/** Whether systems and editors leave files of this name behind. */
export function isLeftBehind(name: string): boolean {
  return leftBehind.test(name.toLowerCase());
}

/** Why a folder that holds these names is passed over as a whole; undefined for all else. */
export function passedOverFolder(names: readonly string[]): PassedOver | undefined {
  if (bareRepository.every((name) => names.includes(name))) return 'version control';
  return marks.some((name) => names.includes(name)) ? 'made by a program' : undefined;
}
