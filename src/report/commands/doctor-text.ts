import type { Finding } from '../../model/finding.ts';
import { visible } from '../../model/texts/visible.ts';
import { plural } from '../plan-text.ts';

/** What is known of a client's program; null where it is not known. */
export interface ClientHealth {
  readonly client: string;
  readonly title: string;
  readonly program: string | null;
  readonly version: string | null;
  /** What it said when it was asked about its files. */
  readonly takesFiles: boolean | null;
}

/** One line for each client, and one for Node. */
export function doctorText(clients: readonly ClientHealth[], node: string): string {
  return [...clients.map(clientRow), `Node ${node}`].map((row) => `${visible(row)}\n`).join('');
}

function clientRow({ title, program, version, takesFiles }: ClientHealth): string {
  if (program === null) return `${title}: not on PATH`;
  const answer = takesFiles === null ? 'was not asked' : takesFiles ? 'accepts its files' : 'rejects some of its files';
  return `${title} ${version ?? '(version unknown)'}: ${answer}`;
}

/** How many findings are problems. */
export function doctorEnding(findings: readonly Finding[]): string {
  const problems = findings.filter(({ severity }) => severity !== 'note').length;
  if (problems > 0) return `${problems} ${plural('problem', problems)} found. Nothing was changed.\n`;
  return 'No problems found.\n';
}
