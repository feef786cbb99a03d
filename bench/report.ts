import type { Judged } from './goals.ts';
import type { Group, Measured } from './group.ts';
import { summaryOf } from './statistics.ts';

/** What came out of a group. */
export interface GroupResult {
  readonly name: string;
  readonly title: string;
  readonly data: string;
  readonly rows: readonly Measured[];
  readonly goals: readonly Judged[];
}

export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly groups: readonly GroupResult[];
  /** What each tool of others takes on the disk, with all that it brings, in MB. */
  readonly sizes: Readonly<Record<string, number>>;
}

export function resultOf(
  { name, title, data }: Group,
  rows: readonly Measured[],
  goals: readonly Judged[],
): GroupResult {
  return { name, title, data, rows, goals };
}

/** All as Markdown: first the goals, then a table for each group. */
export function markdownOf({ date, machine, groups, sizes }: Results): string {
  const rounds = groups.flatMap(({ rows }) => rows.map(({ times }) => times.length));
  const few = Math.min(...rounds);
  const many = Math.max(...rounds);
  const often = few === many ? `${few}` : `${few} to ${many}`;
  const head = `${date}: ${machine}. Each row ${often} times, in turns.`;
  const judged = groups.filter(({ goals }) => goals.length > 0);
  const goals = judged.length > 0 ? [`### Goals\n\n${goalTable(judged)}`] : [];
  return [head, ...goals, ...groups.map(groupText), ...sizeText(sizes)].join('\n\n');
}

function goalTable(groups: readonly GroupResult[]): string {
  const rows = groups.flatMap(({ title, goals }) =>
    goals.map(({ name, value, least, ninth, limit, unit, met }) => [
      `${title}: ${name}`,
      `${amount(value, unit)}`,
      `${amount(least, unit)} to ${amount(ninth, unit)}`,
      `≤ ${limit} ${unit}`,
      met ? 'met' : '**not met**',
    ]),
  );
  return table(['Goal', 'Median', 'Least to nine of ten', 'Limit', ''], 'lrrrl', rows);
}

function amount(value: number, unit: '×' | 'ms'): string {
  return `${unit === '×' ? value.toFixed(2) : value.toFixed(0)} ${unit}`;
}

function groupText({ title, data, rows }: GroupResult): string {
  const noted = rows.some(({ note }) => note !== undefined);
  const heads = ['Program', 'Median', 'Fastest', 'Nine of ten', 'Memory', ...(noted ? ['What it does not do'] : [])];
  const cells = rows.map(({ name, times, memory, note }) => {
    const { median, least, ninth } = summaryOf(times);
    const said = [median, least, ninth].map(milliseconds);
    return [name, ...said, memory === undefined ? '–' : `${memory.toFixed(0)} MB`, ...(noted ? [note ?? ''] : [])];
  });
  return `### ${title}\n\n${data}\n\n${table(heads, 'lrrrrl', cells)}`;
}

function milliseconds(value: number): string {
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function sizeText(sizes: Results['sizes']): string[] {
  const rows = Object.entries(sizes).map(([name, size]) => [name, `${size.toFixed(1)} MB`]);
  return rows.length === 0 ? [] : [`### On the disk, installed\n\n${table(['Package', 'Size'], 'lr', rows)}`];
}

/** A table whose columns are as wide as their widest cell; `sides` has l or r for each. */
export function table(heads: readonly string[], sides: string, rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(3, ...[head, ...rows.map((row) => row[column] ?? '')].map((cell) => [...cell].length)),
  );
  const isRight = (column: number) => sides[column] === 'r';
  const padded = (row: readonly string[]) =>
    `| ${row.map((cell, column) => pad(cell, widths[column] as number, isRight(column))).join(' | ')} |`;
  const rule = widths.map((width, column) => (isRight(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [padded(heads), padded(rule), ...rows.map(padded)].join('\n');
}

function pad(cell: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - [...cell].length);
  return right ? space + cell : cell + space;
}

export const [begin, end] = ['<!-- tables: npm run bench -->', '<!-- end of tables -->'];

/** The page with these tables in the place of its own. Throws where it has no place for them. */
export function withTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place between ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${tables}\n\n${page.slice(to)}`;
}
