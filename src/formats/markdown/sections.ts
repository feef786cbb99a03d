import type { Address } from '../../model/unit.ts';
import { emptyTable, type Table } from '../../model/value.ts';

/** What a block holds: the main text, and the inlined memories by name in their order. Line ends are `\n`. */
export interface Sections {
  readonly main?: string | undefined;
  readonly memories: ReadonlyMap<string, string>;
}

// Short, because Codex sends comments to the model (research/clients.md, Codex §5).
const opening = /^<!-- memory\/(.+) -->[ \t]*$/;

/** A text as it is compared: `\n` line ends, and one line end less at its end. */
export function normalText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '');
}

/** The delimiters of a memory. */
export function delimitersOf(name: string): readonly [string, string] {
  return [`<!-- memory/${name} -->`, `<!-- /memory/${name} -->`];
}

/** The body of a block, that is, the lines between its markers. */
export function composeBody({ main, memories }: Sections): string {
  const parts = main === undefined ? [] : [main];
  for (const [name, text] of memories) {
    const [open, close] = delimitersOf(name);
    parts.push(`${open}\n${text}\n${close}`);
  }
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}

/** The inverse of `composeBody`. Text that someone added around the memories is part of the main text. */
export function parseBody(body: string): Sections {
  const lines = body === '' ? [] : normalText(body).split('\n');
  const closings = closingLines(lines);
  const memories = new Map<string, string>();
  const around: string[][] = [[]];
  for (let index = 0; index < lines.length; index += 1) {
    const name = opening.exec(lines[index] as string)?.[1];
    const close = name === undefined || memories.has(name) ? -1 : closingLine(closings, index, name);
    if (close < 0) (around.at(-1) as string[]).push(lines[index] as string);
    else {
      memories.set(name as string, lines.slice(index + 1, close).join('\n'));
      around.push([]);
      index = close;
    }
  }
  return { main: mainOf(around), memories };
}

/** Where the lines stand that close something, by their text: found once, since a body may open ten thousand memories. */
function closingLines(lines: readonly string[]): Map<string, number[]> {
  const closings = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('<!-- /memory/')) continue;
    const text = line.trimEnd();
    const known = closings.get(text);
    if (known) known.push(index);
    else closings.set(text, [index]);
  }
  return closings;
}

function closingLine(closings: ReadonlyMap<string, readonly number[]>, from: number, name: string): number {
  return closings.get(delimitersOf(name)[1])?.find((index) => index > from) ?? -1;
}

function mainOf([first = [], ...others]: readonly string[][]): string | undefined {
  const own = others.length > 0 && first.at(-1) === '' ? first.slice(0, -1) : first;
  const added = others.map((lines) => lines.join('\n').replace(/^\n+|\n+$/g, '')).filter((text) => text.trim() !== '');
  const texts = own.length > 0 ? [own.join('\n'), ...added] : added;
  return texts.length > 0 ? texts.join('\n\n') : undefined;
}

/** Sections as values: `{ block, memory: { "<name>": … } }`. */
export function tableOfSections({ main, memories }: Sections): Table {
  const table = emptyTable();
  if (main !== undefined) table.block = main;
  if (memories.size > 0) table.memory = Object.assign(emptyTable(), Object.fromEntries(memories));
  return table;
}

/** The name of a memory section; undefined for the main text. */
export function memoryOf({ path }: Address): string | undefined {
  return path[0] === 'memory' ? path[1] : undefined;
}
