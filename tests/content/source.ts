import type { SourceFile, SourceTree } from '../../src/model/source.ts';

/** A source tree from texts or bytes by path; a path that ends in `*` is executable. */
export function treeOf(files: Record<string, string | Uint8Array>): SourceTree {
  const made = Object.entries(files).map(([name, content]): SourceFile => {
    const path = name.replace(/\*$/, '');
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { path, bytes, executable: name.endsWith('*') };
  });
  return { layers: ['clients'], files: made.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Bytes that are not valid UTF-8. */
export const notUtf8 = new Uint8Array([0x61, 0xff, 0x62]);

export const values = {
  clientName: 'Codex',
  clientHome: '/home/ada/.codex',
  memoryPath: '/home/ada/.codex/memories',
  skillsPath: '/home/ada/.codex/skills',
  variables: { team: 'blue' },
};
