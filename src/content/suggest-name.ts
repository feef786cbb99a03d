/** The candidate most like a mistyped name, or undefined when none is near: at most so many letters are wrong. */
export function nearest(name: string, candidates: Iterable<string>, most = mostWrong(name)): string | undefined {
  return closest(name, candidates, (candidate) => (lastPart(candidate) === lastPart(name) ? 1 : undefined), most);
}

function mostWrong(name: string): number {
  return Math.max(2, Math.floor(name.length / 3));
}

/** The same, where `known` may know the distance of a candidate better than its letters. */
function closest(
  name: string,
  candidates: Iterable<string>,
  known: (candidate: string) => number | undefined,
  most = mostWrong(name),
): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of candidates) {
    const steps = known(candidate) ?? stepsBetween(name, candidate, least);
    if (steps >= least) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

/**
 * The unit, or what stands above units, that a mistyped name is most like: `codex:skills/revew` is like `codex:skills/review`. A part
 * of an id counts as well as a whole one, with or without its client, for what people remember is the name of a server.
 */
export function nearestUnit(name: string, ids: readonly string[]): string | undefined {
  const names = new Map<string, string>();
  for (const id of ids) {
    for (const [spelled, meant] of spellings(id)) if (!names.has(spelled)) names.set(spelled, meant);
  }
  const near = closest(name, names.keys(), () => undefined);
  const part = name.split(/[:/#.]/).at(-1) as string;
  return near === undefined ? ids.find((id) => part.length >= shortestPart && id.includes(part)) : names.get(near);
}

/** A shorter part of a name stands in many others by chance. */
const shortestPart = 3;

/** The id and what stands above it, each with and without the client; and its last parts, which mean the id. */
function spellings(id: string): [spelled: string, meant: string][] {
  const breaks = [...id.matchAll(/[/#.[]/g)].map(({ index }) => index);
  const above = [...breaks, id.length].map((end) => id.slice(0, end));
  const whole = above.flatMap((each): [string, string][] => [
    [each, each],
    [withoutClient(each), each],
  ]);
  return [...whole, ...breaks.map((at): [string, string] => [id.slice(at + 1), id])].filter(
    ([spelled]) => spelled !== '',
  );
}

function withoutClient(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

/** How many letters two names are apart; `least` when it is that many or more in length alone. */
function stepsBetween(name: string, candidate: string, least: number): number {
  return Math.abs(name.length - candidate.length) >= least ? least : editDistance(name, candidate);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** How many letters were left out, put in, replaced, or swapped with the next one. */
function editDistance(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] as number) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
