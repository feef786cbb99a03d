import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampled } from './support/law-runs.ts';
import { type Answer, runAnyOnTerminal, terminalTool } from './support/pseudo-terminal.ts';
import { makeSandbox, type Sandbox } from './support/sandbox.ts';

// What a person gets who presses Tab in a real shell: the line is typed on a pseudo-terminal, and what the shell makes of it
// when Enter is pressed is written down. A unit must come out as one word, whatever stands in it.

const bin = join(import.meta.dirname, '../dist/syncline.cjs');
const [space, rule, quoted] = [
  'claude:skills/two words/SKILL.md',
  'permissions.deny["Read(./a b/!x$y)"]',
  "codex:memories/it's.md",
];

/** How each shell is started, and what is typed first. */
const shells: Readonly<Record<string, { readonly start: readonly string[]; readonly first: readonly string[] }>> = {
  bash: { start: ['bash', '--norc', '-i'], first: ["PS1='READY> '", 'eval "$(syncline completion bash)"'] },
  zsh: {
    start: ['zsh', '-f', '-i'],
    first: ["PS1='READY> '", 'autoload -Uz compinit; compinit -u -D', 'source <(syncline completion zsh)'],
  },
  fish: {
    start: ['fish', '--no-config', '-i'],
    first: ['function fish_prompt; echo -n "READY> "; end', 'syncline completion fish | source'],
  },
};

/** What is typed before Tab, and the words that the program then gets. */
const lines: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['syncline push-r', ['push-runtime']],
  ['syncline help exi', ['help', 'exit-codes']],
  ['syncline check-sync --source', ['check-sync', '--source-only']],
  ['syncline check-sync --client cla', ['check-sync', '--client', 'claude']],
  ['syncline check-sync --client=cod', ['check-sync', '--client=codex']],
  ['syncline token env --shell pow', ['token', 'env', '--shell', 'powershell']],
  ['syncline completion zs', ['completion', 'zsh']],
  [
    'syncline push-runtime --overwrite codex:config.toml#model_verb',
    ['push-runtime', '--overwrite', 'codex:config.toml#model_verbosity'],
  ],
  ['syncline push-runtime --keep claude:skills/two', ['push-runtime', '--keep', space]],
  ["syncline push-runtime --keep 'claude:skills/two", ['push-runtime', '--keep', space]],
  ['syncline push-runtime --keep "claude:skills/two', ['push-runtime', '--keep', space]],
  [
    "syncline push-runtime --keep 'claude:settings.json#permissions.deny[",
    ['push-runtime', '--keep', `claude:settings.json#${rule}`],
  ],
  [
    'syncline push-runtime --keep claude:settings.json#permissions.de',
    ['push-runtime', '--keep', `claude:settings.json#${rule}`],
  ],
  [
    'syncline push-runtime --keep "claude:settings.json#permissions.de',
    ['push-runtime', '--keep', `claude:settings.json#${rule}`],
  ],
  ['syncline push-runtime --keep codex:memories/it', ['push-runtime', '--keep', quoted]],
  ["syncline push-runtime --keep 'codex:memories/it", ['push-runtime', '--keep', quoted]],
  ['syncline push-runtime --keep "codex:memories/it', ['push-runtime', '--keep', quoted]],
  [
    'syncline push-runtime --keep x --yes --home some',
    ['push-runtime', '--keep', 'x', '--yes', '--home', 'some folder'],
  ],
];

const present = Object.keys(shells).filter((name) => spawnSync(name, ['--version']).status === 0);
const chosen = sampled(lines);
const canTry = terminalTool !== undefined;
const absent = Object.keys(shells).filter((name) => !present.includes(name));
if (absent.length > 0) console.warn(`No ${absent.join(', no ')} here: its completion is not tried.`);

describe.skipIf(!canTry).each(Object.keys(shells))('Tab in %s', (shell) => {
  it.skipIf(process.env.CI !== 'true' && !present.includes(shell))(
    'completes each word, quoted as it has to be',
    async () => {
      const sandbox = withUnits();
      const { start, first } = shells[shell] as (typeof shells)[string];
      const typed = [...first.map((line) => `${line}\r`), ...chosen.map(([line]) => `${line}\t\r`), 'exit\r'];
      const answers = typed.map((keys, index): Answer => [index === 0 ? /[$#%>] / : /READY> /, keys]);
      const env = { HOME: sandbox.home, PATH: `${sandbox.root}/bin:${process.env.PATH}`, LANG: 'C.UTF-8' };
      const { screen } = await runAnyOnTerminal(start, { cwd: sandbox.repo, env }, answers, 100);
      const got = readFileSync(join(sandbox.root, 'words'), 'utf8').trimEnd().split('\n');
      expect({ screen, got: got.map(wordsIn) }).toEqual({
        screen,
        got: chosen.map(([, words]) => words),
      });
    },
    120_000,
  );
});

/** The slash that zsh puts after a folder goes when Enter is pressed. */
function wordsIn(line: string): string[] {
  return (JSON.parse(line) as string[]).map((word) => word.replace(/\/$/, ''));
}

/** A source with names that a shell does not like, and a `syncline` on PATH that writes down what it is called with. */
function withUnits(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/codex/config-fragment.toml', 'model_verbosity = "low"\n');
  sandbox.write("repo/clients/shared/memory/it's.md", '# It is\n');
  sandbox.write('repo/clients/shared/skills/two words/SKILL.md', '---\nname: two words\ndescription: Two.\n---\n');
  sandbox.write(
    'repo/clients/claude/settings-fragment.json',
    JSON.stringify({ permissions: { deny: ['Read(./a b/!x$y)'] } }),
  );
  sandbox.write('repo/some folder/.keep', '');
  const program = `#!${process.execPath}
if (process.argv[2] === '__complete' || process.argv[2] === 'completion' && process.argv.length === 4 && !process.stdout.isTTY)
  require(${JSON.stringify(bin)});
else require('node:fs').appendFileSync(${JSON.stringify(join(sandbox.root, 'words'))}, JSON.stringify(process.argv.slice(2)) + '\\n');
`;
  sandbox.write('bin/syncline', program, 0o755);
  return sandbox;
}
