import { textStart, tokenAt } from '../read/tokens.ts';
import type { Layout } from './style.ts';

/** How the one-line parts of a valid text are written: as most of them are. */
export function habitsOf(text: string): Pick<Layout, 'flatLists' | 'pad'> {
  let [flat, padded] = [0, 0];
  let open = tokenAt(text, textStart(text));
  for (let token = open; token.kind !== 'end'; token = tokenAt(text, token.end)) {
    const inside = text.slice(open.end, token.start);
    if (token.kind === ']' && open.kind === '[' && inside.trim() !== '') flat += isLine(inside) ? 1 : -1;
    const next = tokenAt(text, token.end);
    const gap = text.slice(token.end, next.start);
    if (token.kind === '{' && next.kind === 'string' && isLine(gap)) padded += gap === '' ? -1 : 1;
    if (['{', '}', '[', ']'].includes(token.kind)) open = token;
  }
  return { flatLists: flat > 0, pad: padded > 0 ? ' ' : '' };
}

function isLine(text: string): boolean {
  return !/[\r\n]/.test(text);
}
