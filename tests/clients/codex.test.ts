import { describe, expect, it } from 'vitest';
import { isAbsent } from '../support/clients.ts';
import {
  blockOf,
  configFile,
  damages,
  expectLoads,
  foreignValues,
  fragmentFile,
  fragments,
  homes,
  markerCount,
  serversOf,
  strangersInBlock,
  unitPaths,
  writers,
} from '../support/codex-cases.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/**
 * Item 3 of "the four commands work": the real Codex reads and rewrites the file between our runs. Each case is one
 * combination of what the user has, what the source wants, what happened to our block, and what Codex wrote.
 */
interface Case {
  readonly writer: (typeof writers)[number];
  readonly damage: string;
  readonly home: string;
  readonly fragment: string;
}

function product(): Case[] {
  return Object.keys(fragments).flatMap((fragment) =>
    Object.keys(homes).flatMap((home) =>
      writers
        .filter(({ applies }) => applies?.(homes[home] ?? '') !== false)
        .flatMap((writer) => Object.keys(damages).map((damage) => ({ writer, damage, home, fragment }))),
    ),
  );
}

/** A subset in which every two of the four dimensions meet in every pair of their values. */
function pairwise(all: readonly Case[]): Case[] {
  const pairsOf = ({ writer, damage, home, fragment }: Case) => {
    const values = [`w:${writer.name}`, `d:${damage}`, `h:${home}`, `f:${fragment}`];
    return values.flatMap((a, at) => values.slice(at + 1).map((b) => `${a} ${b}`));
  };
  const open = new Set(all.flatMap(pairsOf));
  const chosen: Case[] = [];
  while (open.size > 0) {
    const gain = (one: Case) => pairsOf(one).filter((pair) => open.has(pair)).length;
    const best = all.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    chosen.push(best);
    for (const pair of pairsOf(best)) open.delete(pair);
  }
  return chosen;
}

/** ALL_CASES=1 runs the whole product: some two thousand cases. */
const cases = process.env.ALL_CASES === '1' ? product() : pairwise(product());

function deployed(home: string, fragment: string): Sandbox {
  const sandbox = makeSandbox();
  const text = homes[home];
  if (text !== undefined) sandbox.write(configFile, text);
  sandbox.write(fragmentFile, fragments[fragment] as string);
  expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
  expectLoads(sandbox.home);
  return sandbox;
}

describe.skipIf(isAbsent('codex'))('what the real Codex writes between two pushes', () => {
  it.each(cases)('$fragment into $home, $damage, $writer.name', async ({ writer, damage, home, fragment }) => {
    const sandbox = deployed(home, fragment);
    const hadBlock = blockOf(sandbox.read(configFile)) !== undefined;
    damages[damage]?.(sandbox);
    await writer.run(sandbox);
    const ours = unitPaths(fragments[fragment] as string);
    const [written, servers] = [sandbox.read(configFile), serversOf(sandbox.home)];
    const theirs = foreignValues(written, ours);

    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expectLoads(sandbox.home);
    expect(serversOf(sandbox.home)).toEqual(servers);
    const text = sandbox.read(configFile);
    expect(foreignValues(text, ours)).toEqual(theirs);
    if (hadBlock) expectMarkers(text, written, ours, damage);
    else expect(markerCount(text)).toBe(0);
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.read(configFile)).toBe(text);

    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    if (!sandbox.exists(configFile)) return expect(theirs).toEqual({});
    expectLoads(sandbox.home);
    expect(foreignValues(sandbox.read(configFile), ours)).toEqual(theirs);
  });
});

/** Without a record, what stands outside a whole block counts as found: then there is nothing to mark. */
function expectMarkers(text: string, written: string, ours: readonly (readonly string[])[], damage: string): void {
  const block = blockOf(text);
  if (block !== undefined) return expect(strangersInBlock(block, ours)).toEqual([]);
  expect({ damage, markers: markerCount(text), before: blockOf(written) }).toEqual({
    ...{ damage: 'record gone', markers: 0, before: undefined },
  });
}
