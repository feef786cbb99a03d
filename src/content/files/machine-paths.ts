const machinePath = /(?:^|[\s"'`(=:<[,])(?:\/(?:home|Users|root)\/|[A-Za-z]:[\\/]+Users[\\/])/;

/** The lines, one-based, that name a folder of a person's on one machine; also those below one of `homes`. */
export function machinePathLines(text: string, homes: readonly string[]): number[] {
  const isNamed = (line: string) =>
    machinePath.test(line) || homes.some((home) => line.includes(`${home}/`) || line.includes(`${home}\\`));
  return text.split('\n').flatMap((line, index) => (isNamed(line) ? [index + 1] : []));
}

/** Below a person's home, and where apps, package managers and disks stand: each machine has them elsewhere, or not at all. */
const anyPath =
  /(?:^|[\s"'`(=:<[,])((?:\/(?:home|Users|root|opt|Applications|Library|nix|snap|mnt|media|Volumes|private|srv|var\/folders|cygdrive)\/|[A-Za-z]:[\\/]|\\\\)[^\s"'`]*)/g;

/** What in a value names a path that only one machine has; the whole text where it names something below one of `homes`. */
export function machinePathsIn(text: string, homes: readonly string[]): string[] {
  const found = [...text.matchAll(anyPath)].map(([, path]) => path as string);
  return homes.some((home) => text.includes(`${home}/`) || text.includes(`${home}\\`)) ? [...found, text] : found;
}
