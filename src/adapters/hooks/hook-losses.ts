import type { FragmentProblem } from '../client.ts';
import { variablesOfLine } from '../servers/references.ts';
import { toolEvents } from './hook-events.ts';
import type { HookGroup, HookHandler } from './hook-handlers.ts';

/** Keys of a command hook that both clients read. `args` is none: Codex would run the command without them. */
const commonKeys = ['type', 'command', 'timeout', 'async', 'statusMessage'];

type Loss = readonly [effect: string, severity: 'warning' | 'note'];

/** What only Claude Code reads: Codex takes the file and ignores the key. */
const claudeKeys: Readonly<Record<string, Loss>> = {
  if: ['Codex runs the hook for every call that the matcher takes', 'warning'],
  once: ['Codex runs the hook every time', 'warning'],
  onFailure: ['in Codex a hook that fails never blocks', 'warning'],
  asyncRewake: ['Codex waits for the hook, unless "async" is true', 'warning'],
  shell: ["Codex runs the command in the user's shell", 'warning'],
};

/** What only Codex reads. */
const codexKeys: Readonly<Record<string, Loss>> = {
  commandWindows: ['Claude Code runs "command" on Windows, too', 'warning'],
  additionalContextLimit: ['Claude Code has a limit of its own', 'note'],
};

/** Every key that a shared hook may have. */
export const sharedHandlerKeys = [...commonKeys, ...Object.keys(claudeKeys), ...Object.keys(codexKeys)];

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

/** What a shared hook loses in Codex. */
export function codexHandlerLosses(found: HookHandler): FragmentProblem[] {
  const { event, path, handler } = found;
  const lost = [...lostKeys(found, claudeKeys, 'Codex'), ...lostVariables(found)];
  if (event !== 'SessionEnd' || Number(handler.timeout ?? 0) <= longestSessionEnd) return lost;
  const message = `Codex stops a SessionEnd hook after ${longestSessionEnd} seconds`;
  const remedy = `Set the timeout to ${longestSessionEnd} or less, or let the command go on in the background.`;
  return [...lost, { code: 'hook-timeout-lost', severity: 'warning', path: [...path, 'timeout'], message, remedy }];
}

/** What a shared hook loses in Claude Code. */
export function claudeHandlerLosses(found: HookHandler): FragmentProblem[] {
  return lostKeys(found, codexKeys, 'Claude Code');
}

function lostKeys({ path, handler }: HookHandler, keys: Readonly<Record<string, Loss>>, title: string) {
  return Object.entries(keys).flatMap(([key, [effect, severity]]): FragmentProblem[] => {
    if (!Object.hasOwn(handler, key)) return [];
    const message = `${title} ignores the key "${key}" of a hook: ${effect}`;
    const remedy = "If that is not what you want, put the hook into each client's own fragment instead.";
    return [{ code: 'hook-key-lost', severity, path: [...path, key], message, remedy }];
  });
}

/** Tools that hooks of one client can name and that the other one does not have. */
const toolsOfClaude = [
  ...['Read', 'Grep', 'Glob', 'LS', 'MultiEdit', 'NotebookEdit', 'WebFetch', 'WebSearch', 'TodoWrite', 'Skill'],
  ...['ExitPlanMode', 'AskUserQuestion'],
];
const toolsOfCodex = ['apply_patch', 'view_image', 'write_stdin', 'spawn_agent'];
/** What Codex calls its shell inside; to hooks it is "Bash" in both clients. */
const toolsOfNone = ['shell', 'exec_command'];

/** Names in a shared matcher that match nothing in Codex. */
export function codexMatcherLosses(found: HookGroup): FragmentProblem[] {
  const names = namesIn(found.group.matcher);
  if (found.event === 'SessionEnd' && names.length > 0 && !names.includes('other')) {
    return [matcherLost(found, 'In Codex every session ends for the reason "other", so this hook does not run there')];
  }
  return lostTools(found, [...toolsOfClaude, ...toolsOfNone], 'Codex');
}

/** Names in a shared matcher that match nothing in Claude Code. */
export function claudeMatcherLosses(found: HookGroup): FragmentProblem[] {
  return lostTools(found, [...toolsOfCodex, ...toolsOfNone], 'Claude Code');
}

function lostTools(found: HookGroup, foreign: readonly string[], title: string): FragmentProblem[] {
  const lost = toolEvents.includes(found.event)
    ? namesIn(found.group.matcher).filter((name) => foreign.includes(name))
    : [];
  const quoted = lost.map((name) => `"${name}"`).join(', ');
  return lost.length > 0 ? [matcherLost(found, `${title} has no tool with the name ${quoted}`)] : [];
}

function matcherLost({ path }: HookGroup, message: string): FragmentProblem {
  const remedy = 'Nothing, if the other client is meant; "Bash", "Edit", "Write" and "mcp__…" mean the same in both.';
  return { code: 'hook-matcher-lost', severity: 'note', path: [...path, 'matcher'], message, remedy };
}

/** Claude Code reads a matcher of such characters as a list of names. */
const nameList = /^[\w|, -]+$/;

function namesIn(matcher: unknown): string[] {
  if (typeof matcher !== 'string' || !nameList.test(matcher)) return [];
  return matcher
    .split(/[|,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * A shared matcher for Codex 0.169. Both clients read `Edit|Write` as names and everything else as a regular expression
 * that may match anywhere, but Claude Code also reads names with commas, spaces and hyphens as such.
 */
export function codexMatcher(matcher: string): string {
  const names = namesIn(matcher);
  if (names.length === 0 || /^[\w|]+$/.test(matcher)) return matcher;
  return names.every((name) => /^\w+$/.test(name)) ? names.join('|') : `^(?:${names.join('|')})$`;
}
