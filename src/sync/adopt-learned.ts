import { findSecrets } from '../content/secrets.ts';
import { lineOfToken } from '../content/tokens.ts';
import type { InboxItem } from '../model/inbox.ts';

/** What adoption would write, with the lines that name a folder of this machine; or why it must not. */
export type Adopted =
  | { readonly text: string; readonly machineLines: readonly number[] }
  | { readonly refused: string; readonly line: number };

const machinePath = /(?:^|[\s"'`(=:<[])(?:\/(?:home|Users|root)\/|[A-Za-z]:[\\/]Users[\\/])/;

/** The text to write to an item's destination: as it is. Nothing that would stop the next push is taken. */
export function adoptedText({ text }: InboxItem): Adopted {
  const [secret] = findSecrets(text);
  if (secret) return { refused: `it holds a literal secret (${secret.kind})`, line: secret.line };
  const token = lineOfToken(text);
  if (token !== undefined) return { refused: 'it holds a token of Syncline, which a push would expand', line: token };
  const lines = text.split('\n');
  const machineLines = lines.flatMap((line, index) => (machinePath.test(line) ? [index + 1] : []));
  return { text: text.endsWith('\n') ? text : `${text}\n`, machineLines };
}
