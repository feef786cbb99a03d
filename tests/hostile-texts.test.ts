import { describe, expect, it } from 'vitest';
import { sized } from './support/hostile.ts';
import {
  agents,
  config,
  fine,
  fragment,
  type HostileText,
  nested,
  refusedSources,
  refusedTargets,
  servers,
  settings,
} from './support/hostile-texts.ts';
import { makeSandbox, type Ran, type Sandbox, snapshot } from './support/sandbox.ts';
import { writeTeamSource } from './support/team-source.ts';

/**
 * Texts as an attacker or an accident makes them, in the files of the user and of the repository: a clear refusal that names
 * the place, or the right result and every byte of the user's; never a crash, a hang, or a prototype with something new on it.
 */
/** All of them in CI, and elsewhere a third: each costs up to four runs. */
function some(texts: readonly HostileText[]): readonly HostileText[] {
  return texts.filter((_, index) => process.env.CI === 'true' || index % 3 === 0);
}

/** A run for the client of a file. */
function run(sandbox: Sandbox, path: string, ...words: string[]): Ran {
  const client = path.includes('claude') ? 'claude' : path.includes('codex') ? 'codex' : 'all';
  return sandbox.run([...words, ...(client === 'all' ? [] : ['--client', client])]);
}

function sandboxWith({ path, content }: HostileText, where: 'home' | 'repo/clients'): Sandbox {
  const sandbox = makeSandbox();
  writeTeamSource(sandbox);
  sandbox.write('home/.profile', 'x');
  sandbox.write(`${where}/${path}`, content);
  return sandbox;
}

/** Everything below the home but our state. */
const filesOf = (sandbox: Sandbox) => snapshot(sandbox.home);

describe("a file of the user's that cannot be used", () => {
  it.each(some(refusedTargets))('$name: exit 2, the place, nothing written', (text) => {
    const sandbox = sandboxWith(text, 'home');
    const before = filesOf(sandbox);
    const { code, out } = run(sandbox, text.path, 'push-runtime', '--json');
    expectRefusal(code, out, text, sandbox.home);
    expect(filesOf(sandbox)).toEqual(before);
  });
});

describe("a file of the user's that is only odd", () => {
  it.each(some(fine))('$name: push, push again, check and clean; every byte comes back', (text) => {
    const sandbox = sandboxWith(text, 'home');
    const before = filesOf(sandbox);
    expect(run(sandbox, text.path, 'push-runtime')).toMatchObject({ code: 0, err: '' });
    expect(run(sandbox, text.path, 'push-runtime')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing had to'),
    });
    expect(run(sandbox, text.path, 'check-sync').code).toBe(0);
    expect(run(sandbox, text.path, 'clean-runtime', '--remove-only')).toMatchObject({ code: 0 });
    expect(filesOf(sandbox)).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
  });
});

/** Texts of a few megabytes, each with a lot of one thing. A fiftieth outside CI: they take seconds each. */
const large: [name: string, path: string, make: (count: number) => string][] = [
  ['root keys', config, (count) => lines(count, (index) => `k${index} = ${index} # c`)],
  ['tables', config, (count) => lines(count, (index) => `[projects."/p/${index}"]\ntrust_level = "trusted"`)],
  ['comments', config, (count) => '# c\n'.repeat(4 * count)],
  ['one array', config, (count) => `a = [${'"x", '.repeat(4 * count)}]\n`],
  [
    'days and numbers to check',
    config,
    (count) => lines(count, (index) => `k${index} = [1979-05-27, 23:59:60, ${index}]`),
  ],
  [
    'projects',
    servers,
    (count) => JSON.stringify({ projects: lines(count, (index) => `p${index} `.repeat(10)).split('\n') }, null, 2),
  ],
  ['escapes', settings, (count) => JSON.stringify({ a: 'x\\"'.repeat(40 * count) })],
  [
    'rules',
    settings,
    (count) => JSON.stringify({ permissions: { deny: lines(count, (index) => `R(${index})`).split('\n') } }),
  ],
  ['memories that nobody closes', agents, (count) => lines(count, (index) => `<!-- memory/${index}.md -->`)],
];

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('a large file', () => {
  it.each(large)('of %s in %s is no hang, and every byte comes back', (_, path, make) => {
    const content = make(sized(30_000, 600, 10_000));
    const sandbox = sandboxWith({ name: '', path, content }, 'home');
    expect(run(sandbox, path, 'push-runtime')).toMatchObject({ code: 0 });
    expect(run(sandbox, path, 'clean-runtime', '--remove-only')).toMatchObject({ code: 0 });
    expect(sandbox.read(`home/${path}`) === content).toBe(true);
  });
});

describe('what would only become too deep where it goes', () => {
  it('is refused, and never written', () => {
    const inner = nested('{a=', 70, '}', '{}');
    const content = `[desktop]\nx = ${inner}\n`;
    const sandbox = sandboxWith({ name: '', path: config, content }, 'home');
    sandbox.write(`repo/clients/${fragment}`, `[desktop.x${'.a'.repeat(70)}]\nours = ${nested('[', 20, ']')}\n`);
    const { code, out } = run(sandbox, config, 'push-runtime', '--json');
    expect([code, out]).toEqual([2, expect.stringMatching('more than 80 brackets')]);
    expect(sandbox.read(`home/${config}`)).toBe(content);
  });
});

describe('a file of the repository that cannot be used', () => {
  it.each(some(refusedSources))('$name: exit 2, the place, nothing written', (text) => {
    const sandbox = sandboxWith(text, 'repo/clients');
    const before = filesOf(sandbox);
    const { code, out } = run(sandbox, text.path, 'push-runtime', '--json');
    expectRefusal(code, out, text, '');
    expect(filesOf(sandbox)).toEqual(before);
  });
});

function expectRefusal(
  code: number | null,
  out: string,
  { path, line, column, says }: HostileText,
  folder: string,
): void {
  const { findings } = JSON.parse(out) as Pick<Ran['json'], 'findings'>;
  expect([code, findings.map((each) => each.code)]).toEqual([
    2,
    expect.not.arrayContaining([expect.stringMatching('crash|broken-plan')]),
  ]);
  const [first] = findings;
  expect(first?.path).toContain(folder === '' ? path : `${folder}/${path}`);
  expect(first?.remedy).not.toBe('');
  if (says) expect(first?.message).toMatch(says);
  expect(first?.message.length).toBeLessThan(300);
  if (line) expect(first).toMatchObject(column ? { line, column } : { line });
}
