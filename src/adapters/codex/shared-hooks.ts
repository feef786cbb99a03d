import type { FragmentProblem, SharedFragment } from '../client.ts';
import { groupsOf, type HookGroup, type HookHandler, handlersOf } from '../hooks/hook-handlers.ts';
import {
  lostKeys,
  lostTools,
  matcherLost,
  namesIn,
  onlyOfClaude,
  toolsOfClaude,
  toolsOfNone,
} from '../hooks/hook-losses.ts';
import { sharedHooks, withMatchers } from '../hooks/shared-hooks.ts';
import { variablesOfLine } from '../servers/references.ts';

/** The shared hooks in Codex's `hooks.json`. */
export const codexHooks: SharedFragment = {
  ...sharedHooks,
  translate: (values) => ({
    values: withMatchers(values, codexMatcher),
    problems: [...groupsOf(values).flatMap(codexMatcherLosses), ...handlersOf(values).flatMap(codexHandlerLosses)],
  }),
};

/** What a shared hook loses in Codex. */
function codexHandlerLosses(found: HookHandler): FragmentProblem[] {
  const { event, path, handler } = found;
  const lost = [...lostKeys(found, onlyOfClaude, 'Codex'), ...lostVariables(found)];
  if (event !== 'SessionEnd' || Number(handler.timeout ?? 0) <= longestSessionEnd) return lost;
  const message = `Codex stops a SessionEnd hook after ${longestSessionEnd} seconds`;
  const remedy = `Set the timeout to ${longestSessionEnd} or less, or let the command go on in the background.`;
  return [...lost, { code: 'hook-timeout-lost', severity: 'warning', path: [...path, 'timeout'], message, remedy }];
}

/** Names in a shared matcher that match nothing in Codex. */
function codexMatcherLosses(found: HookGroup): FragmentProblem[] {
  const names = namesIn(found.group.matcher);
  if (found.event === 'SessionEnd' && names.length > 0 && !names.includes('other')) {
    return [matcherLost(found, 'In Codex every session ends for the reason "other", so this hook does not run there')];
  }
  return lostTools(found, [...toolsOfClaude, ...toolsOfNone], 'Codex');
}

/**
 * A shared matcher for Codex 0.169. Both clients read `Edit|Write` as names and everything else as a regular expression
 * that may match anywhere, but Claude Code also reads names with commas, spaces and hyphens as such.
 */
function codexMatcher(matcher: string): string {
  const names = namesIn(matcher);
  if (names.length === 0 || /^[\w|]+$/.test(matcher)) return matcher;
  return names.every((name) => /^\w+$/.test(name)) ? names.join('|') : `^(?:${names.join('|')})$`;
}

/** Codex 0.169 gives a `SessionEnd` hook no more. */
const longestSessionEnd = 3;

/** Variables that Claude Code sets for a hook. Codex sets none and starts hooks in the session's folder, as Claude does. */
const variablesOfClaude = ['CLAUDE_PROJECT_DIR', 'CLAUDE_ENV_FILE', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_EFFORT'];

function lostVariables({ path, handler: { command } }: HookHandler): FragmentProblem[] {
  if (typeof command !== 'string') return [];
  const read = variablesOfLine(command).filter((name) => !command.includes(`{${name}:-`));
  return read
    .filter((name) => variablesOfClaude.includes(name))
    .map((name) => ({
      ...{ code: 'hook-environment', severity: 'warning', path: [...path, 'command'] },
      message: `Codex does not set the variable "${name}" for a hook, so the command finds it empty`,
      remedy:
        name === 'CLAUDE_PROJECT_DIR'
          ? `Write "$\{CLAUDE_PROJECT_DIR:-$PWD}": both clients start a hook in the folder of the session.`
          : `Read the JSON that both clients give to the hook, or write "$\{${name}:-…}" with what stands in for it.`,
    }));
}
