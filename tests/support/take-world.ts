import { expect } from 'vitest';
import { homeOf } from './adopt-world.ts';
import { type Done, home, type Machine, makeWorld, type World } from './memory-world.ts';

/** Where the new repository is. */
export const made = '/made';

/** A home with these files, and no repository of anybody's. */
export function usedHome(files: Readonly<Record<string, string>>): World {
  const world = makeWorld();
  for (const [path, text] of Object.entries(files)) world.memory.write(`${home}/${path}`, text, 0o644);
  return world;
}

/** Homes with one file, one for each of its texts. */
export function everyHome(texts: Readonly<Record<string, string>>, file: string) {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${file}: ${name}`, { [file]: text }]));
}

/** What was taken. */
export interface Taken {
  readonly world: World;
  readonly done: Done;
  /** The files of the new repository below `clients/`, but its identity. */
  readonly source: Record<string, string>;
}

/**
 * Takes along what is in a home. Nothing in it changes, both sides are equal, the source is sound, a push has nothing to
 * write, and letting go of all changes nothing either.
 */
export async function take(
  files: Readonly<Record<string, string>> | World,
  words: readonly string[] = ['--yes'],
  machine: Machine = {},
): Promise<Taken> {
  const world = 'memory' in files ? (files as World) : usedHome(files as Readonly<Record<string, string>>);
  const before = runtimeOf(world);
  const done = await world.run(['init', made, '--from-runtime', ...words], undefined, machine);
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(runtimeOf(world)).toEqual(before);
  const later = machine.variables ? { variables: machine.variables } : {};
  for (const command of [['check-sync', '--source-only'], ['check-sync'], ['push-runtime', '--yes']]) {
    const ran = await world.run([...command, '--repo', made], undefined, later);
    expect({ command, code: ran.code, err: ran.err, out: ran.out }).toMatchObject({ code: 0, err: '' });
    expect(runtimeOf(world)).toEqual(before);
  }
  const copy = world.copy();
  expect(await copy.run(['clean-runtime', '--remove-only', '--repo', made], undefined, later)).toMatchObject({
    code: 0,
    err: '',
  });
  expect(runtimeOf(copy)).toEqual(before);
  return { world, done, source: sourceOf(world) };
}

/** The homes of the clients; what is kept stands in a file of ours. */
export function runtimeOf(world: World): Record<string, string> {
  return Object.fromEntries(Object.entries(homeOf(world)).filter(([path]) => !path.startsWith('.config')));
}

/** The files of the new repository below `clients/`, but its identity. */
export function sourceOf({ memory }: World): Record<string, string> {
  const nodes = Object.entries(memory.snapshot(`${made}/clients`));
  const names = nodes.flatMap(([name, node]) => (node.startsWith('file') && name !== 'syncline.toml' ? [name] : []));
  return Object.fromEntries(names.map((name) => [name, memory.read(`${made}/clients/${name}`)]));
}
