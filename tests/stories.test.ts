import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type Sandbox, snapshot } from './support/sandbox.ts';

/**
 * A story is a folder: `story.json`, the repository's `clients/` in `repo/`, the home before in `home/`, the home after in
 * `expected/`. Run with UPDATE_STORIES=1 to write `expected/` anew, and review it as a diff.
 */
interface Story {
  readonly title: string;
  readonly steps: readonly Step[];
}

type Step =
  | {
      readonly run: readonly string[];
      readonly exit: number;
      /** Texts that the output must hold, and some that it must not. */
      readonly says?: readonly string[];
      readonly never?: readonly string[];
    }
  | { readonly write: string; readonly content: string }
  | { readonly remove: string };

const folder = join(import.meta.dirname, 'stories');

describe('stories', () => {
  for (const name of readdirSync(folder).sort()) {
    const story = JSON.parse(readFileSync(join(folder, name, 'story.json'), 'utf8')) as Story;
    it(`${name}: ${story.title}`, () => play(join(folder, name), story));
  }
});

function play(path: string, story: Story): void {
  const sandbox = makeSandbox();
  for (const part of ['repo', 'home'] as const) {
    if (existsSync(join(path, part)))
      cpSync(join(path, part), sandbox[part], { recursive: true, verbatimSymlinks: true });
  }
  for (const [index, step] of story.steps.entries()) playStep(sandbox, step, index);
  const expected = join(path, 'expected');
  if (process.env.UPDATE_STORIES === '1') update(sandbox, expected);
  if (!existsSync(expected)) return;
  expect(contents(sandbox.home, sandbox.root)).toEqual(contents(expected, sandbox.root));
}

function playStep(sandbox: Sandbox, step: Step, index: number): void {
  if ('write' in step) return sandbox.write(step.write, step.content);
  if ('remove' in step) return sandbox.remove(step.remove);
  const words = step.run.map((word) => word.replaceAll('{root}', sandbox.root));
  const { code, out, err } = sandbox.run(words);
  const output = (out + err).replaceAll(sandbox.root, '{root}');
  expect({ step: index, code, output }).toMatchObject({ step: index, code: step.exit });
  for (const text of step.says ?? []) expect(output).toContain(text);
  for (const text of step.never ?? []) expect(output).not.toContain(text);
}

function update(sandbox: Sandbox, expected: string): void {
  rmSync(expected, { recursive: true, force: true });
  for (const [name, text] of Object.entries(contents(sandbox.home, sandbox.root))) {
    const path = join(expected, name);
    mkdirSync(dirname(path), { recursive: true });
    if (text.startsWith('link to ')) symlinkSync(text.slice('link to '.length), path);
    else writeFileSync(path, text);
  }
}

/**
 * Texts of files, so that a difference is readable; the sandbox's folder stands there as `{root}`. Git keeps neither
 * modes nor empty folders, so they are not compared.
 */
function contents(home: string, root: string): Record<string, string> {
  const files = Object.entries(snapshot(home)).filter(([, node]) => !node.startsWith('folder'));
  const textOf = (name: string) => readFileSync(join(home, name), 'utf8').replaceAll(root, '{root}');
  return Object.fromEntries(files.map(([name, node]) => [name, node.startsWith('link') ? node : textOf(name)]));
}
