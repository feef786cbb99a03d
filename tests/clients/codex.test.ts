import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyPath, Table } from '../../src/model/value.ts';
import { askAppServer, isAbsent, runCodex } from '../support/clients.ts';
import {
  blockOf,
  codexDoes,
  configFile,
  damages,
  expectLoads,
  foreignValues,
  fragmentFile,
  fragments,
  homes,
  markerCount,
  marksOurs,
  run,
  serversOf,
  serverWrites,
  strangersInBlock,
  unitPaths,
  valuesOf,
  type Writer,
  writers,
} from '../support/codex-cases.ts';
import { makeSandbox, type Sandbox, shippedRepository } from '../support/sandbox.ts';

/**
 * Item 3 of "the four commands work": the real Codex reads and rewrites the file between our runs. A scenario is what the
 * user has, what the source wants, and what happens to our block before each of the things that Codex writes.
 */
interface Scenario {
  readonly home: string;
  readonly fragment: string;
  readonly damage: string;
  readonly turns: readonly Writer[];
  /** For the name of the test. */
  readonly what: string;
}

const meetings = Object.keys(fragments).flatMap((fragment, row) =>
  Object.keys(homes).map((home, column) => ({ home, fragment, index: column + 2 * row })),
);
const kinds = Object.keys(damages);

function scenario(home: string, fragment: string, damage: string, turns: readonly Writer[]): Scenario {
  return { home, fragment, damage, turns, what: turns.map(({ name }) => name).join(', ') };
}

/** Each fragment in each home, with one damage and three writers: each damage meets each writer. */
function chosenScenarios(): Scenario[] {
  return kinds.flatMap((damage, kind) =>
    meetings
      .filter(({ index }) => index % kinds.length === kind)
      .map(({ home, fragment }, at) => {
        const from = 3 * at + 2 * kind;
        const turns = [0, 1, 2].map((turn) => writers[(from + turn) % writers.length] as Writer);
        return scenario(home, fragment, damage, turns);
      }),
  );
}

/** ALL_CASES=1 runs every combination, each writer on a fresh file: more than two thousand. */
function allScenarios(): Scenario[] {
  return meetings.flatMap(({ home, fragment }) =>
    kinds.flatMap((damage) => writers.map((writer) => scenario(home, fragment, damage, [writer]))),
  );
}

/** Every second of them, unless docs/reliability.md is written: each takes seconds. */
const isWhole = process.env.RELIABILITY !== undefined;
const scenarios =
  process.env.ALL_CASES === '1' ? allScenarios() : chosenScenarios().filter((_, index) => isWhole || index % 2 === 0);

function deployed(home: string, fragment: string): Sandbox {
  const sandbox = makeSandbox();
  const text = homes[home];
  if (text !== undefined) sandbox.write(configFile, text);
  sandbox.write(fragmentFile, fragments[fragment] as string);
  run(sandbox, ['push-runtime']);
  expectLoads(sandbox.home);
  return sandbox;
}

describe.skipIf(isAbsent('codex'))('what the real Codex writes between two pushes', () => {
  it.each(scenarios)('$fragment into $home, $damage: $what', async (one) => {
    const sandbox = deployed(one.home, one.fragment);
    for (const writer of one.turns) await writeAndPush(sandbox, one, writer);
    const theirs = foreignValues(sandbox.read(configFile), oursIn(one));
    run(sandbox, ['clean-runtime', '--remove-only']);
    if (!sandbox.exists(configFile)) return expect(theirs).toEqual({});
    expectLoads(sandbox.home);
    expect(foreignValues(sandbox.read(configFile), oursIn(one))).toEqual(theirs);
  });
});

