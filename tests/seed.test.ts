import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { howToRepeat, seedFor } from './support/seed.ts';

const fresh = () => -1;

describe('what is generated', () => {
  it('is the same in each run of CI', () => {
    const seed = seedFor({ CI: 'true' }, fresh);
    expect(seed).toBe(seedFor({ CI: 'true', SEED: '' }, () => -2));
    expect(seed).not.toBe(-1);
  });

  it.each([
    {},
    { CI: 'false' },
    ...['LAW_RUNS', 'SEQUENCES', 'RELIABILITY'].map((name) => ({ CI: 'true', [name]: '10' })),
  ])('is new each time with %j', (variables) => {
    expect(seedFor(variables, fresh)).toBe(-1);
  });

  it('is what SEED asks for, everywhere', () => {
    for (const variables of [{}, { CI: 'true' }, { LAW_RUNS: '10' }, { CI: 'true', RELIABILITY: 'write' }])
      expect(seedFor({ ...variables, SEED: '-12' }, fresh)).toBe(-12);
  });

  it('follows the one seed of the run, as samples and as laws, and the seed is told', () => {
    const { seed } = fc.readConfigureGlobal();
    expect(seed).toBeTypeOf('number');
    expect(howToRepeat()).toContain(`SEED=${seed} `);
    if (process.env.SEED) expect(seed).toBe(Number(process.env.SEED));
    const numbers = fc.array(fc.nat(), { minLength: 5 });
    for (const asked of [3, { numRuns: 3 }])
      expect(fc.sample(numbers, asked)).toEqual(fc.sample(numbers, { numRuns: 3, seed: seed as number }));
    const tried: number[][] = [];
    fc.assert(
      fc.property(numbers, (each) => void tried.push(each)),
      { numRuns: 3 },
    );
    expect(tried).toEqual(fc.sample(numbers, 3));
    const broken = fc.property(numbers, () => false);
    expect(() => fc.assert(broken, { numRuns: 3 })).toThrow(`seed: ${seed}`);
  });
});
