import { digestOfValue } from '../model/digest.ts';
import type { Value } from '../model/value.ts';

/** A list whose elements come and go, found by their digests: as fast for the last of many as for the first. */
export interface ElementList {
  /** Undefined where an element has gone. */
  readonly items: (Value | undefined)[];
  /** Where elements stand, by digest, ascending. */
  readonly places: Map<string, number[]>;
}

/** The list for some elements, which are not changed. */
export function elementList(values: readonly Value[]): ElementList {
  const list: ElementList = { items: [], places: new Map() };
  for (const value of values) put(list, list.items.length, digestOfValue(value), value);
  return list;
}

/** Whether an element with this digest stands in a list. */
export function hasElement({ places }: ElementList, digest: string): boolean {
  return (places.get(digest)?.length ?? 0) > 0;
}

/** Adds an element, unless an equal one stands there. */
export function addElement(list: ElementList, digest: string, value: Value): void {
  if (!hasElement(list, digest)) put(list, list.items.length, digest, value);
}

/** Takes out the last of equal elements; gives where it stood, and undefined where there is none. */
export function takeElement(list: ElementList, digest: string): number | undefined {
  const index = list.places.get(digest)?.pop();
  if (index !== undefined) list.items[index] = undefined;
  return index;
}

/** Puts an element where another one has gone. */
export function putElement(list: ElementList, index: number, digest: string, value: Value): void {
  put(list, index, digest, value);
  list.places.get(digest)?.sort((a, b) => a - b);
}

/** The elements that stand in a list, in order. */
export function elementsOf({ items }: ElementList): Value[] {
  return items.filter((item) => item !== undefined);
}

function put({ items, places }: ElementList, index: number, digest: string, value: Value): void {
  items[index] = value;
  const standing = places.get(digest);
  if (standing) standing.push(index);
  else places.set(digest, [index]);
}
