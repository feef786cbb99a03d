import { recently } from '../../../model/memo/recently.ts';
import type { KeyPath } from '../../../model/value.ts';
import { type Header, type Pair, scan } from './scan.ts';
import type { Member } from './scan-value.ts';

/** See `Format.lineOf`, for a text that parses: the line of the key, header or element that spells most of the path. */
export function lineOfKey(text: string, path: KeyPath): number | undefined {
  let spelled = spellingsOf(text);
  for (const key of path) {
    const next = spelled.below?.get(key);
    if (!next) break;
    spelled = next;
  }
  return spelled.line === 0 ? undefined : spelled.line;
}

/** The first line that spells a path, or a longer one. */
interface Spelled {
  readonly line: number;
  below?: Map<string, Spelled>;
}

/** All paths that a text spells. A source is asked for the line of each of its values, so it is read once. */
const spellingsOf = recently((text): Spelled => {
  const root: Spelled = { line: 0 };
  const offer = (line: number, path: KeyPath) => {
    let at = root;
    for (const key of path) {
      at.below ??= new Map();
      const next = at.below.get(key) ?? { line };
      at.below.set(key, next);
      at = next;
    }
  };
  const counts = new Map<string, number>();
  let table: KeyPath = [];
  for (const item of scan(text)) {
    if (item.kind === 'header') {
      table = tablePath(item, counts);
      offer(item.line, table);
    } else if (item.kind === 'pair') offerMember(text, item, table, offer);
  }
  return root;
});

/** The path of a header, the headers above it counted in `counts`, with the index of each element of an array of tables that it is or stands in. */
export function tablePath({ path, array }: Header, counts: Map<string, number>): KeyPath {
  const spelled: string[] = [];
  for (const [depth, key] of path.entries()) {
    spelled.push(key);
    const name = JSON.stringify(spelled);
    if (array && depth === path.length - 1) counts.set(name, (counts.get(name) ?? 0) + 1);
    const count = counts.get(name);
    if (count !== undefined) spelled.push(String(count - 1));
  }
  return spelled;
}

function offerMember(text: string, pair: Pair, table: KeyPath, offer: (line: number, spelled: KeyPath) => void): void {
  let [line, newline] = [pair.line, text.indexOf('\n', pair.start)];
  const visit = (member: Member, at: KeyPath) => {
    // Members come in the order of the text.
    for (; newline >= 0 && newline < member.start; newline = text.indexOf('\n', newline + 1)) line += 1;
    offer(line, at);
    const isArray = member.value.kind === 'array';
    for (const [index, each] of member.value.members.entries())
      visit(each, [...at, ...(isArray ? [String(index)] : each.key)]);
  };
  visit(pair.member, [...table, ...pair.member.key]);
}
