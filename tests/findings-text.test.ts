import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../src/model/finding.ts';
import { shellWord } from '../src/model/texts/visible.ts';
import { paintFor } from '../src/report/colour.ts';
import { fewOfOneCode, findingsText } from '../src/report/findings-text.ts';

const finding = (severity: Finding['severity'], code: string, message: string): Finding => ({
  ...{ severity, code, message, remedy: 'Do it.' },
});
const many = (severity: Finding['severity'], code: string, count: number) =>
  Array.from({ length: count }, (_, index) => finding(severity, code, `${code} ${index}`));

describe('many findings of one kind', () => {
  it('are shown as few, and counted; another kind is shown beside them', () => {
    const text = findingsText([...many('warning', 'a', 20), ...many('note', 'b', 1)], paintFor(false), fewOfOneCode);
    expect(text.match(/warning: a/g)).toHaveLength(3);
    expect(text).toContain('17 more of the same kind [a]; --verbose lists them.\n');
    expect(text).toContain('note: b 0');
  });

  it('errors are all shown, and without a limit everything is', () => {
    expect(findingsText(many('error', 'a', 20), paintFor(false), 3).match(/error: a/g)).toHaveLength(20);
    expect(findingsText(many('warning', 'a', 20), paintFor(false)).match(/warning: a/g)).toHaveLength(20);
  });
});

describe('a word for the shell', () => {
  it.each(['plain', "it's", 'a\nb', "a\u001b[31m'b\\n", 'tag \u{e0041}', '$HOME `x` "y"'])(
    '%j is read back as the same text',
    (text) => {
      expect(
        execFileSync('bash', ['-c', `printf %s ${shellWord(text)}`], {
          encoding: 'utf8',
          env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
        }),
      ).toBe(text);
    },
  );
});
