import { type Format, Malformed } from '../formats/format.ts';
import type { Finding } from '../model/finding.ts';
import { leavesOf, sameValue, type Table, valueAt } from '../model/value.ts';

/**
 * The keys of a file that goes over the user's own which stand there with another value. Lists are left out: those of
 * both files count. A file that does not parse hides nothing.
 */
export function hiddenKeys(text: string, format: Format, own: Table): string[] {
  return leavesOf(valuesOf(text, format)).flatMap(([path, value]) => {
    const ours = valueAt(own, path);
    return ours === undefined || Array.isArray(value) || sameValue(ours, value) ? [] : [path.join('.')];
  });
}

/** What a file of the machine's administrator holds. */
export function valuesOf(text: string, format: Format): Table {
  try {
    return format.read(text);
  } catch (error) {
    if (error instanceof Malformed) return {};
    throw error;
  }
}

/** That there is such a file, which hides nothing of what stands in the home now. */
export function managedNote(title: string, path: string): Finding {
  const message = `${title} also reads this file of the machine's administrator; it hides nothing of yours now`;
  return { code: 'managed-settings', severity: 'note', message, remedy: 'Nothing is to be done.', path };
}
