import { type Complaint, warning } from '../../adapters/checkup.ts';
import { serverNameProblems } from '../../adapters/servers/server-names.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { readOnlyTarget } from '../../model/read-only.ts';
import { isTable, type KeyPath, type Value } from '../../model/value.ts';
import type { ClientState, Document } from '../plan/client-state.ts';
import { skillsTwice } from '../skills-twice.ts';
import type { ClientFacts, LostImport, MachineFacts } from './facts.ts';

/** What is wrong with one client: its program, its files as it sees them, and what hides ours. Needs are apart. */
export function judgeClient(facts: ClientFacts, machine: MachineFacts): Finding[] {
  const { state } = facts;
  return [
    ...program(facts),
    ...(state ? [...refused(facts, state), ...hidden(facts, state, machine)] : []),
    ...facts.readOnly.map(
      ({ path, place }): Finding => ({ ...readOnlyTarget(path, place, 'push cannot write it'), severity: 'warning' }),
    ),
    ...facts.lostImports.map((lost) => lostImport(facts, lost)),
    ...(facts.failedServers ?? []).map(({ server, says }) => failedServer(facts, server, says)),
  ];
}

function program(facts: ClientFacts): Finding[] {
  const { client, hasHome, version, complaints, asked } = facts;
  if (!client.checkup) return [];
  if (facts.program === undefined) return [notInstalled(facts, hasHome)];
  if (version === 'broken') {
    const message = `${client.title} is installed, but its program does not start`;
    return [problem('client-broken', message, `Install it again: ${client.checkup.install}`, { path: facts.program })];
  }
  if (complaints !== undefined || !client.checkup.oracle || !asked) return [];
  const message = `${client.title} could not be asked about its files; they were judged by what we know of it`;
  return [
    {
      code: 'client-silent',
      severity: 'note',
      message,
      remedy: `Start it to see what it says: ${client.checkup.program}`,
    },
  ];
}

/** Somebody may use one of the clients only; but files for a program that is not there are no use to anybody. */
function notInstalled({ client: { title, checkup, name }, state }: ClientFacts, hasHome: boolean): Finding {
  const remedy = `Install it: ${checkup?.install}`;
  if (!hasHome) return { code: 'client-missing', severity: 'note', message: `${title} is not installed`, remedy };
  const message = `${title} is not installed, though its home is there: nothing reads what is deployed to it`;
  const without = state?.record ? `; or take ours out: syncline clean-runtime --remove-only --client ${name}` : '';
  return warning('client-missing', message, `${remedy}${without}`);
}

/** What the client itself has against its files, and of the others what we know that it refuses. */
function refused(facts: ClientFacts, { client, documents }: ClientState): Finding[] {
  const asked = new Set(facts.complaints && client.checkup?.oracle?.files.map(({ file }) => file));
  const told = (facts.complaints ?? []).map((complaint) => complaintFinding(client.title, complaint, documents));
  const known = [...documents.values()].flatMap(({ target, path, values, exists }) => {
    if (target.kind !== 'fragment' || !exists || asked.has(target.file)) return [];
    return target.refusals(values).map((reason) => refusal(client.title, reason, { path }));
  });
  return [...told, ...known, ...misnamed(documents)];
}

/** Servers that the client does not give to its sessions as they are meant, because of their names. */
function misnamed(documents: ReadonlyMap<string, Document>): Finding[] {
  return [...documents.values()].flatMap(({ target, path, text, values }) => {
    if (target.kind !== 'fragment' || !target.serverNames) return [];
    return serverNameProblems(target.serverNames, values).map(({ message, path: at }) => {
      const line = target.format.lineOf(text, at);
      return { ...warning('server-name', message, correctIt(path)), path, ...(line === undefined ? {} : { line }) };
    });
  });
}

function complaintFinding(title: string, complaint: Complaint, documents: ReadonlyMap<string, Document>): Finding {
  const { path, column } = complaint;
  const line = complaint.line ?? lineOfKey(complaint, documents);
  const place = { ...(path ? { path } : {}), ...(line ? { line } : {}), ...(column ? { column } : {}) };
  if (complaint.severity === 'error') return refusal(title, complaint.says, place);
  const message = `${title} ignores this: ${complaint.says}`;
  return { code: 'client-ignores', severity: 'warning', message, remedy: correctIt(place.path), ...place };
}

function refusal(title: string, reason: string, place: { path?: string; line?: number }): Finding {
  return problem('client-refuses', `${title} does not load this: ${reason}`, correctIt(place.path), place);
}

/** Nobody but a person can tell what was meant. */
function correctIt(path: string | undefined): string {
  const where = path === undefined ? 'there' : 'in the file';
  return `Correct it ${where}; what comes from your source, there, and then: syncline push-runtime`;
}

/** Where the key stands that a client names with dots between the parts; parts may hold dots themselves. */
function lineOfKey({ path, key }: Complaint, documents: ReadonlyMap<string, Document>): number | undefined {
  const document = [...documents.values()].find((each) => each.path === path);
  if (!document || key === undefined) return undefined;
  return document.target.format.lineOf(document.text, keyPath(document.values, key));
}

function keyPath(value: Value | undefined, dotted: string): KeyPath {
  if (!isTable(value)) return [];
  const keys = Object.keys(value).filter((key) => dotted === key || dotted.startsWith(`${key}.`));
  const [longest] = keys.sort((a, b) => b.length - a.length);
  return longest === undefined ? [] : [longest, ...keyPath(value[longest], dotted.slice(longest.length + 1))];
}

function hidden(
  { client, texts }: ClientFacts,
  state: ClientState,
  { environment, platform }: MachineFacts,
): Finding[] {
  const names = [...state.wanted.filter(({ leftOut }) => leftOut === undefined), ...(state.record?.units ?? [])];
  const seen = {
    ...{ home: state.home, realHome: state.runtime.home, environment, platform, texts },
    files: (file: string) => state.documents.get(file)?.values ?? {},
    deploys: (name: string) => names.some(({ file }) => file === name || file.startsWith(`${name}/`)),
  };
  const twice = skillsTwice(state).map((finding): Finding => ({ ...finding, severity: 'warning' }));
  return [...(client.checkup?.hides(seen) ?? []), ...twice];
}

/** The client says nothing of it and goes on without the text. */
function lostImport({ client }: ClientFacts, { named, target, path, line }: LostImport): Finding {
  const message = `"@${named}" leads nowhere: ${client.title} goes on without ${JSON.stringify(target)}`;
  return { ...warning('import-missing', message, 'Put the file there, or delete the line.', path), line };
}

function failedServer({ client }: ClientFacts, server: string, says: string): Finding {
  const message = `${client.title} started the server "${server}", and it does not work: ${says}`;
  const remedy = `See what it says by itself: ${client.checkup?.program} mcp get ${JSON.stringify(server)}`;
  return problem('server-fails', message, remedy);
}
