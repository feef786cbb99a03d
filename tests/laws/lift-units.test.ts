import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instructionSections } from '../../src/content/instructions/instructions.ts';
import { memoryFiles } from '../../src/content/instructions/memories.ts';
import { applyEdits } from '../../src/content/pieces/edits.ts';
import { liftText } from '../../src/content/pieces/lift.ts';
import { joinPieces, type Piece } from '../../src/content/pieces/pieces.ts';
import { skillFiles } from '../../src/content/skills/skills.ts';
import { treeOf, values } from '../content/source.ts';
import { lawRuns } from '../support/law-runs.ts';

type Sources = Readonly<Record<string, string>>;
const units = {
  block: (sources: Sources) => instructions(sources).pieces(),
  section: (sources: Sources) => instructions(sources).sections[0]?.pieces() ?? [],
  memory: (sources: Sources) => memories(sources)[0]?.pieces() ?? [],
  skill: (sources: Sources) => skillFiles(treeOf(sources), 'codex', withAll).files[0]?.pieces?.() ?? [],
} satisfies Record<string, (sources: Sources) => Piece[]>;

const withAll = { ...values, variables: { empty: '', team: 'blue', two: 'one\ntwo' } };

function memories(sources: Sources) {
  return memoryFiles(treeOf(sources), 'codex', withAll, () => undefined).files;
}

function instructions(sources: Sources) {
  const options = { source: 'instructions.md', memories: 'inline', memoryFolder: 'memories' } as const;
  return instructionSections(treeOf(sources), 'codex', options, memories(sources), withAll);
}

const words = ['word', 'Codex', 'blue', ' ', 'é', '🦊', '# T', '- ', 'one'];
const tokens = ['{{client.name}}', '{{ client.home }}', '{{var.team}}', '{{var.two}}', '{{var.empty}}'];
const body = fc
  .tuple(
    fc.array(fc.string({ unit: fc.constantFrom(...words, ...tokens), maxLength: 6 }), { maxLength: 6 }),
    fc.boolean(),
  )
  .map(([lines, isCrlf]) => lines.map((line) => `${line}${isCrlf ? '\r\n' : '\n'}`).join(''));
const head = fc.constantFrom('---\ndescription: x\n---\n', '---\r\nname: a\r\ndescription: {{var.team}}\r\n---\r\n');
const end = fc.constantFrom('', 'no line end', 'a {{client.name}}', '\n\n', '  \r\n');

const made = fc.record({
  shared: body,
  own: body,
  head,
  global: body,
  hasIndex: fc.boolean(),
  skill: body,
  inject: fc.constantFrom('', 'Report.\n'),
  end,
});

function sourcesOf(each: typeof made extends fc.Arbitrary<infer T> ? T : never): Sources {
  return {
    'clients/shared/instructions.md': `\uFEFF${each.shared}`,
    'clients/codex/instructions.md': each.own + each.end,
    'clients/shared/memory/global.md': each.head + each.global + each.end,
    ...(each.hasIndex ? { 'clients/shared/memory/projects/z.md': '# Zed\n' } : {}),
    'clients/shared/skills/inject.md': each.inject,
    'clients/shared/skills/a/SKILL.md': each.head + each.skill + each.end,
  };
}

/** One or two lines of a text replaced, taken out or added, or words put at an offset. */
const step = fc.record({
  at: fc.nat(),
  length: fc.nat(3),
  put: fc.array(fc.constantFrom(...words, '\n', 'new'), { maxLength: 4 }),
  kind: fc.constantFrom('line', 'text'),
});

function edited(
  text: string,
  steps: readonly { at: number; length: number; put: readonly string[]; kind: string }[],
): string {
  return steps.reduce((now, { at, length, put, kind }) => {
    const parts = kind === 'line' ? now.split(/(?<=\n)/) : Array.from(now);
    const eol = /\r?\n/.exec(now)?.[0] ?? '\n';
    const text = put.join('').replaceAll('\n', eol);
    parts.splice(at % (parts.length + 1), length, kind === 'line' && text !== '' ? text + eol : text);
    return parts.join('');
  }, text);
}

/** What deploying takes away, which nobody can put in: of those edits the caller's guard tells. */
const taken: Record<keyof typeof units, (have: string, old: string) => boolean> = {
  block: (have) => /\s\n\n|\n\n\n|^\s|\s$/.test(have),
  section: (have) => /^\n|\s$|^$/.test(have),
  memory: () => false,
  skill: (have, old) => !have.startsWith(/^---.*?\n---\r?\n(?:<!--.*?<<< -->)?/s.exec(old)?.[0] ?? 'no frontmatter'),
};

describe('liftText of what is deployed (laws)', () => {
  test.each(Object.keys(units) as (keyof typeof units)[])('a %s', { timeout: 300_000 }, (name) => {
    const runs = lawRuns(10_000, 300);
    let carried = 0;
    const law = fc.property(
      made,
      fc.array(step, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (each, steps, isOwn) => {
        const sources = sourcesOf(each);
        const pieces = units[name](sources);
        const old = joinPieces(pieces);
        const first = joinPieces(
          pieces.slice(0, (pieces.findIndex(({ from }) => !from) + pieces.length + 1) % (pieces.length + 1)),
        );
        const have = isOwn ? edited(first, steps) + old.slice(first.length) : edited(old, steps);
        const lifted = liftText(pieces, have);
        if ('refused' in lifted) {
          expect(isOwn && edited(first, steps) !== '' && first !== '', lifted.refused).toBe(false);
          return;
        }
        const now = Object.fromEntries(
          Object.entries(sources).map(([path, text]) => [
            path,
            applyEdits(
              text,
              lifted.edits.filter((edit) => edit.path === path),
            ),
          ]),
        );
        if (taken[name](have, old)) return;
        expect(joinPieces(units[name](now))).toBe(have);
        carried += 1;
      },
    );
    fc.assert(law, { numRuns: runs });
    expect(carried).toBeGreaterThan(runs / 10);
  });
});
