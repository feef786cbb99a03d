import { describe, expect, it } from 'vitest';
import { decodeText, encodeText, isBinary, placeCounter, plainBody } from '../../src/content/text.ts';
import { notUtf8 } from './source.ts';

describe('decodeText', () => {
  it('keeps a byte order mark and refuses what is not UTF-8', () => {
    expect(decodeText(encodeText('\uFEFFé'))).toBe('\uFEFFé');
    expect(decodeText(notUtf8)).toBeUndefined();
    expect(decodeText(new Uint8Array([0xe2, 0x82]))).toBeUndefined();
    expect(decodeText(new Uint8Array())).toBe('');
  });
});

describe('isBinary', () => {
  it('is so for a NUL and for bytes that are no text', () => {
    expect([encodeText('a\0b'), notUtf8, encodeText('é'), new Uint8Array()].map(isBinary)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('placeCounter', () => {
  it('counts lines and columns from one', () => {
    const placeOf = placeCounter('ab\r\n\ncd');
    expect([0, 1, 4, 5, 6].map(placeOf)).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
    ]);
  });
});

describe('plainBody', () => {
  it('has LF only, no BOM and no blank end', () => {
    expect(plainBody('\uFEFFa\r\n  b\r\n\r\n')).toBe('a\n  b');
  });
});
