import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';

/**
 * Design section 2, on the built bin: one unit for each combination of want, have and base over absent, A, B and C, placed
 * and found, all in one file, so that one run judges them all. The laws of the table are read off the same files.
 */
const values = [undefined, 'A', 'B', 'C'] as const;
type Letter = (typeof values)[number];

interface Case {
  readonly key: string;
  readonly want: Letter;
  readonly have: Letter;
  readonly base: Letter;
  readonly origin: 'placed' | 'found';
}

const cases: Case[] = values.flatMap((want) =>
  values.flatMap((have) =>
    values.flatMap((base) =>
      (['placed', 'found'] as const)
        .filter((origin) => base !== undefined || origin === 'placed')
        .map((origin) => ({ key: ['k', want ?? 0, have ?? 0, base ?? 0, origin].join('_'), want, have, base, origin })),
    ),
  ),
);

/** The table, written down a second time, as sets of rows. */
function verdictOf({ want, have, base }: Case): string {
  if (want === have && have === base) return 'same';
  if (want === have) return 'agreed';
  if (have === base) return 'source-ahead';
  if (want === undefined && base === undefined) return 'unmanaged';
  return want === base ? 'runtime-ahead' : 'conflict';
}

interface Dialect {
  readonly name: string;
  readonly source: string;
  readonly runtime: string;
  readonly id: string;
  text(rows: Record<string, string>): string;
  values(text: string): Record<string, string>;
}

const dialects: Dialect[] = [
  {
    name: 'settings.json',
    source: 'repo/clients/claude/settings-fragment.json',
    runtime: 'home/.claude/settings.json',
    id: 'claude:settings.json#test.',
    text: (rows) => JSON.stringify({ theme: 'dark', test: rows }, null, 2),
    values: (text) => (JSON.parse(text) as { test?: Record<string, string> }).test ?? {},
  },
  {
    name: 'config.toml',
    source: 'repo/clients/codex/config-fragment.toml',
    runtime: 'home/.codex/config.toml',
    id: 'codex:config.toml#test.',
    text: (rows) =>
      `[test]\n${Object.entries(rows)
        .map(([key, value]) => `${key} = "${value}"\n`)
        .join('')}`,
    values: (text) =>
      Object.fromEntries([...text.matchAll(/^(k_\w+) = "(\w)"$/gm)].map(([, key, value]) => [key, value])),
  },
];

function rowsOf(chosen: readonly Case[], side: 'want' | 'have' | 'base'): Record<string, string> {
  return Object.fromEntries(chosen.flatMap((one) => (one[side] === undefined ? [] : [[one.key, one[side]]])));
}

/** Brings a sandbox to the point where every case stands as named: found values first, a push, then both sides move. */
function arrange(dialect: Dialect, chosen: readonly Case[]): Sandbox {
  const sandbox = makeSandbox();
  const found = chosen.filter((one) => one.origin === 'found');
  const source = (rows: Record<string, string>) => {
    const text = dialect.text(rows).replace(/"theme": "dark",\s*/, '');
    sandbox.write(dialect.source, text);
  };
  sandbox.write(dialect.runtime, dialect.text(rowsOf(found, 'base')));
  source(rowsOf(chosen, 'base'));
  expect(sandbox.run(['push-runtime']).code).toBe(0);
  const now = dialect.values(sandbox.read(dialect.runtime));
  expect(now).toEqual(rowsOf(chosen, 'base'));
  moveRuntime(sandbox, dialect, chosen);
  source(rowsOf(chosen, 'want'));
  return sandbox;
}

/** Edits the runtime by hand, line by line, as a person would: our markers stay where they are. */
function moveRuntime(sandbox: Sandbox, dialect: Dialect, chosen: readonly Case[]): void {
  const toml = dialect.name.endsWith('.toml');
  let text = sandbox.read(dialect.runtime);
  if (!toml) {
    const file = JSON.parse(text) as Record<string, unknown>;
    const kept = { ...(file.test as object) };
    return sandbox.write(
      dialect.runtime,
      JSON.stringify(
        { ...file, test: { ...kept, ...rowsOf(chosen, 'have') } },
        (key, value) => (key.startsWith('k_') && !Object.hasOwn(rowsOf(chosen, 'have'), key) ? undefined : value),
        2,
      ),
    );
  }
  for (const { key, have, base } of chosen) {
    const line = have === undefined ? '' : `${key} = "${have}"\n`;
    if (base === undefined) text = text.replace(/^\[test\]\n/m, (header) => header + line);
    else text = text.replace(new RegExp(`^${key} = .*\\n`, 'm'), line);
  }
  sandbox.write(dialect.runtime, text);
}

