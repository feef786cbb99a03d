import { expect, it } from 'vitest';
import { machinePathLines } from '../../src/content/files/machine-paths.ts';

it.each<[text: string, homes: string[], lines: number[]]>([
  ['See `/home/u/web/README.md`.\nNot https://example.com/home/u/.', [], [1]],
  ['a\nIn C:\\Users\\u\\web.\n', [], [2]],
  ['{"args": ["--root","/Users/u/web"], "dir": "C:\\\\Users\\\\u"}', [], [1]],
  ['/data/codex/skills', ['/data/codex'], [1]],
  ['/data/codex2/skills and /srv/x', ['/data/codex'], []],
])('the lines of %j that name a folder of one machine', (text, homes, lines) => {
  expect(machinePathLines(text, homes)).toEqual(lines);
});
