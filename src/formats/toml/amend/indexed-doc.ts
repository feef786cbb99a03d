import { childOf, type Doc, definePairs, newPlace, type Segment } from '../read/doc.ts';
import { tablePath } from '../read/line-of.ts';
import { scan } from '../read/scan.ts';
import type { Member, ValueNode } from '../read/scan-value.ts';

/**
 * Like `readDoc`, but the elements of lists have places of their own below the list, under their indexes, and paths lead
 * through them: nothing is opaque.
 */
export function readIndexedDoc(text: string): Doc {
  const items = scan(text);
  const root = newPlace();
  const segments: Segment[] = [{ index: 0, path: [], body: [], opaque: false }];
  root.segments.push(segments[0] as Segment);
  const counts = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== 'header') {
      (segments.at(-1) as Segment).body.push(item);
      continue;
    }
    const path = tablePath(item, counts);
    const segment: Segment = { index: segments.length, header: item, path, body: [], opaque: false };
    const list = path.slice(0, -1).reduce(childOf, root);
    childOf(list, path.at(-1) as string).segments.push(segment);
    if (item.array) list.elements.push(segment);
    segments.push(segment);
  }
  for (const segment of segments) definePairs(root, segment, membersByIndex);
  return { text, items, segments, root };
}

function membersByIndex({ kind, members }: ValueNode): readonly Member[] {
  return kind === 'array' ? members.map((member, index) => ({ ...member, key: [String(index)] })) : members;
}