async function writeAndPush(sandbox: Sandbox, { fragment, damage }: Scenario, writer: Writer): Promise<void> {
  const ours = oursIn({ fragment });
  const hadBlock = marksOurs(sandbox.read(configFile), ours);
  damages[damage]?.(sandbox);
  if (writer.applies?.(sandbox.read(configFile)) !== false) await writer.run(sandbox);
  const [written, servers] = [sandbox.read(configFile), serversOf(sandbox.home)];
  run(sandbox, ['push-runtime']);
  expectLoads(sandbox.home);
  expect(serversOf(sandbox.home)).toEqual(servers);
  const text = sandbox.read(configFile);
  expect(foreignValues(text, ours)).toEqual(foreignValues(written, ours));
  // Without the record a marker that Codex left alone still tells that servers are ours, but not that keys are.
  const told = marksOurs(written, ours) || (markerCount(written) === 1 && fragment !== 'leaves');
  expectMarkers(text, ours, hadBlock && (damage !== 'record gone' || told));
  // Nothing is left to mend, either: another push would write nothing.
  expect(run(sandbox, ['check-sync', '--json']).json.findings).toEqual([]);
}

const everyHome = Object.keys(homes).flatMap((home, at) => {
  const names = Object.keys(fragments);
  return [{ home, fragment: names[at % names.length] as string }];
});

describe.skipIf(isAbsent('codex'))('a server of ours that Codex changes', () => {
  it.each(everyHome)('$fragment into $home: removed by mcp remove, --overwrite brings it back', (one) => {
    const sandbox = deployed(one.home, one.fragment);
    const [first, theirs] = [serversOf(sandbox.home), foreignValues(sandbox.read(configFile), oursIn(one))];
    codexDoes(sandbox.home, ['mcp', 'remove', 'team']);
    const { team: _, ...rest } = first;
    expect(run(sandbox, ['check-sync', '--json'], 1).json.units).toEqual(teamIs('runtime-ahead'));
    expect(run(sandbox, ['push-runtime', '--json'], 1).json.units).toEqual(teamIs('runtime-ahead', 'leave'));
    expectLoads(sandbox.home);
    expect(serversOf(sandbox.home)).toEqual(rest);
    run(sandbox, ['push-runtime', '--overwrite']);
    expectLoads(sandbox.home);
    expect(serversOf(sandbox.home)).toEqual(first);
    expect(foreignValues(sandbox.read(configFile), oursIn(one))).toEqual(theirs);
    run(sandbox, ['check-sync']);
  });

  it.each(everyHome)('$fragment into $home: replaced by mcp add, --overwrite brings it back', (one) => {
    const sandbox = deployed(one.home, one.fragment);
    const [first, theirs] = [serversOf(sandbox.home), foreignValues(sandbox.read(configFile), oursIn(one))];
    codexDoes(sandbox.home, ['mcp', 'add', 'team', '--env', 'OTHER=1', '--', 'other']);
    const edited = serversOf(sandbox.home);
    expect(run(sandbox, ['push-runtime', '--json'], 1).json.units).toEqual(teamIs('runtime-ahead', 'leave'));
    expect(serversOf(sandbox.home)).toEqual(edited);
    const { out } = run(sandbox, ['push-runtime', '--overwrite', 'codex:config.toml#mcp_servers.team']);
    expect(out).toContain('in the backup');
    expectLoads(sandbox.home);
    expect(foreignValues(sandbox.read(configFile), oursIn(one))).toEqual(theirs);
    run(sandbox, ['check-sync']);
    expect(withoutEnv(serversOf(sandbox.home))).toEqual(withoutEnv(first));
  });

  it.each(everyHome)('$fragment into $home: goes from the source after Codex added tools to it', async (one) => {
    const sandbox = deployed(one.home, one.fragment);
    // Codex spells every server anew when it adds one, and leaves out what it holds for default.
    codexDoes(sandbox.home, ['mcp', 'add', 'personal', '--', 'x']);
    await serverWrites(sandbox.home, 'mcp_servers.team.tools.search.approval_mode', 'approve');
    const [written, theirs] = [sandbox.read(configFile), foreignValues(sandbox.read(configFile), oursIn(one))];
    sandbox.write(fragmentFile, withoutTeam(fragments[one.fragment] as string));
    const { out } = run(sandbox, ['push-runtime']);
    expect(out).toContain('client-additions-removed');
    const backup = /before this run: (.*)/.exec(out)?.[1] as string;
    expect(readdirSync(backup).map((name) => readFileSync(join(backup, name), 'utf8'))).toContain(written);
    expectLoads(sandbox.home);
    expect(serversOf(sandbox.home)).not.toHaveProperty('team');
    expect(foreignValues(sandbox.read(configFile), oursIn(one))).toEqual(theirs);
    run(sandbox, ['check-sync']);
  });

  it('is overwritten even where Codex made a command of our url', () => {
    const sandbox = deployed('full', 'mixed');
    const first = serversOf(sandbox.home);
    codexDoes(sandbox.home, ['mcp', 'add', 'docs', '--env', 'A=1', '--', 'other', '--flag']);
    run(sandbox, ['push-runtime'], 1);
    run(sandbox, ['push-runtime', '--overwrite']);
    expectLoads(sandbox.home);
    expect(serversOf(sandbox.home)).toEqual(first);
  });

  it.each(['full', 'dotted', 'inline', 'parent'])('in a home with %s keeps what Codex added to it', async (home) => {
    const sandbox = deployed(home, 'mixed');
    await serverWrites(sandbox.home, 'mcp_servers.team.tools.search.approval_mode', 'approve');
    await serverWrites(sandbox.home, 'mcp_servers.team.enabled', false);
    expectLoads(sandbox.home);
    const added = () => {
      const { team } = valuesOf(sandbox.read(configFile)).mcp_servers as Record<string, Table>;
      return { tools: team?.tools, enabled: team?.enabled, env: team?.env };
    };
    const state = { tools: { search: { approval_mode: 'approve' } }, enabled: false };
    sandbox.write(fragmentFile, (fragments.mixed as string).replace('MODE = "full"', 'MODE = "less", LEVEL = "2"'));
    run(sandbox, ['push-runtime']);
    expectLoads(sandbox.home);
    expect(added()).toEqual({ ...state, env: { MODE: 'less', LEVEL: '2' } });
    sandbox.write(fragmentFile, (fragments.mixed as string).replace('env = { MODE = "full" }\n', ''));
    run(sandbox, ['push-runtime']);
    expectLoads(sandbox.home);
    expect(added()).toEqual({ ...state, env: undefined });
    run(sandbox, ['check-sync']);
  });
});

