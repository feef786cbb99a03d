import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything below a folder, state included, with modification times: equal twice means that nothing was written in
 * between, not even the same bytes. Only the time of the state folder itself is left out (the run lock comes and goes), and the
 * answers that are kept there.
 */
export function snapshotWithTimes(folder: string): Record<string, string> {
  const all = (readdirSync(folder, { recursive: true, encoding: 'utf8' }) as string[]).sort();
  const names = ['.', ...all.filter((name) => !/(?:^|\/)syncline\/cache(?:\/|$)/.test(name))];
  return Object.fromEntries(names.map((name) => [name, describeNode(join(folder, name), name)]));
}

function describeNode(path: string, name: string): string {
  const status = lstatSync(path);
  const time = name.endsWith('/syncline') ? 'any time' : `${status.mtimeMs}`;
  const head = `${(status.mode & 0o7777).toString(8)} ${time}`;
  if (status.isSymbolicLink()) return `link ${time} ${readlinkSync(path)}`;
  if (status.isDirectory()) return `folder ${head}`;
  if (!status.isFile()) return `other ${head}`;
  return `file ${head} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

/** Whether every byte of a text still stands in another one, in order: nothing was changed, only added. */
export function keepsEveryByte(before: string, after: string): boolean {
  let at = 0;
  for (const character of before) {
    at = after.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Whether every line still stands, in order, at most with a comma more at its end. For files with many lines. */
export function keepsEveryLine(before: string, after: string): boolean {
  const lines = after.split('\n');
  let at = 0;
  return before.split('\n').every((line) => {
    while (at < lines.length && lines[at] !== line && lines[at] !== withComma(line)) at += 1;
    at += 1;
    return at <= lines.length;
  });
}

function withComma(line: string): string {
  return line.endsWith('\r') ? `${line.slice(0, -1)},\r` : `${line},`;
}
