import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

// Copies the files below a folder into others as a careful script does: each is written beside its place, forced to the disk and
// renamed; then each folder that got something is forced to the disk, once.

const [source, ...targets] = process.argv.slice(2) as [string, ...string[]];
for (const target of targets) copy(target);

function copy(target: string): void {
  const grown = new Set<string>();
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const path = join(target, name);
    if (isFolder(join(source, name))) continue;
    make(dirname(path), grown);
    put(path, readFileSync(join(source, name)));
    grown.add(dirname(path));
  }
  for (const folder of grown) force(folder);
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function make(folder: string, grown: Set<string>): void {
  if (grown.has(folder)) return;
  const first = mkdirSync(folder, { recursive: true });
  for (let at = folder; first !== undefined; at = dirname(at)) {
    grown.add(dirname(at));
    if (at === first) break;
  }
}

function put(path: string, content: Uint8Array): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'wx');
  writeFileSync(file, content);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}

function force(folder: string): void {
  const open = openSync(folder, 'r');
  fsyncSync(open);
  closeSync(open);
}
