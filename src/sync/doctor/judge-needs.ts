import type { Need } from '../../adapters/checkup.ts';
import { warning } from '../../adapters/checkup.ts';
import { shellLine } from '../../adapters/shell-line.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { runtimePath } from '../plan/client-state.ts';
import type { ClientFacts } from './facts.ts';

/** A need that is not met, and in whose file. */
interface Unmet {
  readonly need: Need;
  readonly reason: string;
  readonly facts: ClientFacts;
}

/** What the clients' files rely on and is not there: one finding for each variable, program and address. */
export function judgeNeeds(clients: readonly ClientFacts[]): Finding[] {
  const groups = new Map<string, Unmet[]>();
  for (const facts of clients) {
    for (const { need, unmet } of facts.needs) {
      if (unmet === undefined) continue;
      const key = JSON.stringify([need.kind, need.name]);
      groups.set(key, [...(groups.get(key) ?? []), { need, reason: unmet, facts }]);
    }
  }
  return [...groups.values()].map(unmetFinding);
}

function unmetFinding(all: readonly Unmet[]): Finding {
  const [first] = all as [Unmet, ...Unmet[]];
  const finding = judgements[first.need.kind](first, users(all));
  return { ...finding, ...placeOf(first) };
}

const judgements: Readonly<Record<Need['kind'], (unmet: Unmet, users: string) => Finding>> = {
  variable: ({ need: { name } }, users) => {
    const message = `the variable ${JSON.stringify(name)} is not set: ${users} would run without it, or not at all`;
    return warning('variable-unset', message, `Set it where the clients are started: export ${name}=…`);
  },
  program: ({ need: { name } }, users) => {
    const message = `the program ${JSON.stringify(name)} is not there: ${users} cannot start`;
    return problem('program-missing', message, `Install it so that this finds it: command -v ${shellLine([name])}`);
  },
  script: ({ need: { name } }, users) => {
    const message = `the script ${JSON.stringify(name)} is not there: ${users} cannot run it`;
    const remedy = 'Put it there; for every machine into clients/<client>/files/, then: syncline push-runtime';
    return problem('script-missing', message, remedy);
  },
  address: ({ need: { name }, reason }, users) => {
    const message = `${JSON.stringify(shownAddress(name))} does not answer (${reason}): ${users} cannot be reached`;
    return warning('address-silent', message, `See what is in the way: curl -v ${shellLine([shownAddress(name)])}`);
  },
};

/** An address without what may be secret in it. */
function shownAddress(text: string): string {
  try {
    const { protocol, host } = new URL(text);
    return `${protocol}//${host}/`;
  } catch {
    return text.replace(/[?#].*/, '');
  }
}

/** `server "team" of Codex and Claude Code, a hook of Stop of Codex`. */
function users(all: readonly Unmet[]): string {
  const titles = new Map<string, Set<string>>();
  for (const { need, facts } of all) titles.set(need.by, (titles.get(need.by) ?? new Set()).add(facts.client.title));
  return [...titles].map(([by, of]) => `${by} of ${[...of].join(' and ')}`).join(', ');
}

function placeOf({ need, facts: { state } }: Unmet): Pick<Finding, 'path' | 'line'> {
  const document = state?.documents.get(need.file);
  if (!state || !document) return {};
  const line = document.target.format.lineOf(document.text, need.path);
  return { path: runtimePath(state.home, need.file), ...(line === undefined ? {} : { line }) };
}
