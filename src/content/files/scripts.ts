import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile } from '../../model/source.ts';

/** Endings of what nothing runs by itself: texts, data and pictures. A file with another one counts as a script. */
const data =
  /(?:^|\/)[A-Z]+$|\.(?:md|txt|rst|json|jsonc|jsonl|json5|toml|ya?ml|csv|tsv|ini|conf|cfg|xml|html?|css|tmTheme|tmpl|template|lock|png|jpe?g|gif|svg|webp|ico|pdf|wav|mp3|ogg|ttf|otf|woff2?)$/;

/** Whether something can run a file, by its exec bit, its first line or its name. */
export function isScript(relative: string, { executable, bytes }: Pick<SourceFile, 'executable' | 'bytes'>): boolean {
  return executable || hasInterpreter(bytes) || !data.test(relative);
}

function hasInterpreter(bytes: Uint8Array): boolean {
  return bytes[0] === 0x23 && bytes[1] === 0x21;
}

/**
 * A finding for a script whose first line ends in CRLF: the system looks for an interpreter with a carriage return in its
 * name, so the script does not start, and a guard that does not start holds nothing back.
 */
export function scriptLineEnds({ path, bytes }: SourceFile, severity: 'error' | 'warning'): Finding[] {
  const end = hasInterpreter(bytes) ? bytes.indexOf(0x0a) : -1;
  if (end < 1 || bytes[end - 1] !== 0x0d) return [];
  const message = `The script "${path}" has CRLF line ends: no system finds its interpreter, so it does not start.`;
  const remedy = 'Save it with LF; "clients/** -text" in .gitattributes keeps git from changing it.';
  return [{ ...problem('script-line-ends', message, remedy, { path, line: 1 }), severity }];
}