describe.skipIf(isAbsent('codex'))('a week with Codex', () => {
  it.each([
    { home: 'full', fragment: 'mixed', push: true },
    { home: 'tables', fragment: 'leaves', push: true },
    { home: 'roots', fragment: 'servers', push: false },
    { home: 'inline', fragment: 'defaults', push: false },
  ])('$fragment into $home, every writer in turn; with a push after each: $push', async ({ push, ...one }) => {
    const sandbox = deployed(one.home, one.fragment);
    for (const writer of writers.filter(({ applies }) => applies?.(homes[one.home] ?? '') !== false)) {
      await writer.run(sandbox);
      if (push) run(sandbox, ['push-runtime']);
    }
    const [servers, theirs] = [serversOf(sandbox.home), foreignValues(sandbox.read(configFile), oursIn(one))];
    run(sandbox, ['push-runtime']);
    expectLoads(sandbox.home);
    expect(serversOf(sandbox.home)).toEqual(servers);
    expect(foreignValues(sandbox.read(configFile), oursIn(one))).toEqual(theirs);
    expectMarkers(sandbox.read(configFile), oursIn(one), one.home !== 'inline');
    run(sandbox, ['check-sync']);
    run(sandbox, ['clean-runtime']);
    expectLoads(sandbox.home);
    expect(foreignValues(sandbox.read(configFile), oursIn(one))).toEqual(theirs);
  });
});

