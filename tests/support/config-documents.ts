import fc from 'fast-check';
import type { KeyPath, Value } from '../../src/model/value.ts';
import { type Entry, entries, roots, type Spelled, servers, topics } from './config-documents-parts.ts';

/** A file of the user's, and what a test needs to know to tell that nothing of it was lost. */
export interface UserDocument {
  readonly text: string;
  /** Every value with its key path; lists are one value. */
  readonly values: readonly (readonly [path: KeyPath, value: Value])[];
  /** Every comment, from its `#` to the end of its line; each stands once. */
  readonly comments: readonly string[];
}

/** What stands around an entry or a header. */
interface Dress {
  readonly blanks: number;
  readonly above: readonly string[];
  readonly beside: string | undefined;
}

interface Block {
  readonly header: string | undefined;
  readonly dress: Dress;
  readonly entries: readonly (readonly [Entry, Dress])[];
}

/** What people write; the builder puts a number before it, so that each is there once. */
const words = fc.constantFrom(
  'mine, do not touch',
  'see https://example.com/a#b',
  'model = "old"',
  '[mcp_servers.off]',
  '日本語 😀',
  'was: ["-y", \'x\'] # twice',
  '',
);

const dress: fc.Arbitrary<Dress> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ blanks: 0, above: [], beside: undefined }) },
  fc.record({
    blanks: fc.nat({ max: 2 }),
    above: fc.array(words, { maxLength: 2 }),
    beside: fc.option(words, { nil: undefined }),
  }),
);

function dressed(spelled: fc.Arbitrary<readonly Entry[]>): fc.Arbitrary<(readonly [Entry, Dress])[]> {
  return spelled.chain((list) => fc.tuple(...list.map((entry) => fc.tuple(fc.constant(entry), dress))));
}

function blocksOf({ tables }: Spelled): fc.Arbitrary<Block[]> {
  const blocks = tables.map(([header, list]) =>
    fc.record({ header: fc.constant(header), dress, entries: dressed(fc.constant(list)) }),
  );
  return fc.tuple(...blocks);
}

/** One spelling for each thing the file is about, then everything in an order of its own, then its dress. */
const blocks: fc.Arbitrary<Block[]> = fc
  .tuple(roots, servers, fc.tuple(...topics.map((topic) => fc.option(topic, { nil: undefined, freq: 2 }))))
  .chain(([keys, own, others]) => {
    const spelled = [own, ...others].filter((one) => one !== undefined);
    const root = dressed(fc.constant([...keys, ...spelled.flatMap((one) => one.roots)]));
    const groups = fc.shuffledSubarray([...spelled.keys()], { minLength: spelled.length });
    const tables = fc.tuple(...spelled.map(blocksOf));
    return fc
      .tuple(root, tables, groups, dress)
      .map(([list, all, order, first]) => [
        { header: undefined, dress: first, entries: list },
        ...order.flatMap((at) => all[at] as Block[]),
      ]);
  });

const layout = fc.record({
  eol: fc.constantFrom('\n', '\n', '\r\n'),
  bom: fc.constantFrom('', '', '\uFEFF'),
  gap: fc.nat({ max: 2 }),
  tail: fc.array(words, { maxLength: 2 }),
  end: fc.constantFrom('\n', '\n', '', '\n\n'),
});

/** A `config.toml` as people have it; the real Codex loads every one of them. */
export const configToml: fc.Arbitrary<UserDocument> = fc.tuple(blocks, layout).map(([all, how]) => {
  const comments: string[] = [];
  const note = (word: string) => comments[comments.push(`# ${comments.length + 1} ${word}`.trim()) - 1] as string;
  const lines = all.flatMap((block, index) => linesOf(block, index === 0 ? 0 : how.gap, note));
  const body = [...lines, ...how.tail.map(note)].join('\n');
  const text = (body === '' ? '' : body + how.end).replaceAll('\n', how.eol);
  const values = all.flatMap((block) => block.entries.flatMap(([entry]) => entry.values));
  const inside = all.flatMap((block) => block.entries.flatMap(([entry]) => entry.comments ?? []));
  return {
    text: how.bom + text,
    values: entries(values).map(([path, value]) => [path, withEnds(value, how.eol)]),
    comments: [...comments, ...inside],
  };
});

/** A string over many lines has the line ends of its file. */
function withEnds(value: Value, eol: string): Value {
  return typeof value === 'string' ? value.replaceAll('\n', eol) : value;
}

function linesOf(block: Block, gap: number, note: (word: string) => string): string[] {
  const blanks = Array<string>(gap).fill('');
  const header = block.header === undefined ? [] : [...blanks, ...dressedLines(block.header, block.dress, note)];
  return [...header, ...block.entries.flatMap(([entry, around]) => dressedLines(entry.text, around, note))];
}

function dressedLines(text: string, { blanks, above, beside }: Dress, note: (word: string) => string): string[] {
  const notes = above.map(note);
  const end = beside === undefined ? '' : ` ${note(beside)}`;
  return [...Array<string>(blanks).fill(''), ...notes, text + end];
}
