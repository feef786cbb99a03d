import { describe, expect, it } from 'vitest';
import { home, makeWorld, repo, type World } from './support/memory-world.ts';

// What check-sync says below its list: how many units differ, and what to do about just those verdicts.

const changes = {
  'source-ahead': ({ memory }: World) =>
    memory.write(`${repo}/clients/shared/memory/global.md`, '# Global\n\nSpeak up.\n'),
  'runtime-ahead': ({ memory }: World) => memory.write(`${home}/.claude/skills/greet/SKILL.md`, 'mine\n'),
  conflict: ({ memory }: World) => {
    memory.write(`${repo}/clients/codex/profiles/fast.toml`, 'model = "ours"\n');
    memory.write(`${home}/.codex/fast.config.toml`, 'model = "theirs"\n');
  },
} as const;
type Drift = keyof typeof changes;
const all = Object.keys(changes) as Drift[];
const sets = Array.from({ length: 8 }, (_, bits) => all.filter((_, at) => (bits >> at) % 2 === 1));

async function pushed(): Promise<World> {
  const world = makeWorld();
  expect((await world.run(['push-runtime'])).code).toBe(0);
  return world;
}

function explained(out: string): string[] {
  return [...out.matchAll(/^([\w-]+): push-runtime /gm)].map(([, verdict]) => verdict as string);
}

/** The verdicts in the list, and how many rows it has. */
function listed(out: string): { verdicts: string[]; rows: number } {
  const rows = [...out.matchAll(/^([\w-]+) +(?:codex|claude):/gm)].map(([, verdict]) => verdict as string);
  return { verdicts: [...new Set(rows)].sort(), rows: rows.length };
}

describe('check-sync', () => {
  it.each(sets.map((set) => [set.join(', ') || 'nothing', set] as const))(
    'where %s differs, explains just that',
    async (_, set) => {
      const world = await pushed();
      for (const verdict of set) changes[verdict](world);
      const { code, out } = await world.run(['check-sync']);
      expect(explained(out).sort()).toEqual([...set].sort());
      expect(listed(out).verdicts).toEqual([...set].sort());
      expect(out).toContain(set.length === 0 ? 'In sync: 27 units' : `\n${listed(out).rows} of 27 units `);
      expect(code).toBe(set.includes('conflict') ? 3 : Math.min(set.length, 1));
    },
  );

  it.each([
    ['as it was deployed', undefined, 'source-ahead', 1],
    ['with an edit', 'theirs\n', 'conflict', 3],
  ])('what is left out now and still stands there %s differs, and is explained', async (_, text, verdict, exit) => {
    const world = await pushed();
    world.memory.write(
      `${repo}/clients/machines/here/layer.toml`,
      'leave-out = ["codex:memories/global.md", "skills/no"]\n',
    );
    world.memory.write(`${home}/.config/syncline/config.toml`, 'machine = "here"\n');
    if (text) world.memory.write(`${home}/.codex/memories/global.md`, text);
    const { code, out } = await world.run(['check-sync']);
    expect([code, listed(out), explained(out)]).toEqual([exit, { verdicts: [verdict], rows: 1 }, [verdict]]);
    expect(out).toContain('\n1 of 27 units differs.\n');
    expect(out).not.toContain('left out on this machine');
    if (verdict === 'conflict') return;
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['check-sync'])).out).toContain('In sync: 26 units');
  });

  it('what is left out and is not there, or the user has, is counted apart', async () => {
    const world = makeWorld();
    world.memory.write(`${repo}/clients/machines/here/layer.toml`, 'leave-out = ["memories/global.md"]\n');
    world.memory.write(`${home}/.config/syncline/config.toml`, 'machine = "here"\n');
    world.memory.write(`${home}/.codex/memories/global.md`, 'mine\n');
    expect((await world.run(['push-runtime'])).code).toBe(0);
    expect((await world.run(['check-sync'])).out).toMatch(
      /^In sync: 25 units are equal on both sides\.\n\d units? (?:is|are) left out on this machine\.\n/,
    );
  });
});
