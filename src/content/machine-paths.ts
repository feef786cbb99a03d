const machinePath = /(?:^|[\s"'`(=:<[,])(?:\/(?:home|Users|root)\/|[A-Za-z]:[\\/]+Users[\\/])/;

/** The lines, one-based, that name a folder of a person's on one machine; also those below one of `homes`. */
export function machinePathLines(text: string, homes: readonly string[]): number[] {
  const isNamed = (line: string) =>
    machinePath.test(line) || homes.some((home) => line.includes(`${home}/`) || line.includes(`${home}\\`));
  return text.split('\n').flatMap((line, index) => (isNamed(line) ? [index + 1] : []));
}
