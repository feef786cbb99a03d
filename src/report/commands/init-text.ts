import { visible } from '../../model/texts/visible.ts';
import type { Paint } from '../colour.ts';
import { plural, pluralKind } from '../plan-text.ts';

/** One line of the list of what could be imported. */
export interface ImportRow {
  /** Names the row in the list, and for `--only`. */
  readonly name: string;
  readonly kind: string;
  readonly ids: readonly string[];
  readonly power?: string;
}

/** The list of what was found, a row each. */
export function takeText(rows: readonly ImportRow[], head: string, paint: Paint): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(({ kind }) => kind.length));
  const lines = rows.map((row) => `  ${paint.good(row.kind.padEnd(width))}  ${importLabel(row)}\n`);
  return `${paint.strong(head)}\n${lines.join('')}`;
}

/** The list of what was imported, under how much of each kind it is. */
export function importText(rows: readonly ImportRow[], verb: string, paint: Paint): string {
  const counts = new Map<string, number>();
  for (const { kind, ids } of rows) {
    const many = ids.length / new Set(ids.map((id) => id.slice(0, id.indexOf(':')))).size;
    counts.set(kind, (counts.get(kind) ?? 0) + many);
  }
  const sums = [...counts].map(([kind, count]) => `${count} ${pluralKind(kind, count)}`);
  return takeText(rows, `${verb}: ${sums.join(', ')}`, paint);
}

/** What a row stands for, in one line. */
export function importLabel({ name, ids }: Pick<ImportRow, 'name' | 'ids'>): string {
  const clients = [...new Set(ids.map((id) => id.slice(0, id.indexOf(':'))))];
  const both = clients.length > 1 ? ` (also in ${clients.slice(1).join(', ')})` : '';
  const many = ids.length / clients.length;
  return `${visible(name)}${both}${many > 1 ? ` (${many})` : ''}`;
}

/** How an init ended, as far as it decides what a person does next. */
export interface InitEnd {
  readonly folder: string;
  readonly files: readonly string[];
  readonly dry: boolean;
  readonly isTop: boolean;
  /** Whether the folder is in a git repository now. */
  readonly hasGit: boolean;
  readonly variables: readonly string[];
  /** Units that still hold their secrets. */
  readonly waiting: readonly string[];
  readonly config: string;
  /** Whether the source came from the homes, so that they have it already. */
  readonly isAgreed: boolean;
  /** Memories that were taken and that the instructions do not name yet. */
  readonly unlisted: readonly string[];
}

/** The files that were made. */
export function madeText({ folder, files, dry }: InitEnd, paint: Paint): string {
  const head = `${dry ? 'Would make' : 'Made'} ${files.length} ${plural('file', files.length)} in ${visible(folder)}:`;
  return `${paint.strong(head)}\n${files.map((path) => `  ${visible(path)}\n`).join('')}`;
}

/** What to do next. */
export function afterInitText(end: InitEnd): string {
  const next = end.dry ? ['Dry run: nothing was written.'] : nextLines(end);
  return [...secretLines(end), ...unlistedLines(end), ...next].map((line) => `${line}\n`).join('');
}

function secretLines({ variables, waiting, config }: InitEnd): string[] {
  if (waiting.length === 0) return [];
  return [
    `The repository names variables in place of secrets: ${variables.map(visible).join(', ')}.`,
    'These still hold the secrets on this machine, and a push leaves them as they are:',
    ...waiting.map((id) => `  ${visible(id)}`),
    'To let one read its variable instead:',
    '  1. set the variable where the client is started',
    `  2. delete the name of the unit from "keep" in ${visible(config)}`,
    '  3. syncline push-runtime --overwrite <unit>',
  ];
}

function unlistedLines({ unlisted }: InitEnd): string[] {
  if (unlisted.length === 0) return [];
  const count = unlisted.length;
  const [which, them, names] =
    count === 1 ? ['the memory', 'it', 'its name'] : [`the ${count} memories`, 'them', 'their names'];
  return [
    `The instructions do not list ${which} yet, so no session is told of ${them} but by`,
    `text of your own. To list ${them}, take ${names} out of unlisted-memories in`,
    'clients/syncline.toml, then: syncline push-runtime',
  ];
}

function nextLines({ isTop, hasGit, isAgreed }: InitEnd): string[] {
  const first = isAgreed
    ? 'No file of the clients was changed: both sides are equal. Edit clients/, then: syncline push-runtime'
    : 'Next: edit clients/, look with syncline push-runtime --dry-run, then: syncline push-runtime';
  return [
    `Commit them there: ${hasGit ? '' : 'git init && '}git add . && git commit`,
    ...(isTop ? ['To check clients/ before each commit: git config core.hooksPath .githooks'] : []),
    first,
  ];
}
