import { exitCodesText } from '../report/exit-codes.ts';
import type { Context } from './context.ts';

/** One command: how it is called, and where its body is. Bodies are loaded only when they run. */
export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** Words that may follow the name, in this order, and what they mean; `unit...` takes all that are left. */
  readonly arguments?: readonly (readonly [name: string, description: string])[];
  readonly options: readonly (readonly [flags: string, description: string])[];
  /** Says itself what is wrong with the state folder, or needs none: it is not refused before. */
  readonly saysOfState?: true;
  /** Writes what the repository says into homes: those must not lie in it. */
  readonly writesHomes?: true;
  load(): Promise<(context: Context) => Promise<number>>;
}

const common = [
  ['--repo <dir>', 'the repository (default: the nearest folder upwards that has clients/)'],
  ['--home <dir>', 'use this folder instead of HOME, CODEX_HOME and CLAUDE_CONFIG_DIR, with its own record'],
  ['--client <name...>', 'only these clients (default: all)'],
  ['--json', 'print one JSON object'],
  ['--dry-run', 'show what would happen, with diffs, and write nothing'],
  ['--verbose', 'show units that are the same, and diffs'],
  ['--quiet', 'say nothing when all is well: the exit code tells'],
  ['--no-color', 'no colours (NO_COLOR does the same)'],
] as const;

const allowPowers = [
  '--allow-powers',
  'allow what the plan lets agents do; without a terminal such a plan needs it',
] as const;
const yes = ['--yes', 'answer every question with yes'] as const;
const full = ['--full', 'read every file, even those that look as they did the last time'] as const;

