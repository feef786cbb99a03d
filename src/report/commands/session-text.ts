import { visible } from '../../model/texts/visible.ts';

/** What a session check found, as one line. */
export function sessionLine(news: readonly string[]): string {
  return visible(`Syncline: ${news.join('; ')}. See check-sync --verbose.`);
}

/**
 * The line as both clients take it from a SessionStart hook: the person is shown it, and the model is told so that it can
 * answer for it.
 */
export function hookText(line: string): string {
  const additionalContext = `${line} This is for the user to decide; do nothing about it unless asked.`;
  const hookSpecificOutput = { hookEventName: 'SessionStart', additionalContext };
  return `${JSON.stringify({ systemMessage: line, hookSpecificOutput })}\n`;
}
