import type { Guard, Power } from '../model/power.ts';

/** One call in a file of rules: all of it as one line, and what it decides where that stands there as a plain word. */
interface RuleCall {
  readonly line: string;
  readonly decision: string | undefined;
}

/**
 * The powers of a file of rules for commands (Starlark, as Codex 0.171 reads it): each call that does not plainly forbid or ask. A
 * file that is more than a list of plain calls is one power, whatever it says.
 */
export function rulePowers(text: string): Power[] {
  const calls = callsOf(text);
  if (!calls) return [{ what: 'rules for commands', does: text.trim() }];
  return calls
    .filter(({ decision }) => !isRestraint(decision))
    .map(({ line }) => ({ what: 'allowed command', does: line }));
}

/** The calls that forbid or ask, and are not there any more. */
export function ruleGuards(old: string, now: string): Guard[] {
  const kept = new Set((callsOf(now) ?? []).map(({ line }) => line));
  return (callsOf(old) ?? [])
    .filter(({ line, decision }) => isRestraint(decision) && !kept.has(line))
    .map(({ line }) => ({ what: 'rule for commands', does: line }));
}

function isRestraint(decision: string | undefined): boolean {
  return decision === 'forbidden' || decision === 'prompt';
}

/** The calls of a file that is nothing but calls with plain arguments; undefined for any other. */
function callsOf(text: string): RuleCall[] | undefined {
  const strings: string[] = [];
  // Strings are put aside, so that no quote, parenthesis or comment sign in them is taken for another.
  const bare = text
    .replace(/#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (found) => {
      if (found.startsWith('#')) return '';
      strings.push(found);
      return `\0${strings.length - 1}\0`;
    })
    .trim();
  const calls = [...bare.matchAll(/\s*(\w+)\(([^()]*)\)\s*/gy)];
  if (calls.reduce((sum, [whole]) => sum + whole.length, 0) !== bare.length) return undefined;
  const back = (part: string) => part.replace(/\0(\d+)\0/g, (_, index) => strings[Number(index)] as string);
  return calls.map(([, name, args = '']) => {
    const decisions = [...args.matchAll(/\bdecision\s*=\s*([^,]*?)\s*(?=,|$)/g)].map(([, value = '']) =>
      back(value).slice(1, -1),
    );
    return {
      line: back(`${name}(${args.replace(/\s+/g, ' ').trim()})`),
      decision: decisions.length === 1 ? decisions[0] : undefined,
    };
  });
}
