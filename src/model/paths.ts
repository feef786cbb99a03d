import { isAbsolute, resolve, sep } from 'node:path';

/** What a client's home depends on. */
export interface Environment {
  /** The user's home folder, absolute. */
  readonly home: string;
  /** What relative paths in variables are relative to, absolute. */
  readonly workingDirectory: string;
  /** The environment; empty under `--home`, which stands for HOME and the clients' own home variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** What a command depends on: `own` is the folder given by `--home`, which stands for HOME and every variable that moves a home. */
export function environmentOf(world: Environment, own: string | undefined): Environment {
  if (own === undefined) return world;
  return { ...world, home: resolve(world.workingDirectory, own), variables: {} };
}

/** Those of the variables that name a folder from the working directory, with their values: it would be another one in each. */
export function misplaced(
  { variables }: Pick<Environment, 'variables'>,
  names: readonly string[],
): (readonly [name: string, value: string])[] {
  return names.flatMap((name) => {
    const value = variables[name];
    return value && !isAbsolute(value) ? [[name, value] as const] : [];
  });
}

/** Where one client keeps its files on this machine, as absolute paths. */
export interface ClientHome {
  readonly root: string;
  /** Files that do not stand below `root`, by the name the targets use for them. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** All folders above files named with `/`, the home (`.`) too, in no order. */
export function foldersAbove(files: readonly string[]): Set<string> {
  const found = new Set(files.length > 0 ? ['.'] : []);
  for (const file of files) {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      // Thousands of files stand in a few folders.
      if (found.has(folder)) break;
      found.add(folder);
    }
  }
  return found;
}

/** The folders above a file named with `/`, from the home (`.`) down. */
export function parentsOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

/** Whether an absolute path is a folder, or stands below it. Both are spelled out: no `..`, and of links the same end. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
