import { visible } from '../../model/texts/visible.ts';
import type { Paint } from '../colour.ts';

/** What was carried into the source, and where. */
export function adoptionText(
  adopted: readonly { readonly id: string; readonly paths: readonly string[] }[],
  also: readonly string[],
  tense: 'will' | 'did',
  paint: Paint,
): string {
  if (adopted.length === 0) return '';
  const verb = (tense === 'did' ? 'adopted' : 'adopt').padEnd(9);
  const rows = adopted.map(
    ({ id, paths }) => `  ${paint.good(verb)} ${visible(id)} into ${paths.map(visible).join(', ')}\n`,
  );
  const others = also.map((id) => `  ${visible(id)}\n`).join('');
  return rows.join('') + (also.length > 0 ? `The next push brings it to:\n${others}` : '');
}

/** Two sides of a conflict, one below the other. The texts hold no secrets any more. */
export function sidesText(
  { ids, path, sides }: { readonly ids: readonly string[]; readonly path: string; readonly sides: readonly string[] },
  paint: Paint,
): string {
  const side = (index: number) => {
    const lines = (sides[index] ?? '')
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `    ${visible(line)}\n`);
    return `  ${paint.strong(visible(ids[index] ?? ''))} has\n${lines.join('')}`;
  };
  return `${paint.bad('conflict')} in ${visible(path)}\n${side(0)}${side(1)}`;
}
