import type { Verdict } from '../../model/plan.ts';
import type { ClientStatus, LastPush, SessionCost, SessionFile, Status } from '../../model/status.ts';
import { visible } from '../../model/texts/visible.ts';
import type { Paint } from '../colour.ts';
import { plural } from '../plan-text.ts';
import { fitted, shortenEnd } from '../shorten.ts';
import { timeText } from './time-text.ts';

/** What the text of a status depends on besides it. */
export interface StatusLook {
  /** The user's home folder, which is written `~`. */
  readonly home: string;
  readonly repository: string;
  readonly paint: Paint;
}

const [width, labelWidth] = [80, 13];

/** The most rows of files for each client: all of it is to fit one screen. */
const mostRows = 5;

/** How things stand, in at most 80 columns; for two clients in at most 24 lines. */
export function statusText(status: Status, look: StatusLook): string {
  const rows = [
    ...status.clients.flatMap((client) => clientRows(client, look)),
    ...pushRows(status, look),
    ...repositoryRows(status, look),
    ...(status.layers.length > 1
      ? [row('Layers', status.layers.map((layer) => short(layer, look)).join(', '), look)]
      : []),
    row('Backups', runsLine(status), look),
    ...sessionRows(status, look),
  ];
  return rows.map((line) => `${line}\n`).join('');
}

function row(label: string, text: string, { paint }: StatusLook): string {
  return `${paint.strong(label.padEnd(labelWidth))}${shortenEnd(text, width - labelWidth)}`;
}

function clientRows(client: ClientStatus, look: StatusLook): string[] {
  const { paint } = look;
  const word = client.inSync ? paint.good('in sync'.padEnd(8)) : paint.warn('differs'.padEnd(8));
  const homes = client.homes.map((home) => short(home, look)).join(' and ');
  const head = `${paint.strong(client.title.padEnd(labelWidth))}${word} ${fitted(homes, width - labelWidth - 9)}`;
  return [head, row('', countsOf(client), look)];
}

const verdictWords: readonly (readonly [Verdict, string])[] = [
  ['same', 'same'],
  ['agreed', 'agreed'],
  ['source-ahead', 'source-ahead'],
  ['runtime-ahead', 'runtime-ahead'],
  ['conflict', 'conflict'],
];

function countsOf({ verdicts, leftOut, kept }: ClientStatus): string {
  const counted = verdictWords.flatMap(([verdict, word]) => {
    const count = verdicts[verdict] ?? 0;
    return count > 0 ? [`${count} ${verdict === 'conflict' ? plural(word, count) : word}`] : [];
  });
  const aside = [
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(kept > 0 ? [`${kept} kept`] : []),
    ...(verdicts.unmanaged ? [`${verdicts.unmanaged} yours`] : []),
  ];
  return [counted.join(', ') || 'no units', ...(aside.length > 0 ? [aside.join(', ')] : [])].join('; ');
}

/** One row where all clients were pushed to together, else one for each. */
function pushRows({ clients }: Status, look: StatusLook): string[] {
  const texts = clients.map(({ lastPush }) => pushText(lastPush, look));
  const [first = ''] = texts;
  if (texts.every((text) => text === first)) return [row('Last push', first, look)];
  return clients.map(({ title }, index) => row(index === 0 ? 'Last push' : '', `${title}: ${texts[index]}`, look));
}

function pushText(last: LastPush | null, look: StatusLook): string {
  if (!last) return 'never';
  if (last.imported !== undefined) return `none yet; imported by init ${timeText(last.imported)}`;
  const taken = last.restored === undefined ? undefined : `taken back by restore ${timeText(last.restored)}, now`;
  const when = taken ?? (last.time === null ? '' : timeText(last.time));
  if (last.otherRepository !== undefined) return `${when} from ${short(last.otherRepository, look)}`;
  if (last.commit === null) return `${when}${taken ? '' : ','} without a commit`;
  const subject = last.subject === null ? '' : ` ${visible(last.subject)}`;
  return `${when} at ${last.commit.slice(0, 7)}${subject}`;
}

function repositoryRows({ repository, clients }: Status, look: StatusLook): string[] {
  const { git, head, uncommitted, path } = repository;
  const at = git ? (head ? `at ${head.id.slice(0, 7)}` : 'without a commit yet') : 'without git';
  const ahead = Math.max(...clients.map(({ lastPush }) => lastPush?.ahead ?? 0));
  const news = [
    ...(ahead > 0 ? [`${ahead} ${plural('commit', ahead)} ahead of the last push`] : []),
    ...(uncommitted ? [`${uncommitted} ${plural('file', uncommitted)} of clients/ not committed`] : []),
  ];
  const folder = fitted(short(path, look), width - labelWidth - at.length - 1);
  return [row('Repository', `${folder} ${at}`, look), ...(news.length > 0 ? [row('', news.join(', '), look)] : [])];
}

function runsLine({ runs: { count, last } }: Status): string {
  if (!last) return 'no run yet that can be restored';
  const files = `${last.files} ${plural('file', last.files)}`;
  return `of ${count} ${plural('run', count)}; the last: ${timeText(last.time)} ${last.command}, ${files}`;
}

function sessionRows({ clients }: Status, look: StatusLook): string[] {
  const known = clients.flatMap(({ title, session }) => (session ? [{ title, session }] : []));
  const [first] = known;
  if (!first) return [];
  const head = `Tokens in every session, estimated; the budget is ${grouped(first.session.budget)} for each client`;
  return ['', head, ...known.flatMap(({ title, session }) => costRows(title, session, look))];
}

function costRows(title: string, { tokens, budget, files }: SessionCost, look: StatusLook): string[] {
  const over =
    tokens > budget ? look.paint.warn(`  over the budget by ${grouped(tokens - budget)}; shorten what costs most`) : '';
  const head = `${look.paint.strong(title.padEnd(labelWidth))}${grouped(tokens).padStart(7)}${over}`;
  const rows = files.flatMap((file) => [
    { name: visible(file.name), tokens: file.tokens, counts: true },
    ...partsOf(file).map((part) => ({ name: `  of it ${visible(part.name)}`, tokens: part.tokens, counts: false })),
  ]);
  const shown = rows.length > mostRows ? rows.slice(0, mostRows - 1) : rows;
  const rest = rows.slice(shown.length);
  const sum = rest.reduce((total, each) => total + (each.counts ? each.tokens : 0), 0);
  const more = rest.length > 0 ? [costRow(sum, `${rest.length} more; --json lists all`)] : [];
  return [head, ...shown.map((each) => costRow(each.tokens, each.name)), ...more];
}

/** A file that is one part only needs no second row. */
function partsOf({ tokens, parts = [] }: SessionFile): readonly { name: string; tokens: number }[] {
  return parts.length === 1 && parts[0]?.tokens === tokens ? [] : parts;
}

function costRow(tokens: number, name: string): string {
  return `${' '.repeat(labelWidth)}${grouped(tokens).padStart(7)}  ${fitted(name, width - labelWidth - 9)}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A path with `~` for the home folder. */
function short(path: string, { home }: StatusLook): string {
  return visible(path === home ? '~' : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
}
