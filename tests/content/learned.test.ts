import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allClients } from '../../src/adapters/all-clients.ts';
import { codex } from '../../src/adapters/codex/codex.ts';
import { unsafePath } from '../../src/content/names.ts';
import { overlayFiles } from '../../src/content/overlay.ts';
import type { InboxItem } from '../../src/model/inbox.ts';
import { adoptedText, learnedChanges } from '../../src/sync/adopt/learned.ts';
import { destinations, projectNames } from '../../src/sync/inbox/inbox-names.ts';
import { shapedSecret } from '../support/canary.ts';
import { lawRuns } from '../support/law-runs.ts';
import { recap, taskGroup } from '../support/learned-home.ts';
import { treeOf } from './source.ts';

const odd = fc.constantFrom(
  'a',
  'A',
  'é',
  'e\u0301',
  '-',
  '_',
  '.',
  ' ',
  '/',
  '\\',
  ':',
  'con',
  'nul',
  '\u202e',
  '💥',
  '界',
);
const name = fc.array(odd, { maxLength: 9 }).map((parts) => parts.join(''));
const long = fc.constantFrom('a', '界').map((character) => character.repeat(300));
const path = fc.oneof({ weight: 9, arbitrary: name }, long);

describe('the place of what was learned', () => {
  it('is a safe name of its own for each, whatever the projects and files are called', () => {
    const items = fc.array(fc.record({ project: fc.option(path, { nil: undefined }), file: path }), { maxLength: 12 });
    const reserved = codex.targets.find((target) => target.kind === 'memory')?.reserved;
    const law = fc.property(items, (list) => {
      const names = projectNames(list.flatMap(({ project }) => project ?? []));
      const placed = list.map(({ project, file }, index) => {
        const own = project === undefined ? {} : { project: names.get(project) as string };
        return { id: `codex:${index}`, client: 'codex', name: `${file}.md`, ...own };
      });
      const places = [...destinations(placed).values()];
      expect(new Set(places.map((place) => place.normalize('NFC').toLowerCase())).size).toBe(list.length);
      const tree = treeOf(Object.fromEntries(places.map((place) => [place, 'x'])));
      expect(overlayFiles(tree, 'claude', 'memory')).toHaveLength(list.length);
      for (const place of places) {
        const relative = place.slice('clients/shared/memory/'.length);
        expect(unsafePath(place, relative, 'refused')).toEqual([]);
        expect(reserved?.(relative)).toBeUndefined();
      }
    });
    fc.assert(law, { numRuns: lawRuns(2000) });
  });

  it('is the same whatever the order of the files', () => {
    const files = ['a.md', 'A.md', 'b c.md', 'b-c.md', 'MEMORY.md', 'memory.md'];
    const items = files.map((file) => ({ id: `claude:${file}`, client: 'claude', name: file, project: 'web' }));
    expect(destinations([...items].reverse())).toEqual(destinations(items));
    expect(destinations(items).get('claude:MEMORY.md')).toBe('clients/shared/memory/projects/web/claude-memory.md');
  });

  it('names a project by the last part of its path, and by the whole where two would have the same', () => {
    const paths = ['/home/u/web', 'C:\\work\\api', '-srv-old', '/a/x', '/b/X', '/', '~/notes.d'];
    expect(
      [...projectNames(paths)].sort(([a], [b]) => paths.indexOf(a) - paths.indexOf(b)).map(([, own]) => own),
    ).toEqual(['web', 'api', 'srv-old', 'a-x', 'b-X', 'project', 'notes-d']);
  });
});

describe('where Claude Code keeps its memories', () => {
  const claude = allClients.find((client) => client.name === 'claude');
  const environment = { home: '/home/u', workingDirectory: '/', variables: {} };
  const projectOf = (paths: readonly string[], slug: string) => {
    const projects = Object.fromEntries(paths.map((own) => [own, {}]));
    const learned = claude?.learned?.(environment, (file) => (file === '.claude.json' ? { projects } : {}));
    return learned?.memories(`projects/${slug}/memory/MEMORY.md`, 'x')[0]?.project;
  };

  it('a slug is its path again, with every sign a dash, and with the digest that ends a long one', () => {
    expect(projectOf(['/w/pr o.j_é', '/w/other'], '-w-pr-o-j--')).toBe('/w/pr o.j_é');
    const deep = `/${'deep/'.repeat(50)}end`;
    // As Claude Code 2.1 names the folder of this path.
    const slug = `${deep.replace(/[^a-z]/g, '-').slice(0, 200)}-${digest(deep)}`;
    expect(projectOf([deep], slug)).toBe(deep);
    expect(projectOf(['/a/b-c', '/a/b/c'], '-a-b-c')).toBe('-a-b-c');
  });
});

