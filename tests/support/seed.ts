import fc from 'fast-check';

/** The seed in CI: any will do, as long as it stays. */
const seedInCi = 4711;

/**
 * The seed of what is generated: the one that SEED asks for; in CI always the same, so that only a change can make a test
 * fail; a new one where new ground is to be tried: on a workstation, in a long search, for docs/reliability.md.
 */
export function seedFor(variables: NodeJS.ProcessEnv, fresh: () => number): number {
  const { SEED, CI, LAW_RUNS, SEQUENCES, RELIABILITY } = variables;
  if (SEED !== undefined && SEED !== '') return Number(SEED);
  const isSearch = [LAW_RUNS, SEQUENCES, RELIABILITY].some((asked) => asked !== undefined);
  return CI === 'true' && !isSearch ? seedInCi : fresh();
}

/** Says the seed to `fc.assert` and `fc.sample`; `fc.assert` prints it when a law is broken. */
export function settleSeed(): void {
  // The range that fast-check takes its own seeds from.
  const fresh = () => Math.floor(Math.random() * 0x1_0000_0000) | 0;
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedFor(process.env, fresh) });
}

/** How a sample is drawn again: what a test says that fails on one. */
export function howToRepeat(): string {
  return `SEED=${fc.readConfigureGlobal().seed} draws the same again`;
}
