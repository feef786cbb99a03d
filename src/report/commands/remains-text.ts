import { shellWord, visible } from '../../model/texts/visible.ts';

/** Something of ours that an uninstall leaves on the machine. */
export interface Remain {
  readonly path: string;
  readonly what: string;
}

/** What is left after an uninstall, and how to remove that too; `others` are the homes of clients that still need it. */
export function remainsText(
  remains: readonly Remain[],
  { folders, others, platform }: { folders: readonly string[]; others: readonly string[]; platform: string },
): string {
  if (remains.length === 0) return '';
  const rows = remains.map(({ path, what }) => `  ${visible(what)}:\n    ${visible(path)}\n`).join('');
  const remove = platform === 'win32' ? 'Remove-Item -Recurse' : 'rm -r';
  const how =
    others.length > 0
      ? `Something is still deployed to ${others.map(visible).join(', ')}: keep these until that is removed, too.\n`
      : `To remove these too (there is no way back then):\n${folders.map((path) => `  ${remove} ${shellWord(path)}\n`).join('')}`;
  const profile = "Lines that you added to your shell's profile (completion, token env) stay.\n";
  return `Left on this machine:\n${rows}${how}${profile}`;
}
