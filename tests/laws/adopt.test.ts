import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptSource, sharedSource } from '../support/adopt-source.ts';
import { adoptedIds, deployed, homeOf, sourceOf } from '../support/adopt-world.ts';
import { lawRuns } from '../support/law-runs.ts';
import { home, repo, type World } from '../support/memory-world.ts';
import { makeEdit, type RuntimeEdit, rewrite, runtimeEdits } from '../support/runtime-edits.ts';

/** What holds for every edit of what was deployed, whichever unit it is in and whoever wrote the file anew before it. */
const worlds = {
  'what each client has': await deployed(adoptSource),
  'what all share, with layers': await deployed(sharedSource, { setup: 'machine = "work"\nlayers = ["people/ana"]\n' }),
};

describe.each(Object.entries(worlds))('edits of %s', (_, before) => {
  it('go into the source, or nothing is written', { timeout: 300_000 }, async () => {
    const law = fc.asyncProperty(runtimeEdits, fc.boolean(), async (edits, rewritten) => {
      const world = before.copy();
      if (rewritten) rewrite(world);
      const made = edits.flatMap((edit) => {
        const file = makeEdit(world, edit);
        return file === undefined ? [] : [{ ...edit, name: file }];
      });
      await expectLawful(world, made);
    });
    await fc.assert(law, { numRuns: lawRuns(150, 8) });
  });
});

type MadeEdit = RuntimeEdit & { readonly name: string };

async function expectLawful(world: World, edits: readonly MadeEdit[]): Promise<void> {
  const old = { repo: world.memory.snapshot(repo), source: sourceOf(world), home: homeOf(world) };
  const words = edits.filter(({ name, word }) => isSeen(world.memory.read(`${home}/${name}`), word));
  const { code, out, err } = await world.run(['pull-runtime', '--adopt']);
  expect(err).not.toContain('Syncline itself failed');
  expect(homeOf(world)).toEqual(old.home);
  if (code !== 0) {
    expect([code, world.memory.snapshot(repo)]).toEqual([code === 3 ? 3 : 2, old.repo]);
    return;
  }
  const lost = lostLines(old.source, sourceOf(world));
  expect(lost.length, lost.join('')).toBeLessThanOrEqual(edits.length);
  await expectRestores(world.copy(), old.source);
  await expectOnce(world);
  await expectPushes(world, out, words);
}

/** Whether an edit is still there when all are made, and in no marker, which the next push mends. */
function isSeen(text: string, word: string): boolean {
  return text.split('\n').some((line) => line.includes(word) && !/<!--|syncline/.test(line));
}

/** The lines of the source that are gone; blank ones go with the text that they parted. */
function lostLines(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.entries(before).flatMap(([name, text]) => {
    const kept = (after[name] ?? '').split(/(?<=\n)/);
    return text.split(/(?<=\n)/).filter((line) => {
      const index = kept.indexOf(line);
      if (index >= 0) kept.splice(index, 1);
      return index < 0 && line.trim() !== '';
    });
  });
}

async function expectRestores(world: World, source: Record<string, string>): Promise<void> {
  expect((await world.run(['restore'])).err).toBe('');
  expect(sourceOf(world)).toEqual(source);
}

async function expectOnce(world: World): Promise<void> {
  const source = sourceOf(world);
  const again = await world.run(['pull-runtime', '--adopt']);
  expect([again.code, again.err, adoptedIds(again.out)]).toEqual([0, '', []]);
  expect(sourceOf(world)).toEqual(source);
}

/** A push writes nothing of what was adopted but what came from elsewhere, and loses no edit. */
async function expectPushes(world: World, out: string, edits: readonly MadeEdit[]): Promise<void> {
  const left = out.includes('[by-name-only]');
  const pushed = await world.run(['push-runtime', '--json', '--verbose']);
  // What was left may be settled by what came from elsewhere.
  expect([pushed.err, pushed.code, pushed.out]).toEqual(['', left ? expect.toBeOneOf([0, 1]) : 0, pushed.out]);
  const written = pushed.json.units.filter(({ action }) => ['create', 'update', 'remove'].includes(action));
  const adopted = adoptedIds(out).filter((id) => !isJoined(id, out));
  expect(written.filter(({ id }) => adopted.includes(id))).toEqual([]);
  const checked = await world.run(['check-sync']);
  expect([checked.code, checked.out]).toEqual([pushed.code, checked.out]);
  for (const { name, word } of edits) expect(world.memory.read(`${home}/${name}`), name).toContain(word);
}

/** Whether another unit's edits went into the same file of the source. */
function isJoined(id: string, out: string): boolean {
  const rows = [...out.matchAll(/^ {2}adopted +(.*) into (.*)$/gm)].map(([, of, paths]) => ({
    of,
    paths: paths?.split(', '),
  }));
  const own = rows.find(({ of }) => of === id)?.paths ?? [];
  return rows.some(({ of, paths }) => of !== id && paths?.some((path) => own.includes(path)));
}
