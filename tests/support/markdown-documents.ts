import fc from 'fast-check';

const parts = fc.constantFrom(
  '# How I work',
  '- Short answers.  ',
  '```md\n<!-- kept, too -->\n```',
  '<!-- keep this -->',
  '@notes/mine.md',
  'A `code` and "quotes", 日本語 😀.',
  '',
  '    indented',
);

/** A `CLAUDE.md` or `AGENTS.md` as people have it; every byte of it is the user's. */
export const instructionsMd: fc.Arbitrary<{ readonly text: string }> = fc
  .record({
    lines: fc.array(parts, { maxLength: 8 }),
    eol: fc.constantFrom('\n', '\n', '\r\n'),
    bom: fc.constantFrom('', '', '\uFEFF'),
    end: fc.constantFrom('\n', '\n', '', '\n\n\n'),
  })
  .map(({ lines, eol, bom, end }) => ({ text: bom + (lines.join('\n') + end).replaceAll('\n', eol) }));
