import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { importsIn } from '../../content/imports.ts';
import type { Finding } from '../../model/finding.ts';
import type { Environment } from '../../model/paths.ts';
import { emptyTable } from '../../model/value.ts';
import type { ClientState } from '../client-state.ts';

/** Something outside the clients' homes that an import does not bring along. */
interface Outside {
  readonly path: string;
  readonly by: string;
}

/** The scripts and texts outside the clients' homes that something imported needs: another machine has them elsewhere, or not. */
export function outsideFindings(states: readonly ClientState[], environment: Environment): Finding[] {
  const isInside = (path: string) => states.some(({ home }) => path.startsWith(home.root + sep));
  const found = states.flatMap((state) => [...scriptsOf(state, environment), ...importsOf(state, environment)]);
  const users = new Map<string, Set<string>>();
  for (const { path, by } of found) if (!isInside(path)) users.set(path, (users.get(path) ?? new Set()).add(by));
  return [...users].map(([path, by]) => outsideFinding(path, [...by].join(', ')));
}

function outsideFinding(path: string, by: string): Finding {
  const message = `"${path}" is not imported: it stands outside the clients' homes, and ${by} needs it`;
  const remedy =
    "Put it on the other machines too, or move it into a client's home and name it there before you import.";
  return { code: 'not-taken', severity: 'warning', message, remedy };
}

/** Programs of the system are another machine's too; what a person put into their own home is not. */
function scriptsOf({ client, documents }: ClientState, environment: Environment): Outside[] {
  const values = (file: string) => documents.get(file)?.values ?? emptyTable();
  const needs = client.checkup?.needs(values, environment) ?? [];
  return needs.flatMap(({ kind, name, by }) => {
    const isOwn = kind === 'script' || (kind === 'program' && name.startsWith(environment.home + sep));
    return isOwn && isAbsolute(name) ? [{ path: name, by: `${by} of ${client.title}` }] : [];
  });
}

function importsOf({ client, documents }: ClientState, { home }: Environment): Outside[] {
  if (!client.everySession?.imports) return [];
  return [...documents.values()].flatMap(({ target, path, text }) => {
    if (target.kind !== 'instructions') return [];
    const leading = importsIn(text).filter((named) => /^(?:~|\.\.)?[/\\]/.test(named));
    const at = (named: string) =>
      resolve(
        dirname(path),
        named.replace(/^~(?=[/\\])/, () => home),
      );
    return leading.map((named) => ({ path: at(named), by: `${target.file} of ${client.title}` }));
  });
}