describe.each(dialects)('the verdict table in $name', (dialect) => {
  const settled = cases.filter((one) => verdictOf(one) !== 'conflict');
  const judged = (sandbox: Sandbox) => {
    const { units } = sandbox.run(['check-sync', '--json', '--verbose']).json;
    return new Map(units.map((unit) => [unit.id.slice(dialect.id.length), unit.verdict]));
  };
  const haveAll = (sandbox: Sandbox) =>
    sandbox.exists(dialect.runtime) ? dialect.values(sandbox.read(dialect.runtime)) : {};

  it('gives every combination its verdict', () => {
    const verdicts = judged(arrange(dialect, cases));
    for (const one of cases) {
      const known = one.want !== undefined || one.base !== undefined;
      if (known) expect([one.key, verdicts.get(one.key)]).toEqual([one.key, verdictOf(one)]);
      else expect(verdicts.has(one.key)).toBe(false);
    }
  });

  it('with any conflict push exits 3 and writes nothing', () => {
    const sandbox = arrange(dialect, cases);
    const before = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(3);
    expect(snapshot(sandbox.home)).toEqual(before);
  });

  it('push writes source-ahead, never an edit, never removes a found value, and is idempotent', () => {
    const sandbox = arrange(dialect, settled);
    expect(sandbox.run(['push-runtime']).code).toBe(1);
    const after = haveAll(sandbox);
    for (const one of settled) {
      const released = one.want === undefined && one.origin === 'found';
      const writes = verdictOf(one) === 'source-ahead' && !released;
      expect([one.key, after[one.key]]).toEqual([one.key, writes ? one.want : one.have]);
    }
    const once = snapshot(sandbox.home);
    expect(sandbox.run(['push-runtime']).code).toBe(1);
    expect(snapshot(sandbox.home)).toEqual(once);
  });

  it('--overwrite takes the repository and --keep the runtime, for conflicts and edits', () => {
    const overwritten = arrange(dialect, cases);
    expect(overwritten.run(['push-runtime', '--overwrite']).code).toBe(0);
    const kept = arrange(dialect, cases);
    expect(kept.run(['push-runtime', '--keep']).code).toBe(1);
    const [taken, left] = [haveAll(overwritten), haveAll(kept)];
    for (const one of cases.filter((each) => verdictOf(each) === 'conflict')) {
      const released = one.want === undefined && one.origin === 'found';
      expect([one.key, taken[one.key]]).toEqual([one.key, released ? one.have : one.want]);
      expect([one.key, left[one.key]]).toEqual([one.key, one.have]);
    }
  });

  it('clean puts back what was placed, leaves what was found, and is idempotent', () => {
    const calm = cases.filter((one) => one.origin === 'placed' || verdictOf(one) !== 'conflict');
    const mine = calm.filter((one) => one.base !== undefined || verdictOf(one) !== 'conflict');
    const sandbox = arrange(dialect, mine);
    expect([0, 1]).toContain(sandbox.run(['clean-runtime']).code);
    const after = haveAll(sandbox);
    for (const one of mine) {
      const ours = one.base !== undefined && one.origin === 'placed';
      const written = verdictOf(one) === 'source-ahead' && one.want !== undefined;
      expect([one.key, after[one.key]]).toEqual([one.key, ours || written ? one.want : one.have]);
    }
    const once = snapshot(sandbox.home);
    sandbox.run(['clean-runtime']);
    expect(snapshot(sandbox.home)).toEqual(once);
  });

  it('clean --remove-only removes what was placed and nothing that was found or never ours', () => {
    const sandbox = arrange(dialect, cases);
    expect(sandbox.run(['clean-runtime', '--remove-only']).code).toBe(0);
    const after = haveAll(sandbox);
    for (const one of cases) {
      const ours = one.base !== undefined && one.origin === 'placed';
      expect([one.key, after[one.key]]).toEqual([one.key, ours ? undefined : one.have]);
    }
  });

  it('clean exits 3 and writes nothing where a value that was never ours stands in the way', () => {
    const sandbox = arrange(dialect, cases);
    const before = snapshot(sandbox.home);
    expect(sandbox.run(['clean-runtime']).code).toBe(3);
    expect(snapshot(sandbox.home)).toEqual(before);
  });
});
