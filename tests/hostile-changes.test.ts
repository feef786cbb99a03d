import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePipe, nodesBelow, usedHome } from './support/hostile.ts';
import { runOnTerminal, terminalTool, yesAfter } from './support/pseudo-terminal.ts';

const config = '.codex/config.toml';

function replaced(make: (path: string) => unknown): (home: string) => void {
  return (home) => {
    rmSync(join(home, config));
    make(join(home, config));
  };
}

describe.skipIf(!terminalTool)('what changes while a person thinks about the plan', () => {
  it.each([
    ['a folder', replaced((path) => void mkdirSync(path)), /A folder stands where/],
    ['a pipe', replaced(makePipe), /(pipe|folder)/i],
    ['a link in a circle', replaced((path) => symlinkSync(path, path)), /circle/],
  ])('a file became %s: exit 2, which names it, and nothing else changes', async (_, change, remedy) => {
    const sandbox = usedHome();
    let before: Record<string, string> = {};
    const answer = yesAfter(() => {
      void change(sandbox.home);
      before = nodesBelow(sandbox.home);
    });
    const { code, screen } = await runOnTerminal(sandbox, ['push-runtime'], [answer]);
    expect([code, screen]).toEqual([2, expect.stringContaining(join(sandbox.home, config))]);
    expect(screen).toMatch(remedy);
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });
});

describe('a link that climbs out of a linked folder', () => {
  it('is written where it is read: in the folder that the link really stands in', () => {
    const sandbox = usedHome();
    rmSync(join(sandbox.home, '.codex'), { recursive: true });
    sandbox.write('home/dotfiles/shared/config.toml', '# mine\n');
    sandbox.write('home/shared/config.toml', '# of somebody else\n');
    sandbox.link('home/dotfiles/codex/config.toml', '../shared/config.toml');
    sandbox.link('home/.codex', 'dotfiles/codex');
    const before = nodesBelow(sandbox.home);
    expect(sandbox.run(['push-runtime'])).toMatchObject({ code: 0 });
    expect(sandbox.read('home/shared/config.toml')).toBe('# of somebody else\n');
    expect(sandbox.read('home/dotfiles/shared/config.toml')).toContain('team-server');
    expect(sandbox.run(['check-sync'])).toMatchObject({ code: 0 });
    expect(sandbox.run(['clean-runtime', '--remove-only'])).toMatchObject({ code: 0 });
    expect(nodesBelow(sandbox.home)).toEqual(before);
  });
});