describe('where Codex keeps its memories', () => {
  const environment = { home: '/home/u', workingDirectory: '/', variables: {} };
  const learned = (...trusted: string[]) =>
    codex.learned?.(environment, () => ({ projects: Object.fromEntries(trusted.map((path) => [path, {}])) }));
  const projectOf = (cwd: string, ...trusted: string[]) =>
    learned(...trusted)?.memories('memories/rollout_summaries/a.md', recap(cwd, 'Done.'))[0]?.project;

  it('a folder of a trusted project is that project; a trusted home is none', () => {
    expect(projectOf('/home/u/web/src', '/home/u', '/', '/home/u/web', '/home/u/w')).toBe('/home/u/web');
    expect(projectOf('/home/u/website', '/home/u', '/', '/home/u/web')).toBe('/home/u/website');
    expect(projectOf('C:\\web\\src', 'C:\\web')).toBe('C:\\web');
  });

  it('a task group of several directories is that of its sessions, or general', () => {
    const read = (text: string) =>
      learned()
        ?.memories('memories/MEMORY.md', text)
        .map(({ project }) => project);
    expect(read(taskGroup('a', '/w and /x', 'Both.'))).toEqual(['/home/u/web']);
    expect(read(taskGroup('a', '`/w x`', 'One.').replaceAll('\n', '\r\n'))).toEqual(['/w x']);
    expect(read('Words of another form.\n\n# Notes\n')).toEqual([undefined]);
    expect(read(`Words.\n\n${taskGroup('a', '/w', 'One.')}`)).toEqual([undefined, '/w']);
  });
});

/** The 32-bit digest of Java's strings, in base 36. */
function digest(text: string): string {
  const sum = [...text].reduce(
    (total, character) => BigInt.asIntN(32, total * 31n + BigInt(character.charCodeAt(0))),
    0n,
  );
  return (sum < 0n ? -sum : sum).toString(36);
}

describe('the text that is adopted', () => {
  const item = (text: string): InboxItem => ({
    ...{ id: 'claude:a', client: 'claude', file: 'a', path: '/a', text, lines: 1, title: 'a' },
    ...{ destination: 'clients/shared/memory/learned/claude-a.md', standing: 'new' },
  });

  it('is what was learned, frontmatter and all', () => {
    const text = '---\nname: a\n---\n\nSee `/home/u/web/README.md`.';
    expect(adoptedText(item(text))).toEqual({ text: `${text}\n` });
  });

  it('is a change of the source for what was named, and for nothing else', () => {
    const items = [item('Fact.'), { ...item('Old.'), id: 'claude:b', standing: 'known' as const }];
    expect(learnedChanges(items, true)).toEqual({ changes: [], meant: [], findings: [] });
    const { changes, meant, findings } = learnedChanges(items, ['claude:a', 'claude:b', 'codex:c']);
    expect(changes).toMatchObject([{ id: 'claude:a', path: 'clients/shared/memory/learned/claude-a.md' }]);
    expect([meant, findings]).toEqual([['claude:a', 'claude:b'], []]);
    const refused = learnedChanges([item(`a\n${shapedSecret(1)}`)], ['a']);
    expect([refused.changes, refused.findings]).toMatchObject([[], [{ severity: 'error', path: '/a', line: 2 }]]);
  });

  it('is refused with its line where a push would stop or change it', () => {
    expect(adoptedText(item(`a\nThe token: ${shapedSecret(1)}\n`))).toEqual({
      ...{ refused: 'it holds a literal secret (GitHub token)', line: 2 },
    });
    expect(adoptedText(item('Write {{var.team}} there.\n'))).toEqual({ text: 'Write {{{{var.team}}}} there.\n' });
    expect(adoptedText(item('Write {{other}} there.\n'))).toEqual({ text: 'Write {{other}} there.\n' });
  });
});