/** The commands, in the order of the help. */
export const commandRows: readonly CommandRow[] = [
  {
    name: 'init',
    summary: 'make a repository of your own; --from-runtime imports what the clients have',
    arguments: [['dir', 'the folder, which may not be there yet (default: this one)']],
    help: `
Examples:
  syncline init agents
  syncline init agents --from-runtime --dry-run
  syncline init agents --from-runtime --only codex:config.toml claude:skills

${exitCodesText}`,
    options: [
      ...common,
      ['--from-runtime', 'import what the clients have; no file of theirs changes'],
      ['--yes', 'with --from-runtime: import all that is found'],
      ['--only <unit...>', 'with --from-runtime: import only these'],
    ],
    load: async () => (await import('./init/init.ts')).init,
  },
  {
    name: 'push-runtime',
    summary: 'make the clients hold what the repository says; edits in the runtime are left and reported',
    help: `
Examples:
  syncline push-runtime --dry-run
  syncline push-runtime
  syncline push-runtime --overwrite codex:config.toml#mcp_servers.team

${exitCodesText}`,
    options: [
      ...common,
      ['--overwrite [unit...]', 'settle these conflicts and edits (default: all) for the repository; backed up first'],
      ['--keep [unit...]', 'leave these units (default: all that conflict) as they are in the runtime, push the rest'],
      [
        '--keep-always [unit...]',
        'like --keep, and from now on: it is written to your configuration, not to the repository',
      ],
      ['--take-over', 'deploy to a home that another repository deployed to'],
      allowPowers,
      yes,
      full,
    ],
    writesHomes: true,
    load: async () => (await import('./push-runtime.ts')).pushRuntime,
  },
  {
    name: 'pull-runtime',
    summary: 'copy what the clients hold to clients/<client>/pulled/ to look at; --adopt brings edits into clients/',
    help: `
The copies hold no secrets and are never deployed; nothing else in clients/
changes. --adopt writes edits that were made in a client into the files of
clients/ that they come from.

Examples:
  syncline pull-runtime
  syncline pull-runtime --adopt
  syncline pull-runtime --adopt claude:CLAUDE.md codex:skills/review

${exitCodesText}`,
    options: [
      ...common,
      ['--adopt [unit...]', 'bring these edits (default: all of what was deployed) into the source they came from'],
    ],
    writesHomes: true,
    load: async () => (await import('./pull-runtime.ts')).pullRuntime,
  },
  {
    name: 'clean-runtime',
    summary: 'remove everything that was deployed and deploy it again',
    help: `
Examples:
  syncline clean-runtime
  syncline clean-runtime --remove-only

${exitCodesText}`,
    options: [...common, ['--remove-only', 'do not deploy again; needs no repository'], allowPowers, yes],
    writesHomes: true,
    load: async () => (await import('./clean-runtime.ts')).cleanRuntime,
  },
  {
    name: 'uninstall',
    summary: 'remove everything that was deployed; needs no repository',
    help: `
Examples:
  syncline uninstall --dry-run
  syncline uninstall

${exitCodesText}`,
    options: [...common, ['--yes', 'do not ask']],
    load: async () => (await import('./uninstall.ts')).uninstall,
  },
  {
    name: 'check-sync',
    summary: 'compare both sides and exit non-zero when they differ; changes nothing',
    help: `
Examples:
  syncline check-sync
  syncline check-sync --source-only
  syncline check-sync --against origin/main --report github

${exitCodesText}`,
    options: [
      ...common,
      ['--source-only', 'judge the repository alone; needs no home'],
      ['--against <ref>', 'report what the source would change in a home, compared with a git ref; needs no home'],
      ['--report <format>', 'print for a CI system: github (annotations) or junit (XML)'],
      full,
    ],
    load: async () => (await import('./check/check-sync.ts')).checkSync,
  },
  {
    name: 'session-check',
    summary:
      'one line where the runtime has drifted or the repository has news, else nothing; for a hook of the clients',
    help: `
Examples:
  syncline session-check
  syncline session-check --hook

It always exits 0: a session starts whatever it finds.

${exitCodesText}`,
    options: [...common, ['--hook', 'print what both clients take from a SessionStart hook'], full],
    saysOfState: true,
    load: async () => (await import('./session-check.ts')).sessionCheck,
  },
  {
    name: 'doctor',
    summary: 'look at clients, files and this machine, and say what is wrong and how to fix it; changes nothing',
    help: `
Examples:
  syncline doctor
  syncline doctor --online --start-servers

${exitCodesText}`,
    options: [
      ...common,
      ['--online', 'also call the addresses of servers, to see whether they answer'],
      ['--start-servers', 'also have Claude Code start its MCP servers, to see whether they work'],
    ],
    saysOfState: true,
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'status',
    summary: 'how things stand, on one screen: clients, last push, layers, what every session costs in tokens',
    help: `
Examples:
  syncline status
  syncline status --json

It informs: differences are no reason for another exit code than 0.
check-sync judges.

${exitCodesText}`,
    options: [...common],
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'diff',
    summary: 'show what stands in the clients against what the repository says; writes nothing',
    arguments: [['unit...', 'only these units, and those below them (default: all that differ)']],
    help: `
Examples:
  syncline diff
  syncline diff claude:CLAUDE.md codex:skills/review

On a terminal it goes through $PAGER, else less. It exits like check-sync.

${exitCodesText}`,
    options: [...common, ['--no-pager', 'print it at once']],
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'explain',
    summary: 'show where a unit or a file comes from, who wrote it, who changed it, and what a push would do',
    arguments: [['what', 'a unit, or how its name begins; a file of a client or of the repository']],
    help: `
Examples:
  syncline explain ~/.claude/CLAUDE.md
  syncline explain clients/shared/mcp.json
  syncline explain codex:config.toml#mcp_servers.team

${exitCodesText}`,
    options: [...common],
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'restore',
    summary: 'put every file back as it was before a run; the newest, if none is named',
    arguments: [['run', 'the run to go back before, or how its name begins (default: the newest)']],
    help: `
Examples:
  syncline restore --list
  syncline restore

${exitCodesText}`,
    options: [
      ...common,
      ['--list', 'list the runs that can be restored'],
      ['--overwrite [unit...]', 'replace these files (default: all), though they were changed since; backed up first'],
      ['--keep [unit...]', 'leave these files (default: all that were changed since) as they are'],
      ['--yes', 'do not ask'],
    ],
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'token',
    summary: 'the tokens of this machine, which both clients send to a server that says "token"',
    arguments: [
      ['action', 'list, new, set, bind, show, headers, env or remove (default: list)'],
      ['name', 'of the token'],
      ['header', 'for headers: the header that takes the bare token (default: Authorization: Bearer)'],
    ],
    help: `
Examples:
  syncline token new hub --for https://hub.example.com
  syncline token set hub --from-env HUB_TOKEN
  pass show hub | syncline token set hub
  syncline token show hub
  eval "$(syncline token env)"

${exitCodesText}`,
    options: [
      ...common,
      ['--overwrite', 'new, set: replace a token that is there'],
      ['--for <url...>', 'new, set, bind: a server that the token is for; it goes to no other host unasked'],
      ['--from-env <variable>', 'set: take the value from an environment variable, not from standard input'],
      ['--shell <shell>', 'env: sh, fish or powershell (default: sh)'],
    ],
    load: async () => (await import('./token/token.ts')).token,
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands, options and units in your shell',
    arguments: [['shell', 'bash, zsh or fish']],
    help: `
Examples:
  eval "$(syncline completion bash)"
  source <(syncline completion zsh)
  syncline completion fish > ~/.config/fish/completions/syncline.fish

${exitCodesText}`,
    options: common,
    saysOfState: true,
    load: async () => (await import('./completion/completion.ts')).completion,
  },
];
