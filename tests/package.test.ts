import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json';
import { releaseNotes } from './support/changelog.ts';
import { nodes } from './support/nodes.ts';
import { makeSandbox, shippedRepository } from './support/sandbox.ts';

// What a stranger gets from npm: the packed tarball, installed into an empty project.

const root = shippedRepository;
const megabyte = 1_000_000;
/** The registry is asked for nothing: whatever is not in the tarball is missed. */
const offline = { npm_config_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };

let folder: string;
let project: string;
let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] };

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'syncline-package-')));
  project = join(folder, 'project');
  mkdirSync(project);
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [first] = JSON.parse(run('npm', words, root).out) as [typeof packed];
  packed = first;
  run('npm', ['init', '--yes'], project);
  run('npm', ['install', join(folder, packed.filename)], project);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what is needed to run, and nothing else', () => {
    const parts = /^dist\/(?:part-[0-9A-Z]{8}|chalk|diff|toml|yaml)\.cjs$/;
    const paths = packed.files.map(({ path }) => path);
    const others = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'LICENSES.txt', 'run.cjs', 'syncline.cjs'];
    const expected = others.map((name) => (/^(?:LICENSES|run|syncline)/.test(name) ? `dist/${name}` : name));
    expect(paths.filter((path) => !parts.test(path)).sort()).toEqual(expected.sort());
    const text = (path: string) => readFileSync(join(root, path), 'utf8');
    const named = paths
      .filter((path) => path.endsWith('.cjs'))
      .flatMap((path) => text(path).match(/(?<=\.\/)(?:part-[0-9A-Z]{8}|chalk|diff|toml|yaml)(?=\.cjs)/g) ?? []);
    expect(paths.filter((path) => parts.test(path)).sort()).toEqual(
      [...new Set(named)].map((name) => `dist/${name}.cjs`).sort(),
    );
  });

  it('holds the licence of each package of which the bundle holds code', () => {
    const text = readFileSync(join(project, 'node_modules/syncline/dist/LICENSES.txt'), 'utf8');
    for (const name of [
      'commander',
      'smol-toml',
      'yaml',
      'zod',
      '@clack/prompts',
      '@secretlint/secretlint-rule-preset-recommend',
    ]) {
      const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
      expect(text).toContain(`${name} ${version}\n\n`);
    }
    for (const part of text.split(`\n${'-'.repeat(80)}\n\n`)) expect(part).toMatch(/permission|copyright/i);
  });

  it('brings no other package along, and takes less than 2 MB', () => {
    const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['syncline']);
    expect(manifest).not.toHaveProperty('dependencies');
    expect(sizeOf(join(project, 'node_modules'))).toBeLessThan(2 * megabyte);
  });

  it('is as publint wants it', async () => {
    const { messages } = await publint({ pkgDir: root, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it('says how it is published, and names no place that is not there', () => {
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
    expect(manifest.engines.node).toBe('>=20.12');
    for (const path of [...Object.values(manifest.bin), ...Object.values(manifest.exports), ...manifest.files])
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });

  it('has release notes in the changelog', () => {
    const notes = releaseNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), manifest.version);
    expect(notes).toMatch(/^[^#\s]/);
    expect(notes).not.toMatch(/^## /m);
    expect(releaseNotes('# Changelog\n\n## 2.0.0\n\nNew.\n\n## 1.0.0 (2026-01-05)\n\nOld.\n', '1.0.0')).toBe('Old.\n');
    expect(() => releaseNotes('# Changelog\n', '1.0.0')).toThrow('CHANGELOG.md has no section "## 1.0.0"');
  });
});

describe('installed into an empty project', () => {
  it('npx finds it', () => {
    expect(run('npx', ['syncline', '--version'], project).out).toBe(`${manifest.version}\n`);
  });

  it.each(nodes)('pushes and is in sync, on Node $version', ({ version, path }) => {
    const isCurrent = process.versions.node.startsWith(`${version}.`);
    const node = path ?? (isCurrent ? process.execPath : undefined);
    if (!node && process.env.CI !== 'true') return console.warn(`No Node ${version} here (npm run nodes): not tried.`);
    const sandbox = makeSandbox(root);
    const bin = join(project, 'node_modules/.bin/syncline');
    for (const words of [['--version'], ['push-runtime'], ['check-sync', '--quiet'], ['uninstall']]) {
      const options = words[0] === '--version' ? [] : ['--home', join(sandbox.root, 'trial')];
      expect([version, words, run(node as string, [bin, ...words, ...options], sandbox.repo).code]).toEqual([
        version,
        words,
        0,
      ]);
    }
  });
});

/** Runs a program and gives what it printed; it must end well. */
function run(program: string, words: readonly string[], cwd: string): { code: number | null; out: string } {
  const env = { ...offline, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: folder };
  const { status, stdout, stderr, error } = spawnSync(program, [...words], { cwd, env, encoding: 'utf8' });
  expect({ program, words, status, error, stderr: status === 0 ? '' : stderr }).toMatchObject({ status: 0 });
  return { code: status, out: stdout };
}

function sizeOf(path: string): number {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => lstatSync(join(path, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
