import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressBar } from '../src/host/machine/progress-bar.ts';
import { makeWorld } from './support/memory-world.ts';

/** What stands on the terminal after these moments: milliseconds, done, total. */
function drawn(moments: readonly (readonly [at: number, done: number, total: number])[]): string[] {
  const errors = new PassThrough();
  let now = 0;
  const show = progressBar(errors, () => now);
  for (const [at, done, total] of moments) {
    now = at;
    show(done, total);
  }
  return `${errors.read() ?? ''}`.split('\r').slice(1);
}

describe('the bar', () => {
  it('does not come for work that is done in half a second', () => {
    const quick = [0, 100, 499].map((at, done) => [at, done, 4] as const);
    expect(drawn([...quick, [499, 4, 4]])).toEqual([]);
  });

  it('comes after that, moves, and leaves nothing behind', () => {
    const [half, third] = [
      `[${'#'.repeat(15)}${'.'.repeat(15)}] 2 of 4 files`,
      `[${'#'.repeat(22)}${'.'.repeat(8)}] 3 of 4 files`,
    ];
    expect(
      drawn([
        [0, 0, 4],
        [400, 1, 4],
        [500, 2, 4],
        [600, 2, 4],
        [700, 3, 4],
        [900, 4, 4],
      ]),
    ).toEqual([half, third, '\u001b[K']);
  });

  it('waits again for the next work', () => {
    expect(
      drawn([
        [0, 0, 2],
        [600, 1, 2],
        [700, 2, 2],
        [800, 0, 2],
        [1200, 1, 2],
        [1300, 2, 2],
      ]),
    ).toHaveLength(2);
  });
});

describe('a push', () => {
  it.each([false, true])('tells how far it is, and that it has ended (failing: %s)', async (failing) => {
    const told: (readonly [number, number])[] = [];
    const world = makeWorld();
    const progress = (done: number, total: number) => void told.push([done, total]);
    const { code } = await world.run(
      ['push-runtime'],
      (_call, name, path) => {
        if (failing && name === 'rename' && path.includes('SKILL.md'))
          throw Object.assign(new Error('EIO'), { code: 'EIO' });
      },
      { progress },
    );
    expect(code).toBe(failing ? 2 : 0);
    const parts = told.map(([done, total]) => done / total);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    expect([parts.length > 10, parts.at(-1)]).toEqual([true, 1]);
  });
});
