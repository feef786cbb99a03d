import { Command, CommanderError } from 'commander';
import type { Client } from '../adapters/client.ts';
import { reasonsOf } from '../engine/reasons-of.ts';
import { refuseForeignState } from '../engine/refusals/refuse-foreign-state.ts';
import type { Host } from '../host/host.ts';
import { type Finding, problem } from '../model/finding.ts';
import { visibleLine } from '../model/texts/visible.ts';
import { paintFor } from '../report/colour.ts';
import { findingsText } from '../report/findings-text.ts';
import { jsonText } from '../report/formats/json.ts';
import { helpTopics } from '../report/help-topics.ts';
import { commandRows } from './commands.ts';
import { makeContext, type Options, showsColour } from './context.ts';
import { help, nameMeant } from './help.ts';

const failed = 2;

/**
 * Runs one command and gives its exit code. Everything that goes wrong ends here: a `Failure` and wrong usage with
 * their reasons, a bug of ours with its stack; all of them are exit code 2.
 */
export async function runProgram(
  words: readonly string[],
  host: Host,
  loadClients: () => Promise<readonly Client[]>,
  version: string,
): Promise<number> {
  if (words[0] === '__complete') {
    return (await import('./completion/complete.ts')).complete(words.slice(1), { host, loadClients, version });
  }
  let exitCode = 0;
  const program = baseProgram(host, version);
  for (const row of commandRows) {
    const command = program.command(row.name).description(row.summary).addHelpText('after', row.help);
    for (const [flags, description] of row.options) command.option(flags, description);
    for (const [name, description] of row.arguments ?? []) command.argument(`[${name}]`, description);
    command.allowExcessArguments(false).action(async () => {
      const run = await row.load();
      const given = (row.arguments ?? []).map(([name], index) => [
        name.replace('...', ''),
        name.endsWith('...') ? command.args.slice(index) : command.args[index],
      ]);
      const options: Options = { ...command.opts(), ...Object.fromEntries(given) };
      const context = makeContext(host, await loadClients(), options, version);
      // Two look at no state; doctor and a session say what is wrong with it.
      const isApart = options.sourceOnly || options.against !== undefined;
      if (!row.saysOfState && !isApart) refuseForeignState(context);
      if (row.writesHomes && !options.removeOnly)
        (await import('../engine/refusals/refuse-homes.ts')).refuseHomes(context);
      exitCode = await run(context);
    });
  }
  addHelp(program, host);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error, words, host);
  }
}

function addHelp(program: Command, { terminal }: Host): void {
  program
    .command('help')
    .argument('[word]', 'a command, or a topic')
    .description(`explain a command, or one of: ${Object.keys(helpTopics).join(', ')}`)
    .allowExcessArguments(false)
    .action((word?: string) => help(program, word, terminal.out));
}

function baseProgram({ terminal }: Host, version: string): Command {
  return new Command('syncline')
    .description('Keeps Codex and Claude Code in step with one git repository.')
    .version(version)
    .helpCommand(false)
    .configureHelp({ minWidthToWrap: 20, subcommandTerm: (command) => command.name() })
    .addHelpText('after', '\nStart with: syncline push-runtime --dry-run')
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.error,
      // It repeats what was typed: that is shown below, without secrets.
      outputError: () => undefined,
    });
}

/** Commander compares whole names only; `puhs` is not spelled like `push-runtime`, but has one meaning. */
function withSuggestion(text: string): string {
  const word = /unknown command '(.*)'/.exec(text)?.[1];
  if (word === undefined) return text;
  const meant = nameMeant(word, [...commandRows.map(({ name }) => name), 'help']);
  const plain = text.replace(/\n\(Did you mean .*\)$/s, '');
  return meant === undefined ? plain : `${plain}\n(Did you mean ${meant}?)`;
}

async function reportError(error: unknown, words: readonly string[], host: Host): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const findings = findingsOf(error);
  const { withoutSecrets } = await import('../content/secrets/secrets.ts');
  if (error instanceof CommanderError && error.code !== 'commander.help')
    host.terminal.error(withoutSecrets(`${linesOf(messageOf(error))}\n(syncline --help tells more)\n`));
  const command = words.find((word) => commandRows.some((row) => row.name === word)) ?? '';
  if (words.includes('--json')) {
    const outcome = { command, exitCode: failed, inSync: false, units: [], findings };
    host.terminal.out(jsonText(outcome, false, withoutSecrets));
  } else if (!(error instanceof CommanderError)) {
    const paint = paintFor(showsColour(host) && !words.includes('--no-color'));
    host.terminal.error(withoutSecrets(findingsText(findings, paint)));
    if (!findings.some(({ code }) => code === 'undone' || code === 'not-undone'))
      host.terminal.error('Nothing was written.\n');
  }
  return failed;
}

/** Lines with everything that was typed visible. */
function linesOf(text: string): string {
  return text.split('\n').map(visibleLine).join('\n');
}

/** What is given to an option that nobody knows may be a secret: `token set hub --value=…`. */
function messageOf({ message }: CommanderError): string {
  return withSuggestion(message.replace(/('--?[\w-]+=)[^']*'/, "$1…'"));
}

function findingsOf(error: unknown): readonly Finding[] {
  if (error instanceof CommanderError) {
    const [message, hint] = messageOf(error)
      .replace(/^error: /, '')
      .split(/\n\((.*)\)$/);
    return [problem('usage', message as string, `${hint ? `${hint} ` : ''}See syncline --help.`)];
  }
  return reasonsOf(error);
}
