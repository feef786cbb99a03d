import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { importsIn } from '../../content/instructions/imports.ts';
import type { Finding } from '../../model/finding.ts';
import type { Environment } from '../../model/paths.ts';
import { emptyTable } from '../../model/value.ts';
import type { ClientState } from '../plan/client-state.ts';
import { homeFilesOf, isHomeFile, takenPlace } from '../plan/taken-places.ts';

/** Something outside the clients' homes that an import does not bring along. */
interface Outside {
  readonly path: string;
  readonly by: string;
}

/**
 * The scripts and texts that something imported needs and that are not imported with it: outside the clients' homes, where a
 * client keeps its own, or not there at all. Another machine has them elsewhere, or not.
 */
export function outsideFindings(states: readonly ClientState[], environment: Environment): Finding[] {
  const found = states.flatMap((state) => [...scriptsOf(state, environment), ...importsOf(state, environment)]);
  const users = new Map<string, Set<string>>();
  for (const { path, by } of found) users.set(path, (users.get(path) ?? new Set()).add(by));
  return [...users].flatMap(([path, by]) => {
    const reason = whyNotImported(states, path);
    return reason === undefined ? [] : [outsideFinding(path, reason, [...by].join(', '))];
  });
}

/** Undefined for what is read with a home, and so imported or named there. */
function whyNotImported(states: readonly ClientState[], path: string): string | undefined {
  const state = states.find(({ home }) => path.startsWith(home.root + sep));
  if (!state) return "it stands outside the clients' homes";
  const file = path.slice(state.home.root.length + 1).replaceAll('\\', '/');
  if (state.runtime.files.has(file)) return undefined;
  const target = isHomeFile(state.client, file) ? homeFilesOf(state.client) : undefined;
  return (target && takenPlace(state.client, target, file)) ?? 'it is not there, or is no file that can be imported';
}

function outsideFinding(path: string, reason: string, by: string): Finding {
  const message = `"${path}" is not imported: ${reason}; ${by} needs it`;
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
    const leading = importsIn(text).filter((named) => /^(?:~|\.{0,2})[/\\]|\.[a-z]\w{0,7}$/i.test(named));
    const at = (named: string) =>
      resolve(
        dirname(path),
        named.replace(/^~(?=[/\\])/, () => home),
      );
    return leading.map((named) => ({ path: at(named), by: `${target.file} of ${client.title}` }));
  });
}
