import type { Guard, Power } from '../../model/power.ts';

/** One call in a file of rules: all of it as one line. */
interface RuleCall {
  readonly line: string;
  /** Whether it forbids or asks, whatever else stands in it. */
  readonly forbids: boolean;
  /** Whether it is of the form that can only forbid or ask. */
  readonly restrains: boolean;
}

/**
 * The powers of a file of rules for commands (Starlark, as Codex 0.171 reads it): each call that does not plainly forbid or ask. A
 * file that is more than a list of plain calls is one power, whatever it says. So is a call that Codex may refuse, with an example
 * that does not match or an argument that it does not know: it then reads no rule of any file.
 */
export function rulePowers(text: string): Power[] {
  const calls = callsOf(text);
  if (!calls) return [{ what: 'rules for commands', does: text.trim() }];
  return calls.filter(({ restrains }) => !restrains).map(({ line }) => ({ what: 'allowed command', does: line }));
}

/** The calls that forbid or ask, and are not there any more; of a file that is more than calls, all of it where it changes. */
export function ruleGuards(old: string, now: string): Guard[] {
  const calls = callsOf(old);
  if (!calls) return old === now ? [] : [{ what: 'rules for commands', does: old.trim() }];
  const kept = new Set((callsOf(now) ?? []).map(({ line }) => line));
  return calls
    .filter(({ line, forbids }) => forbids && !kept.has(line))
    .map(({ line }) => ({ what: 'rule for commands', does: line }));
}

const literal = String.raw`\0\d+\0`;
const list = (one: string) => String.raw`\[\s*${one}(?:\s*,\s*${one})*\s*,?\s*\]`;
const argument = new RegExp(
  String.raw`^\s*(?:pattern\s*=\s*${list(`(?:${literal}|${list(literal)})`)}|decision\s*=\s*(${literal})|justification\s*=\s*(${literal}))\s*(?:,|$)`,
);

/** Whether a call is a rule that forbids or asks, said in literals only, each argument once. Strings in it are put aside as `\0number\0`. */
function isRestraint(name: string, given: string, back: (part: string) => string): boolean {
  if (name !== 'prefix_rule' || back(given).includes('\\')) return false;
  const seen = new Set<string>();
  for (let rest = given; rest.trim() !== ''; ) {
    const [whole, decision, justification] = argument.exec(rest) ?? [];
    const key = /\w+/.exec(whole ?? '')?.[0];
    if (whole === undefined || key === undefined || seen.has(key)) return false;
    if (decision !== undefined && !['forbidden', 'prompt'].includes(back(decision).slice(1, -1))) return false;
    if (justification !== undefined && back(justification).slice(1, -1).trim() === '') return false;
    seen.add(key);
    rest = rest.slice(whole.length);
  }
  return seen.has('pattern') && seen.has('decision');
}

/** The calls of a file that is nothing but calls with plain arguments; undefined for any other. */
function callsOf(text: string): RuleCall[] | undefined {
  if (/"""|'''/.test(text)) return undefined;
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
  return calls.map(([, name = '', args = '']) => ({
    line: back(`${name}(${args.replace(/\s+/g, ' ').trim()})`),
    forbids: /\bdecision\s*=\s*["'](?:forbidden|prompt|deny)["']/.test(back(args)),
    restrains: isRestraint(name, args, back),
  }));
}
