import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exchangeFiles } from '../src/host/transaction/exchange.ts';
import { makeSandbox } from './support/sandbox.ts';

/** The real exchange on the real disk: what it says is what it did, and it never leaves a file in between. */
const isAble = process.platform === 'linux' && existsSync('/usr/bin/perl');

function arranged({ name = 'config.toml', there = 'old' }) {
  const sandbox = makeSandbox();
  const at = (file: string) => join(sandbox.root, file);
  sandbox.write(`.${name}.syncline-1`, 'new');
  sandbox.write(name, there);
  const read = () => [readFileSync(at(`.${name}.syncline-1`), 'utf8'), readFileSync(at(name), 'utf8')];
  return { read, staged: at(`.${name}.syncline-1`), target: at(name) };
}

const old = Buffer.from('old');

describe.skipIf(!isAble)('two files', () => {
  it.each(['config.toml', '-e print', "it's $HOME; \\", 'line\nend', 'Ümläut 山', '0'])(
    'named %j are exchanged',
    (name) => {
      const { read, staged, target } = arranged({ name });
      expect(exchangeFiles(staged, target, old)).toBe('exchanged');
      expect(read()).toEqual(['old', 'new']);
    },
  );

  it.each(['', 'older', 'ol', '\uFEFFold', 'old\r\n', '0'])(
    'stay as they are when the target holds %j instead',
    (there) => {
      const { read, staged, target } = arranged({ there });
      expect(exchangeFiles(staged, target, old)).toBe('moved');
      expect(read()).toEqual(['new', there]);
    },
  );

  it('are exchanged when they are empty, or large, or of any bytes', () => {
    for (const there of ['', 'x'.repeat(20_000_000), '\r\n\0\u001aÜ山\uFEFF\n']) {
      const { read, staged, target } = arranged({ there });
      expect(exchangeFiles(staged, target, Buffer.from(there))).toBe('exchanged');
      expect(read()).toEqual([there, 'new']);
    }
  });

  it('stay as they are when one is missing, or the machine has no Perl', () => {
    const { read, staged, target } = arranged({});
    expect(exchangeFiles(staged, `${target}.gone`, old)).toBe('unable');
    expect(exchangeFiles(`${staged}.gone`, target, old)).toBe('unable');
    expect(exchangeFiles(staged, target, old, '/nowhere/perl')).toBe('unable');
    expect(read()).toEqual(['new', 'old']);
  });
});

it.skipIf(!isAble)('a Perl that ends in the middle is an error, which undoes the run', () => {
  for (const there of [old, Buffer.alloc(20_000_000)]) {
    const { read, staged, target } = arranged({});
    expect(() => exchangeFiles(staged, target, there, '/bin/false')).toThrow(/cut off/);
    expect(read()).toEqual(['new', 'old']);
  }
});
