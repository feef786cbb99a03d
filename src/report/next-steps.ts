import type { Finding } from '../model/finding.ts';
import { visible } from '../model/texts/visible.ts';
import { plural, type Tense } from './plan-text.ts';

/** How a run ended, as far as it decides what a person does next. */
export interface RunEnd {
  readonly tense: Tense;
  /** How many files of the runtime were, or would be, written. */
  readonly writes: number;
  /** The folder with the files as they were before. */
  readonly backups: string | undefined;
  /** How many units are still different. */
  readonly left: number;
  /** Whether the run left something of ours that can be undone. */
  readonly canUndo: boolean;
  /** The option that a command about the same home needs, after a space; or nothing. */
  readonly sameHome: string;
  /** False when only files of the repository or the user's configuration were written. */
  readonly touchesClients?: boolean;
  /** What the clients need a person for. */
  readonly afterwards: readonly Pick<Finding, 'message' | 'remedy'>[];
}

/** The end of a report: what to do next. */
export function nextStepsText(end: RunEnd): string {
  const lines = end.tense === 'will' ? [dryRunLine(end)] : doneLines(end);
  if (end.left > 0) {
    lines.push(
      `${end.left} ${plural('unit', end.left)} still ${end.left === 1 ? 'differs' : 'differ'}. See how with check-sync --verbose;`,
      "push-runtime --overwrite takes the repository's value, and --keep-always keeps",
      "the runtime's from now on.",
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function dryRunLine({ writes }: RunEnd): string {
  return writes > 0 ? 'Dry run: nothing was written.' : 'Dry run: nothing to write.';
}

function doneLines({ writes, backups, canUndo, sameHome, afterwards, touchesClients = true }: RunEnd): string[] {
  if (writes === 0) return ['Nothing had to be written.'];
  return [
    ...(touchesClients ? ['Restart running agents: they read these files when they start.'] : []),
    ...afterwards.map(({ message, remedy }) => `${message}. ${remedy}`),
    `To take this run back: syncline restore${sameHome}`,
    ...(canUndo ? [`To undo everything Syncline deployed: syncline uninstall${sameHome}`] : []),
    `The files as they were before this run: ${visible(backups ?? '')}`,
  ];
}
