import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claude } from '../src/adapters/claude/claude.ts';
import { codex } from '../src/adapters/codex/codex.ts';
import { homeFilesOf } from '../src/sync/plan/taken-places.ts';
import { homeParts } from './support/home-parts.ts';
import { lawRuns } from './support/law-runs.ts';
import { home, type World } from './support/memory-world.ts';
import { take, usedHome } from './support/take-world.ts';

/**
 * Of any home, each file is imported, or named with the reason, or one of those that the clients write by themselves and
 * docs/start.md lists. Nothing of a version control system's ever gets into a source.
 */
const page = readFileSync(join(import.meta.dirname, '../docs/start.md'), 'utf8');
const clients = [codex, claude];

describe('docs/start.md', () => {
  it.each(clients)('lists what $title writes by itself', (client) => {
    const owned = homeFilesOf(client)?.owned ?? { names: [], endings: [] };
    const silent = owned.names.filter((name) => client.leftovers?.of(name) === undefined);
    expect([...silent, ...owned.endings].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

/** The client of a file of the home, and its path in there. */
function place(path: string): [client: string, file: string] {
  return path.startsWith('.codex/') ? ['codex', path.slice(7)] : ['claude', path.replace(/^\.claude\//, '')];
}

function isOwn(path: string): boolean {
  const [name, file] = place(path);
  const client = name === 'codex' ? codex : claude;
  const { names = [], endings = [] } = homeFilesOf(client)?.owned ?? {};
  const [top = '', second = ''] = file.split('/');
  const inFolder = client.targets.flatMap((target) =>
    (target.kind === 'memory' || target.kind === 'skills') && target.folder === top ? (target.owned ?? []) : [],
  );
  if (inFolder.includes(second) || top.startsWith('.')) return true;
  return names.includes(top.toLowerCase()) || endings.some((ending) => top.toLowerCase().endsWith(ending));
}

/** Whether a report names a file, or a folder that it stands in. */
function isNamed(report: string, path: string): boolean {
  const [client, file] = place(path);
  const parts = file.split('/');
  return parts.some((_, index) => report.includes(`"${client}:${parts.slice(0, index + 1).join('/')}`));
}

/** What the record of the clients says is ours, by client and file. */
function recorded({ memory }: World): Set<string> {
  const nodes = Object.keys(memory.snapshot(`${home}/.local/state/syncline`)).filter((name) =>
    /records?\/.*\.json$/.test(name),
  );
  const records = nodes.map((name) => JSON.parse(memory.read(`${home}/.local/state/syncline/${name}`)));
  return new Set(
    records.flatMap(({ client, units }) => units.map((unit: { file: string }) => `${client}:${unit.file}`)),
  );
}

describe('nothing of a home is passed over unsaid', () => {
  it('whatever stands in it', async () => {
    await fc.assert(fc.asyncProperty(homeParts, expectAllSaid), { numRuns: lawRuns(80, 15) });
    expect.hasAssertions();
  });
});

async function expectAllSaid(files: Readonly<Record<string, string>>): Promise<void> {
  const { source, done, world } = await take(usedHome(files));
  const ours = recorded(world);
  const unsaid = Object.keys(files).filter((path) => {
    const [client, file] = place(path);
    return !ours.has(`${client}:${file}`) && !isNamed(done.out, path) && !isOwn(path);
  });
  expect(unsaid).toEqual([]);
  expect(Object.keys(source).filter((name) => /(?:^|\/)\.(?:git|hg|svn|jj)(?:\/|$)/i.test(name))).toEqual([]);
}
