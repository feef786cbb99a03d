import { type Finding, problem } from '../model/finding.ts';

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** They turn the direction of what a person reads, or hide from them. Joiners stay: scripts and emoji need them. */
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u;
/** Disks take 255 bytes; a file that is being written has a longer name for a moment. */
const longestName = 200;
const windowsCharacter = /[<>:"|?*\\]/;
const windowsDevice = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Why a file or folder name cannot stand in a path on every system, or undefined. */
export function unsafeName(name: string): string | undefined {
  if (control.test(name)) return 'it has a control character';
  if (invisible.test(name)) return 'it has an invisible character';
  if (name === '' || name === '.' || name === '..') return 'it is no name of its own';
  if (windowsCharacter.test(name)) return 'it has a character that Windows does not allow in names';
  if (windowsDevice.test(name)) return 'Windows keeps the name for a device';
  if (name.length * 3 > longestName && new TextEncoder().encode(name).length > longestName)
    return `it is longer than ${longestName} bytes`;
  if (/[. ]$/.test(name)) return 'it ends in a dot or a space';
  return undefined;
}

/** The finding for the first part of a path that is unsafe; names that start with a dot are refused on request. */
export function unsafePath(path: string, relative: string, dots: 'allowed' | 'refused'): Finding[] {
  for (const name of relative.split('/')) {
    const reason =
      unsafeName(name) ?? (dots === 'refused' && name.startsWith('.') ? 'it starts with a dot' : undefined);
    if (reason === undefined) continue;
    const shown = name.length > longestName ? `${name.slice(0, 40)}…` : name;
    const message = `The name ${JSON.stringify(shown)} is unsafe in a path: ${reason}.`;
    return [problem('unsafe-name', message, 'Rename it.', { path, line: 1 })];
  }
  return [];
}

/**
 * An error for each path that differs from an earlier one in case (or Unicode form) only: many disks hold but one of them.
 * What stands below a folder that does is not looked at.
 */
export function caseTwins(files: readonly { relative: string; path: string }[]): Finding[] {
  const seen = new Map<string, string>();
  const reported = new Set<string>();
  const findings: Finding[] = [];
  for (const { relative, path } of files) {
    for (const part of ancestors(relative)) {
      const folded = part.normalize('NFC').toLowerCase();
      const first = seen.get(folded) ?? part;
      seen.set(folded, first);
      if (first === part) continue;
      if (!reported.has(part)) findings.push(twin(first, part, path));
      reported.add(part);
      break;
    }
  }
  return findings;
}

function twin(first: string, second: string, path: string): Finding {
  const message = `"${second}" and "${first}" differ in case only, and many disks hold just one of them.`;
  return problem('case-twins', message, 'Rename one of them.', { path, line: 1 });
}

function ancestors(relative: string): string[] {
  const parts = relative.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
