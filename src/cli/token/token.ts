import { tokenNameProblem } from '../../content/server-tokens.ts';
import { nearest } from '../../content/suggest-name.ts';
import { Failure } from '../../model/failure.ts';
import { problem } from '../../model/finding.ts';
import type { Context } from '../context.ts';
import { usage } from '../usage.ts';
import { environmentLines, headers, list, showToken } from './token-read.ts';
import { bind, makeNew, remove, setGiven } from './token-write.ts';

type Act = (context: Context, name: string) => number | Promise<number>;

/** What `token` can do, by its first word. */
const actions: Readonly<Record<string, { readonly words: readonly string[]; readonly act: Act }>> = {
  list: { words: [], act: list },
  new: { words: ['name'], act: makeNew },
  set: { words: ['name'], act: setGiven },
  bind: { words: ['name'], act: bind },
  show: { words: ['name'], act: showToken },
  headers: { words: ['name', 'header'], act: headers },
  env: { words: [], act: environmentLines },
  remove: { words: ['name'], act: remove },
};

/** The words that `token` understands. */
export const tokenActions = Object.keys(actions);

/** `token`: the tokens of this machine. Only `show`, `headers` and `env` print one. */
export async function token(context: Context): Promise<number> {
  const { action = 'list', name, header } = context.options;
  const row = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!row) throw usage(`token cannot ${JSON.stringify(action)}`, remedyFor(action));
  if (row.words.length === 0 && name !== undefined) throw usage(`token ${action} takes no name`, 'Leave it out.');
  if (!row.words.includes('header') && header !== undefined) throw usage(...tooMany(action));
  if (row.words.includes('name')) refuseName(action, name);
  if (context.options.for && ![makeNew, setGiven, bind].includes(row.act as typeof bind))
    throw usage(`token ${action} takes no --for`, 'token bind says where a token may go.');
  return row.act(context, name ?? '');
}

function remedyFor(action: string): string {
  const near = nearest(action, tokenActions);
  return `${near ? `Did you mean ${near}? ` : ''}Write one of ${tokenActions.join(', ')}.`;
}

function tooMany(action: string): [message: string, remedy: string] {
  if (action !== 'set') return [`token ${action} takes one name`, 'Leave out the rest.'];
  const remedy =
    'Others see command lines, and your shell remembers them: give it on standard input, or with --from-env.';
  return ['token set does not take the value from the command line', remedy];
}

function refuseName(action: string, name: string | undefined): void {
  if (name === undefined) throw usage(`token ${action} needs the name of a token`, 'syncline token list names them.');
  const reason = tokenNameProblem(name);
  if (reason === undefined) return;
  throw new Failure([problem('token-name', `no token can be named ${JSON.stringify(name)}: ${reason}`, 'Rename it.')]);
}
