import { describe, expect, it } from 'vitest';
import { caseTwins, unsafeName } from '../../src/content/names.ts';
import { overlayFiles } from '../../src/content/overlay.ts';
import { treeOf } from './source.ts';

describe('overlayFiles', () => {
  it("replaces file by file and sorts, and never takes another client's", () => {
    const tree = treeOf({
      'clients/shared/memory/global.md': 's',
      'clients/shared/memory/projects/a.md': 's',
      'clients/codex/memory/global.md': 'c',
      'clients/codex/memory/only.md': 'c',
      'clients/claude/memory/other.md': 'x',
      'clients/shared/memory-old/x.md': 'x',
    });
    const found = overlayFiles(tree, 'codex', 'memory').map(({ relative, file }) => [relative, file.path]);
    expect(found).toEqual([
      ['global.md', 'clients/codex/memory/global.md'],
      ['only.md', 'clients/codex/memory/only.md'],
      ['projects/a.md', 'clients/shared/memory/projects/a.md'],
    ]);
  });

  it('leaves droppings out and keeps what only looks like them', () => {
    const at = (name: string) => `clients/shared/skills/${name}`;
    const kept = ['a/.gitignore', 'a/.mcp.json', 'a/.claude-plugin/plugin.json', 'a/SKILL.md', 'a/x~y'];
    const dropped = ['.gitignore', '.gitkeep', 'a/.DS_Store', 'a/._x', 'a/SKILL.md~', 'a/.SKILL.md.swp', 'a/Thumbs.db'];
    const more = ['a/#x#', 'a/.#x', 'a/__pycache__/x.txt', 'a/s/x.pyc', 'a/.git/config', 'a/desktop.ini'];
    const tree = treeOf(Object.fromEntries([...kept, ...dropped, ...more].map((name) => [at(name), ''])));
    expect(overlayFiles(tree, 'codex', 'skills').map(({ relative }) => relative)).toEqual([...kept].sort());
  });
});

describe('unsafeName', () => {
  it.each(['a\nb', 'a\u0000', 'a\u2028b', '..', '.', '', 'a.', 'a ', 'con', 'NUL.txt', 'com1', 'a:b', 'a\\b', 'a?'])(
    'refuses %j',
    (name) => {
      expect(unsafeName(name)).toBeTypeOf('string');
    },
  );

  it.each(['a', 'a b', 'résumé', '.mcp.json', 'console', 'com10', 'a.b', 'nulls.txt'])('takes %j', (name) => {
    expect(unsafeName(name)).toBeUndefined();
  });
});

describe('caseTwins', () => {
  const twins = (...names: string[]) => caseTwins(names.map((relative) => ({ relative, path: `p/${relative}` })));

  it('reports a folder once, and both Unicode forms of a name', () => {
    expect(twins('Review/a', 'Review/b', 'review/a', 'review/c')).toHaveLength(1);
    expect(twins('Review/a', 'review/c')).toMatchObject([{ code: 'case-twins', path: 'p/review/c', line: 1 }]);
    expect(twins('e\u0301.md', '\u00e9.md')).toHaveLength(1);
    expect(twins('a/x', 'b/x', 'a/y')).toEqual([]);
  });
});
