import type { FragmentProblem, SharedFragment } from '../client.ts';
import { groupsOf, type HookGroup, type HookHandler, handlersOf } from '../hooks/hook-handlers.ts';
import { lostKeys, lostTools, onlyOfCodex, toolsOfCodex, toolsOfNone } from '../hooks/hook-losses.ts';
import { sharedHooks } from '../hooks/shared-hooks.ts';

/** The shared hooks in Claude's `settings.json`. */
export const claudeHooks: SharedFragment = {
  ...sharedHooks,
  translate: (values) => ({
    values,
    problems: [...groupsOf(values).flatMap(claudeMatcherLosses), ...handlersOf(values).flatMap(claudeHandlerLosses)],
  }),
};

/** What a shared hook loses in Claude Code. */
function claudeHandlerLosses(found: HookHandler): FragmentProblem[] {
  return lostKeys(found, onlyOfCodex, 'Claude Code');
}

/** Names in a shared matcher that match nothing in Claude Code. */
function claudeMatcherLosses(found: HookGroup): FragmentProblem[] {
  return lostTools(found, [...toolsOfCodex, ...toolsOfNone], 'Claude Code');
}
