import { expect } from 'vitest';
import { adoptSource } from './adopt-source.ts';
import { home, makeWorld, repo, type World } from './memory-world.ts';

/** An edit of somebody's in the runtime. */
export interface Edit {
  /** Below the home. */
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** An edit, and what `pull-runtime --adopt` must make of it. */
export interface AdoptCase {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Without them, all edits of what was deployed. */
  readonly names?: readonly string[];
  /** Files below `clients/` that change, and how: each text of theirs by the one that takes its place; '' of a new file. */
  readonly source: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;
  /** What the report says besides. */
  readonly says?: readonly string[];
  /** Units that get what was edited in another one, too: the next push has to write them. */
  readonly merged?: readonly string[];
}

/** Where a file of the source stands. */
export const inSource = (name: string) => `${repo}/clients/${name}`;

/** A world with a source of its own, pushed. `setup` is what this machine says of itself. */
export async function deployed(
  files: Readonly<Record<string, string>> = adoptSource,
  { setup, arrange }: { readonly setup?: string; arrange?(world: World): void } = {},
): Promise<World> {
  const world = makeWorld();
  world.memory.remove(`${repo}/clients`);
  for (const [name, text] of Object.entries(files))
    world.memory.write(inSource(name), text, name.endsWith('.sh') ? 0o755 : 0o644);
  if (setup !== undefined) world.memory.write(`${home}/.config/syncline/config.toml`, setup);
  arrange?.(world);
  const { code, err, out } = await world.run(['push-runtime']);
  expect({ code, err, out }).toMatchObject({ code: 0 });
  return world;
}

/** Edits a file of the home. */
export function edit({ memory }: World, { file, from, to }: Edit): void {
  const old = memory.read(`${home}/${file}`);
  const now = old.replace(from, () => to);
  expect(now, `${file} has ${from}`).not.toBe(old);
  memory.write(`${home}/${file}`, now);
}

/** Every file of the source with its text; the copies of pull left out. */
export function sourceOf({ memory }: World): Record<string, string> {
  const nodes = Object.entries(memory.snapshot(`${repo}/clients`));
  const files = nodes.filter(([name, node]) => !name.split('/').includes('pulled') && node.startsWith('file'));
  return Object.fromEntries(files.map(([name]) => [name, memory.read(inSource(name))]));
}

/** The home without our own state. */
export function homeOf({ memory }: World): Record<string, string> {
  return Object.fromEntries(Object.entries(memory.snapshot(home)).filter(([name]) => !name.startsWith('.local')));
}

/**
 * Adopts. Just these texts of the source change, the home does not; a second adoption changes nothing; a push to the
 * clients that were edited has nothing to do for what was adopted; after one to all both sides are equal.
 */
export async function expectAdopted(world: World, expected: Omit<AdoptCase, 'edits' | 'name'>): Promise<void> {
  const { names = [], source, says = [], merged = [] } = expected;
  const before = { source: sourceOf(world), home: homeOf(world) };
  const { code, out, err } = await world.run(['pull-runtime', '--adopt', ...names]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const text of says) expect(out).toContain(text);
  const after = sourceAfter(before.source, source);
  expect(sourceOf(world)).toEqual(after);
  expect(homeOf(world)).toEqual(before.home);
  await expectSettled(
    world,
    adoptedIds(out).filter((id) => !merged.includes(id)),
  );
  expect(sourceOf(world)).toEqual(after);
}

function sourceAfter(before: Record<string, string>, changes: AdoptCase['source']): Record<string, string> {
  const after = { ...before };
  for (const [name, change] of Object.entries(changes)) {
    after[name] = change.reduce((text, [from, to]) => {
      expect(text, `${name} has ${from}`).toContain(from);
      return text.replace(from, () => to);
    }, before[name] ?? '');
  }
  return after;
}

/** The units that a report says were adopted. */
export function adoptedIds(out: string): string[] {
  return [...out.matchAll(/^ {2}adopted +(.*) into /gm)].map(([, id]) => id as string);
}

/** After an adoption nothing is left to do for what was adopted, and a push makes both sides equal. */
async function expectSettled(world: World, adopted: readonly string[]): Promise<void> {
  const again = await world.run(['pull-runtime', '--adopt']);
  expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: '' });
  expect(adoptedIds(again.out)).toEqual([]);
  const pushed = await world.run(['push-runtime', '--json', '--verbose']);
  expect(pushed).toMatchObject({ code: 0 });
  const written = pushed.json.units.filter(({ action }) => !['none', 'record'].includes(action)).map(({ id }) => id);
  expect(written.filter((id) => adopted.includes(id))).toEqual([]);
  const checked = await world.run(['check-sync']);
  expect({ code: checked.code, out: checked.out }).toMatchObject({ code: 0 });
}
