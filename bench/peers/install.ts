import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMcp } from './add-mcp.ts';
import { dotagents } from './dotagents.ts';
import type { Peer } from './peer.ts';
import { ruler } from './ruler.ts';
import { rulesync } from './rulesync.ts';

const peers = [rulesync, dotagents, addMcp, ruler];

/** A tool of others, and where it is or will be. */
export interface Placed {
  readonly peer: Peer;
  readonly place: string;
  readonly script: string;
}

/** Where each tool is once it is installed: each in a folder of its own. */
export function placedPeers(folder: string): Placed[] {
  return peers.map((peer) => {
    const place = join(folder, peer.package.replace('/', '-'));
    return { peer, place, script: join(place, 'node_modules', peer.package, peer.script) };
  });
}

/** Installs each tool unless it is there; gives those that are there then, and tells which could not be had. */
export function installPeers(placed: readonly Placed[], tell: (text: string) => void): Placed[] {
  return placed.filter(({ peer, place }) => {
    const there = versionAt(join(place, 'node_modules', peer.package)) === peer.version;
    if (there || install(place, `${peer.package}@${peer.version}`)) return true;
    tell(`${peer.package} could not be installed: its rows are left out`);
    return false;
  });
}

/** What each tool takes on the disk with all that was installed for it, in MB. */
export function sizesOf(placed: readonly Placed[]): Record<string, number> {
  return Object.fromEntries(placed.map(({ peer, place }) => [peer.package, sizeOf(place) / 1_000_000]));
}

function install(place: string, name: string): boolean {
  mkdirSync(place, { recursive: true });
  // Without it npm would install into a folder further up.
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const words = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', name];
  return spawnSync('npm', words, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function versionAt(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + sizeOf(path);
    return entry.isFile() ? sum + statSync(path).size : sum;
  }, 0);
}
