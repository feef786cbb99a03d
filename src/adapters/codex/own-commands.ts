import { mainFileProblems } from '../../content/skills/skill-problems.ts';
import { injectionBegin } from '../../content/skills/skills.ts';
import type { TextProblem } from '../client.ts';
import { nameProblems, skillName } from './commands.ts';

/** What is wrong with a file of `clients/codex/commands/`, the text of a SKILL.md: Codex 0.169 passes over such a skill. */
export function ownCommandProblems(text: string, relative: string): TextProblem[] {
  const name = skillName(relative);
  const found = mainFileProblems(text, relative, name, injectionBegin).filter(({ severity }) => severity === 'error');
  const told = found.map(({ code, message, remedy, line = 1 }) => ({ code, line, message, remedy }));
  return [...nameProblems(name), ...told];
}
