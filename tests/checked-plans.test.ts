import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CheckedPlan, FileWrite, Plan } from '../src/model/plan.ts';
import type { World } from './support/memory-world.ts';

// Every plan goes through one door, whole: here each command's own plan is spoiled on its way to the check, and nothing is written.

type Spoil = (plan: Plan) => Plan;

const door = { spoil: ((plan) => plan) as Spoil, opened: 0 };

// Files of tests share their modules: the program is loaded again here, with a door that can be watched, and let go afterwards.
vi.resetModules();
vi.doMock('../src/sync/check/check-plan.ts', async (importOriginal) => {
  const { checkPlan } = await importOriginal<typeof import('../src/sync/check/check-plan.ts')>();
  return {
    checkPlan: (plan: Plan, bounds: Parameters<typeof checkPlan>[1]): CheckedPlan => {
      door.opened += 1;
      return checkPlan(door.spoil(plan), bounds);
    },
  };
});
const { home, makeWorld, nodesOf, repo, stateFolder } = await import('./support/memory-world.ts');

afterAll(() => {
  vi.doUnmock('../src/sync/check/check-plan.ts');
  vi.resetModules();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const key = ['sk', 'ant', 'api03', 'Zq7Lw2Xn9Rt4Vb6Yc1Md8Kf3Hj5Gp0Sa2Du7Ei4Ow9Qz6Nx1Bv8Cm3Tk5Rl0Jy-AA'].join('-');
const configs = `${home}/.codex/config.toml`;

/** A push that chose to keep something always writes the user's configuration, and one that adopts writes the source, too. */
const commands: readonly (readonly [string, readonly string[], (world: World) => Promise<unknown>])[] = [
  ['push-runtime', ['push-runtime'], async () => undefined],
  ['push-runtime that keeps always', ['push-runtime', '--keep-always'], edited],
  ['clean-runtime', ['clean-runtime'], edited],
  ['clean-runtime --remove-only', ['clean-runtime', '--remove-only'], pushed],
  ['uninstall', ['uninstall'], pushed],
  ['pull-runtime', ['pull-runtime'], pushed],
  ['pull-runtime --adopt', ['pull-runtime', '--adopt'], edited],
  ['restore', ['restore'], pushed],
  ['restore of init', ['restore', '2026'], (world) => world.run(['init', 'made'])],
  ['init', ['init', 'made'], async () => undefined],
  ['init --from-runtime', ['init', 'made', '--from-runtime', '--yes'], used],
];

function pushed(world: World) {
  return world.run(['push-runtime']);
}

async function edited(world: World): Promise<void> {
  await pushed(world);
  const text = world.memory.read(configs);
  expect(text).toContain('model_verbosity = "low"');
  world.memory.write(configs, text.replace('model_verbosity = "low"', 'model_verbosity = "high"'), 0o600);
}

async function used(world: World): Promise<void> {
  world.memory.write(configs, 'model = "gpt-5"\n', 0o600);
}

/** A write that is fine, but for what the test says of it: of the same client and place as one that the plan has. */
function added({ writes: [first] }: Plan, other: Partial<FileWrite>): FileWrite {
  if (!first) throw new Error('the plan writes nothing');
  return { ...first, before: null, after: { content: bytes('x\n'), mode: 0o644 }, ...other };
}

const also = (plan: Plan, write: FileWrite): Plan => ({ ...plan, writes: [...plan.writes, write] });

/** One of the plan's own writes of a file that a client, or Syncline, has to read, with another text in it. */
function rewritten(plan: Plan, text: string): Plan {
  const index = plan.writes.findIndex(
    ({ path, after }) => after && /(config|config-fragment|syncline)\.toml$/.test(path),
  );
  const place = plan.writes[Math.max(0, index)];
  if (!place) throw new Error('the plan writes nothing');
  const write = { ...place, after: { content: bytes(text), mode: 0o600 } };
  return { ...plan, writes: plan.writes.map((each) => (each === place ? write : each)) };
}

const spoils: readonly (readonly [string, Spoil])[] = [
  ['a write beside the home', (plan) => also(plan, added(plan, { path: `${home}/.bashrc`, file: '.bashrc' }))],
  ['a write that climbs', (plan) => also(plan, added(plan, { path: `${home}/.codex/../.bashrc`, file: '../.bashrc' }))],
  [
    'a write of no client',
    (plan) => also(plan, added(plan, { client: '', path: `${home}/.profile`, file: '.profile' })),
  ],
  [
    'a write into the state folder',
    (plan) => also(plan, added(plan, { client: '', path: `${stateFolder}/tokens/hub` })),
  ],
  ['a folder elsewhere', (plan) => ({ ...plan, makeFolders: [...plan.makeFolders, '/opt/tool'] })],
  ['a folder elsewhere that goes', (plan) => ({ ...plan, removeFolders: [...plan.removeFolders, '/opt/tool'] })],
  ['a doubled write', (plan) => also(plan, plan.writes[0] as FileWrite)],
  ['a secret', (plan) => rewritten(plan, `model = "x"\nkey = "${key}"\n`)],
];

describe.each(commands)('%s', (_name, words, before) => {
  it('goes through the door once, with all that it writes', async () => {
    const { done, opened } = await refusedOr(words, before, (plan) => plan);
    expect([opened, done.code < 2]).toEqual([1, true]);
  });

  it.each(spoils)('with %s is refused, and writes nothing', async (_what, spoil) => {
    await expectRefused(words, before, spoil);
  });
});

/** The others write no file that anybody has to read, or only files that come back. */
const deploying = commands.filter(([name]) => !['uninstall', 'pull-runtime', 'restore of init'].includes(name));

describe.each(deploying)('%s', (_name, words, before) => {
  it('with a file that does not parse is refused, and writes nothing', async () => {
    await expectRefused(words, before, (plan) => rewritten(plan, 'a =\n'));
  });
});

it.each(['push-runtime', 'clean-runtime', 'restore'])(
  '%s: a server that Codex would refuse is refused',
  async (name) => {
    const [, words, before] = commands.find(([each]) => each === name) as (typeof commands)[number];
    await expectRefused(words, before, (plan) => rewritten(plan, '[mcp_servers.x]\n'));
  },
);

/** All of the home but our own state, and all of the repository. */
function nodesAround(world: World): string {
  return JSON.stringify([nodesOf(world), world.memory.snapshot(repo)]);
}

/** Runs the command on a world that was made ready, with each of its plans spoiled. */
async function refusedOr(words: readonly string[], before: (world: World) => Promise<unknown>, spoil: Spoil) {
  const world = makeWorld();
  door.spoil = (plan) => plan;
  await before(world);
  const nodes = nodesAround(world);
  door.spoil = spoil;
  door.opened = 0;
  const done = await world.run([...words, '--json']);
  door.spoil = (plan) => plan;
  return { world, done, nodes, opened: door.opened };
}

async function expectRefused(words: readonly string[], before: (world: World) => Promise<unknown>, spoil: Spoil) {
  const { world, done, nodes } = await refusedOr(words, before, spoil);
  const codes = new Set(done.json.findings.map(({ code }) => code));
  expect([
    done.code,
    codes.has('broken-plan') || codes.has('literal-secret') || codes.has('client-would-refuse'),
  ]).toEqual([2, true]);
  expect(nodesAround(world)).toBe(nodes);
}
