/** The events that Codex 0.169 and Claude Code 2.1 both have. */
export const sharedEvents = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PermissionRequest',
  'PreCompact',
  'PostCompact',
  'SubagentStart',
  'SubagentStop',
  'Stop',
] as const;

const codexOnly = ['Interrupt', 'PreModelRequest', 'PostModelRequest'];

/** The events of Codex. It ignores any other without a word. */
export const codexEvents: readonly string[] = [...sharedEvents, ...codexOnly];

const claudeOnly = [
  'PostToolUseFailure',
  'PostToolBatch',
  'Notification',
  'UserPromptExpansion',
  'StopFailure',
  'PreModelSwitch',
  'PostModelSwitch',
  'PermissionDenied',
  'Setup',
  'TeammateIdle',
  'TaskCreated',
  'TaskCompleted',
  'Elicitation',
  'ElicitationResult',
  'ConfigChange',
  'WorktreeCreate',
  'WorktreeRemove',
  'InstructionsLoaded',
  'CwdChanged',
  'FileChanged',
  'DirectoryAdded',
  'MessageDisplay',
];

/** Events whose matcher names a tool. */
export const toolEvents: readonly string[] = ['PreToolUse', 'PostToolUse', 'PermissionRequest'];

/** Events at which neither client looks at the matcher. */
export const eventsWithoutMatcher: readonly string[] = ['UserPromptSubmit', 'Stop'];

/** True for an event that both clients have. */
export function isSharedEvent(event: string): boolean {
  return (sharedEvents as readonly string[]).includes(event);
}

/** The one client that has an event, with the source file for it; undefined for an event that both have or none. */
export function onlyClientOf(event: string): { readonly title: string; readonly file: string } | undefined {
  if (codexOnly.includes(event)) return { title: 'Codex', file: 'clients/codex/hooks-fragment.json' };
  if (claudeOnly.includes(event)) return { title: 'Claude Code', file: 'clients/claude/settings-fragment.json' };
  return undefined;
}
