import type { InboxItem } from '../../model/inbox.ts';
import { visible } from '../../model/texts/visible.ts';
import type { Paint } from '../colour.ts';
import { plural } from '../plan-text.ts';

/** What the agents learned and the source does not have yet, one row each; with `all`, how much it has as well. */
export function inboxText(items: readonly InboxItem[], paint: Paint, all = false): string {
  const open = items.filter(({ standing }) => standing !== 'known');
  const known = items.length - open.length;
  const head = open.length > 0 ? 'Learned by the agents (adopt with pull-runtime --adopt <name>):\n' : '';
  const foot = all && known > 0 ? `${known} more learned, and in the source already.\n` : '';
  return `${head}${open.map((item) => inboxRow(item, paint)).join('')}${foot}`;
}

function inboxRow({ id, project, lines, title, standing }: InboxItem, paint: Paint): string {
  const about = `${visible(project ?? 'general')}, ${lines} ${plural('line', lines)}`;
  const changed = standing === 'changed' ? '; the source has another text of it' : '';
  return `  ${paint.strong(visible(id))}  ${paint.faint(`(${about}${changed})`)}  ${visible(title)}\n`;
}