describe.skipIf(isAbsent('codex'))('the content we ship, read by the real Codex', () => {
  it('gives Codex instructions, skills and profiles that it takes without a complaint', async () => {
    const sandbox = makeSandbox(shippedRepository);
    sandbox.write(configFile, homes.full as string);
    run(sandbox, ['push-runtime']);
    expectLoads(sandbox.home);
    for (const profile of ['planner', 'tools', 'agentic', 'cheap']) {
      const { code, out } = runCodex(sandbox.home, ['-p', profile, 'mcp', 'list', '--json']);
      expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('"mine"') });
      expect(runCodex(sandbox.home, ['-p', profile, 'debug', 'prompt-input', 'hi'])).toMatchObject({ code: 0 });
    }
    const [listed] = (await askAppServer(sandbox.home, [
      { method: 'skills/list', params: { cwds: [sandbox.home] } },
    ])) as [{ data: { errors: unknown[]; skills: { name: string; scope: string }[] }[] }];
    expect(listed.data.flatMap(({ errors }) => errors)).toEqual([]);
    const own = listed.data.flatMap(({ skills }) => skills).filter(({ scope }) => scope === 'user');
    expect(own.map(({ name }) => name).sort()).toEqual(readdirSync(join(shippedRepository, 'clients/shared/skills')));
    run(sandbox, ['check-sync']);
  });

  it('puts our block of AGENTS.md and our skills before the model, next to the user’s own text', () => {
    const sandbox = makeSandbox(shippedRepository);
    sandbox.write('home/.codex/AGENTS.md', '# Mine\n\nSpeak Esperanto.\n');
    run(sandbox, ['push-runtime']);
    const { code, out } = runCodex(sandbox.home, ['debug', 'prompt-input', 'hi']);
    expect(code).toBe(0);
    const texts = messageTexts(out);
    const instructions = texts.find((text) => text.includes('Speak Esperanto.'));
    expect(instructions).toContain(sandbox.read('home/.codex/AGENTS.md').trim());
    for (const memory of ['global', 'conventions']) {
      expect(instructions).toContain(sandbox.read(`repo/clients/shared/memory/${memory}.md`).trim());
    }
    const skills = texts.find((text) => text.includes('<skills_instructions>'));
    for (const name of readdirSync(join(shippedRepository, 'clients/shared/skills'))) {
      expect(skills).toContain(`- ${name}: `);
    }
  });
});

function messageTexts(out: string): string[] {
  const items = JSON.parse(out) as { readonly content?: readonly { readonly text?: string }[] }[];
  return items.flatMap(({ content }) => (content ?? []).flatMap(({ text }) => text ?? []));
}

function oursIn({ fragment }: { readonly fragment: string }): KeyPath[] {
  return unitPaths(fragments[fragment] as string);
}

function teamIs(verdict: string, action?: string) {
  const team = { id: 'codex:config.toml#mcp_servers.team', verdict, ...(action ? { action } : {}) };
  return expect.arrayContaining([expect.objectContaining(team)]);
}

/** What a server is without its variables: those that `mcp add` gave it are the client's own additions, and stay. */
function withoutEnv(servers: Record<string, unknown>): unknown {
  const text = JSON.stringify(servers, (key, value) => (key === 'env' ? undefined : value));
  return JSON.parse(text);
}

/** A fragment without its server `team`. */
function withoutTeam(fragment: string): string {
  const tables = fragment.split(/^(?=\[)/m);
  return tables.filter((table) => !table.startsWith('[mcp_servers.team')).join('');
}

/**
 * Both markers, with nothing of the user's between them; or none, where all that is ours stands in tables of the user's,
 * or counts as found because neither record nor markers say otherwise.
 */
function expectMarkers(text: string, ours: readonly KeyPath[], needed: boolean): void {
  const block = blockOf(text);
  if (block !== undefined) return expect(strangersInBlock(block, ours)).toEqual([]);
  expect({ needed, markers: markerCount(text) }).toEqual({ needed: false, markers: 0 });
}
