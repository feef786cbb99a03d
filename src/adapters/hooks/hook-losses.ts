import type { FragmentProblem } from '../client.ts';
import { toolEvents } from './hook-events.ts';
import type { HookGroup, HookHandler } from './hook-handlers.ts';

/** Keys of a command hook that both clients read. `args` is none: Codex would run the command without them. */
const commonKeys = ['type', 'command', 'timeout', 'async', 'statusMessage'];

type Loss = readonly [effect: string, severity: 'warning' | 'note'];

/** What only Claude Code reads: Codex takes the file and ignores the key. */
export const onlyOfClaude: Readonly<Record<string, Loss>> = {
  if: ['Codex runs the hook for every call that the matcher takes', 'warning'],
  once: ['Codex runs the hook every time', 'warning'],
  onFailure: ['in Codex a hook that fails never blocks', 'warning'],
  asyncRewake: ['Codex waits for the hook, unless "async" is true', 'warning'],
  shell: ["Codex runs the command in the user's shell", 'warning'],
};

/** What only Codex reads. */
export const onlyOfCodex: Readonly<Record<string, Loss>> = {
  commandWindows: ['Claude Code runs "command" on Windows, too', 'warning'],
  additionalContextLimit: ['Claude Code has a limit of its own', 'note'],
};

/** Every key that a shared hook may have. */
export const sharedHandlerKeys = [...commonKeys, ...Object.keys(onlyOfClaude), ...Object.keys(onlyOfCodex)];

/** The keys of a hook that a client, by its title, ignores, each with what comes of it. */
export function lostKeys({ path, handler }: HookHandler, keys: Readonly<Record<string, Loss>>, title: string) {
  return Object.entries(keys).flatMap(([key, [effect, severity]]): FragmentProblem[] => {
    if (!Object.hasOwn(handler, key)) return [];
    const message = `${title} ignores the key "${key}" of a hook: ${effect}`;
    const remedy = "If that is not what you want, put the hook into each client's own fragment instead.";
    return [{ code: 'hook-key-lost', severity, path: [...path, key], message, remedy }];
  });
}

/** Tools that hooks of Claude Code can name and that Codex does not have. */
export const toolsOfClaude = [
  ...['Read', 'Grep', 'Glob', 'LS', 'MultiEdit', 'NotebookEdit', 'WebFetch', 'WebSearch', 'TodoWrite', 'Skill'],
  ...['ExitPlanMode', 'AskUserQuestion'],
];
/** Tools that hooks of Codex can name and that Claude Code does not have. */
export const toolsOfCodex = ['apply_patch', 'view_image', 'write_stdin', 'spawn_agent'];
/** What Codex calls its shell inside; to hooks it is "Bash" in both clients. */
export const toolsOfNone = ['shell', 'exec_command'];

/** A note for the tools of a matcher that a client, by its title, does not have. */
export function lostTools(found: HookGroup, foreign: readonly string[], title: string): FragmentProblem[] {
  const lost = toolEvents.includes(found.event)
    ? namesIn(found.group.matcher).filter((name) => foreign.includes(name))
    : [];
  const quoted = lost.map((name) => `"${name}"`).join(', ');
  return lost.length > 0 ? [matcherLost(found, `${title} has no tool with the name ${quoted}`)] : [];
}

/** A note that a matcher matches nothing in one client. */
export function matcherLost({ path }: HookGroup, message: string): FragmentProblem {
  const remedy = 'Nothing, if the other client is meant; "Bash", "Edit", "Write" and "mcp__…" mean the same in both.';
  return { code: 'hook-matcher-lost', severity: 'note', path: [...path, 'matcher'], message, remedy };
}

/** Claude Code reads a matcher of such characters as a list of names. */
const nameList = /^[\w|, -]+$/;

/** The names in a matcher that is a list of such; none for a regular expression. */
export function namesIn(matcher: unknown): string[] {
  if (typeof matcher !== 'string' || !nameList.test(matcher)) return [];
  return matcher
    .split(/[|,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
