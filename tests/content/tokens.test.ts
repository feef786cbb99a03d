import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeTokens, expandTokens, mayHoldTokens } from '../../src/content/placeholders.ts';
import { values } from './source.ts';

const expand = (text: string, more = {}) => expandTokens(text, { ...values, ...more }, 'clients/x.md');

describe('expandTokens', () => {
  it('replaces every token, with or without spaces', () => {
    const text = '{{client.name}} {{ client.home }} {{path.memory}} {{\tpath.skills}} {{skill.name}} {{var.team }}';
    const expanded = expand(text, { skillName: 'review' });
    expect(expanded.findings).toEqual([]);
    expect(expanded.text).toBe('Codex /home/ada/.codex /home/ada/.codex/memories /home/ada/.codex/skills review blue');
  });

  it('does not expand what a value holds, nor read `$&` in it', () => {
    expect(expand('{{var.a}}', { variables: { a: '{{client.name}}$&$1' } }).text).toBe('{{client.name}}$&$1');
  });

  it('leaves other templates alone', () => {
    const text =
      '{{x}} {{ user.name }} {{{client.name}}} {{#each}} {{ secrets.X }} {{client}} {{client.name|up}} {{var.<N>}} {{';
    expect(expand(text)).toEqual({ text, findings: [] });
  });

  it('deploys a token in one pair of braces more as text', () => {
    expect(expand('{{{{client.name}}}} {{{{ var.x }}}} {{{{{{path.to}}}}}}')).toEqual({
      ...{ text: '{{client.name}} {{ var.x }} {{{{path.to}}}}', findings: [] },
    });
  });

  it('has an escape for every text', () => {
    const parts = fc.constantFrom('{', '{{', '}', '}}', 'client.name', 'var.x', ' ', 'skill.name', '\n', 'x');
    const law = fc.property(fc.array(parts, { maxLength: 14 }), (words) => {
      const text = words.join('');
      expect(expand(escapeTokens(text))).toEqual({ text, findings: [] });
    });
    fc.assert(law, { numRuns: 3000 });
  });

  it('names the escape where a name is unknown', () => {
    expect(expand('{{client.address}}').findings[0]?.remedy).toContain('write "{{{{client.address}}}}"');
  });

  it('expands inside single braces, as in a shell default', () => {
    expect(expand('{X:-{{client.name}}}').text).toBe('{X:-Codex}');
  });

  it.each([
    ['{{client.nmae}}', '{{client.name}}'],
    ['{{path.home}}', '{{client.home}}'],
    ['{{var.taem}}', '{{var.team}}'],
    ['{{skill.nam}}', undefined],
    ['{{var.}}', undefined],
    ['{{client.toString}}', undefined],
    ['{{var.__proto__}}', undefined],
  ])('reports %s and suggests %s', (text, suggestion) => {
    const { findings, text: left } = expand(`a\r\nb ${text}`);
    expect(left).toBe(`a\r\nb ${text}`);
    expect(findings).toMatchObject([
      { code: 'unknown-token', severity: 'error', path: 'clients/x.md', line: 2, column: 3 },
    ]);
    expect(findings[0]?.message).toContain(`"${text}"`);
    if (suggestion) expect(findings[0]?.remedy).toContain(`"${suggestion}"`);
  });

  it('reports all of them, each with its line', () => {
    const { findings } = expand('{{var.a}}\n\n{{var.b}} {{var.a}}\n');
    expect(findings.map(({ line }) => line)).toEqual([1, 3, 3]);
  });

  it('reports a token that has no meaning in this place', () => {
    const { memoryPath: _, ...without } = values;
    const { findings } = expandTokens('{{skill.name}}\n{{path.memory}}', without, 'p');
    expect(findings.map(({ line }) => line)).toEqual([1, 2]);
    expect(findings[0]?.message).toContain('outside a skill');
    expect(findings[1]?.message).toContain('for this client');
  });

  it('keeps every text around tokens (law)', () => {
    const piece = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[{}]/g, ''));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(expand(pieces.join('{{var.team}}')).text).toBe(pieces.join('blue'));
      }),
    );
  });

  it('changes nothing in a text without a name of ours (law)', () => {
    const unit = fc.constantFrom('{', '}', '{{', '}}', ' ', 'x', 'user.', 'client', '\n', '$');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(expand(text)).toEqual({ text, findings: [] });
      }),
    );
  });
});

describe('mayHoldTokens', () => {
  it('sees two braces in a row, also at the end', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(['', '{', '{ {', 'a{{', '{{', '{a{{b'].map((text) => mayHoldTokens(bytes(text)))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});
