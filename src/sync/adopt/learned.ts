import { escapeTokens } from '../../content/placeholders.ts';
import { findSecrets } from '../../content/secrets/secrets.ts';
import { encodeText } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { InboxItem } from '../../model/inbox.ts';
import { meansUnit } from '../../model/unit.ts';
import type { SourceChange } from './change.ts';

/** The text that adoption would write, or why and where it must not. */
export type AdoptedText = { readonly text: string } | { readonly refused: string; readonly line: number };

/** What is adopted of what was learned. */
export interface LearnedChanges {
  readonly changes: readonly SourceChange[];
  /** The names that mean something learned; another use of them may be unknown. */
  readonly meant: readonly string[];
  /** Errors for what is refused. */
  readonly findings: readonly Finding[];
}

/** The changes of the source for the items that were named; what was learned is never adopted without its name. */
export function learnedChanges(items: readonly InboxItem[], names: true | readonly string[]): LearnedChanges {
  const given = names === true ? [] : names;
  const chosen = items.filter(({ id }) => given.some((name) => meansUnit(name, id)));
  const taken = chosen.filter(({ standing }) => standing !== 'known').map((item) => [item, adoptedText(item)] as const);
  return {
    changes: taken.flatMap(([item, adopted]) => ('text' in adopted ? [changeOf(item, adopted.text)] : [])),
    meant: given.filter((name) => items.some(({ id }) => meansUnit(name, id))),
    findings: taken.flatMap(([item, adopted]) => findingsOf(item, adopted)),
  };
}

function changeOf({ id, destination }: InboxItem, text: string): SourceChange {
  return { id, path: destination, edit: { kind: 'whole', content: encodeText(text), executable: false } };
}

function findingsOf({ id, path, address }: InboxItem, adopted: AdoptedText): Finding[] {
  // The lines of a part are not those of its file.
  const at = (line: number) => (address ? { path } : { path, line });
  if (!('refused' in adopted)) return [];
  const message = `"${id}" cannot be adopted: ${adopted.refused}`;
  return [problem('not-adopted', message, 'Take it out there, then adopt.', at(adopted.line))];
}

/** The text to write to an item's destination: as it is. Nothing that would stop the next push is taken. */
export function adoptedText({ text }: InboxItem): AdoptedText {
  const [secret] = findSecrets(text);
  if (secret) return { refused: `it holds a literal secret (${secret.kind})`, line: secret.line };
  const escaped = escapeTokens(text);
  return { text: escaped.endsWith('\n') ? escaped : `${escaped}\n` };
}
