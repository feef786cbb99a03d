import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exchangeFiles } from '../src/host/exchange.ts';
import { makeSandbox } from './support/sandbox.ts';

/** The real exchange on the real disk: what it says is what it did, and it never leaves a file in between. */
const isAble = process.platform === 'linux' && existsSync('/usr/bin/perl');

function arranged({ name = 'config.toml', there = 'old', copy = 'old' }) {
  const sandbox = makeSandbox();
  const at = (file: string) => join(sandbox.root, file);
  sandbox.write(`.${name}.syncline-1`, 'new');
  sandbox.write(name, there);
  sandbox.write('copy', copy);
  const read = () => [readFileSync(at(`.${name}.syncline-1`), 'utf8'), readFileSync(at(name), 'utf8')];
  return { read, staged: at(`.${name}.syncline-1`), target: at(name), copy: at('copy') };
}

describe.skipIf(!isAble)('two files', () => {
  it.each(['config.toml', '-e print', "it's $HOME; \\", 'line\nend', 'Ümläut 山', '0'])(
    'named %j are exchanged',
    (name) => {
      const { read, staged, target, copy } = arranged({ name });
      expect(exchangeFiles(staged, target, copy)).toBe('exchanged');
      expect(read()).toEqual(['old', 'new']);
    },
  );

  it.each(['', 'older', '\uFEFFold', 'old\r\n', '0'])('stay as they are when the target holds %j instead', (there) => {
    const { read, staged, target, copy } = arranged({ there });
    expect(exchangeFiles(staged, target, copy)).toBe('moved');
    expect(read()).toEqual(['new', there]);
  });

  it('are exchanged when they are empty, or large', () => {
    for (const there of ['', 'x'.repeat(20_000_000)]) {
      const { read, staged, target, copy } = arranged({ there, copy: there });
      expect(exchangeFiles(staged, target, copy)).toBe('exchanged');
      expect(read()).toEqual([there, 'new']);
    }
  });

  it('stay as they are when one is missing, or the machine has no Perl', () => {
    const { read, staged, target, copy } = arranged({});
    expect(exchangeFiles(staged, `${target}.gone`, copy)).toBe('unable');
    expect(exchangeFiles(`${staged}.gone`, target, copy)).toBe('unable');
    expect(exchangeFiles(staged, target, `${copy}.gone`)).toBe('unable');
    expect(exchangeFiles(staged, target, copy, '/nowhere/perl')).toBe('unable');
    expect(read()).toEqual(['new', 'old']);
  });
});

it.skipIf(!isAble)('a Perl that ends in the middle is an error, which undoes the run', () => {
  const { staged, target, copy } = arranged({});
  expect(() => exchangeFiles(staged, target, copy, '/bin/false')).toThrow(/cut off/);
});
