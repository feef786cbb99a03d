import { type Compared, compareForDoctor, sourceForDoctor } from '../engine/doctor/doctor-source.ts';
import { type Examined, examineClient } from '../engine/doctor/examine-client.ts';
import { examineMachine } from '../engine/doctor/examine-machine.ts';
import { distinct } from '../engine/source/judge-source.ts';
import type { Finding } from '../model/finding.ts';
import { type ClientHealth, doctorEnding, doctorText } from '../report/commands/doctor-text.ts';
import type { ClientFacts, MachineFacts } from '../sync/doctor/facts.ts';
import { judgeClient } from '../sync/doctor/judge-client.ts';
import { judgeMachine } from '../sync/doctor/judge-machine.ts';
import { judgeNeeds } from '../sync/doctor/judge-needs.ts';
import type { Context } from './context.ts';
import { maskFor, show } from './show.ts';

/**
 * `doctor`: looks at clients, files, source and state, says what is wrong and how to fix it, and changes nothing. Exits 0
 * with at most notes, 1 with problems, 2 when something could not be looked at.
 */
export async function doctor(context: Context): Promise<number> {
  const { desired, findings: ofSource } = sourceForDoctor(context);
  const examined: Examined[] = [];
  for (const client of context.clients) {
    examined.push(await examineClient(context, client, desired?.get(client.name)?.units ?? []));
  }
  const facts = examined.map((each) => each.facts);
  const [unread, unseen] = [examined.flatMap(({ problems }) => problems), [] as Finding[]];
  const machine = examineMachine(context, facts, unseen);
  const compared = desired && unread.length === 0 ? await compareForDoctor(context) : { inSync: false, findings: [] };
  const judged = [...judgeMachine(machine), ...clientFindings(facts, machine), ...judgeNeeds(facts)];
  const findings = distinct([...unread, ...unseen, ...ofSource, ...judged, ...compared.findings]);
  return tell(context, facts, { inSync: compared.inSync, findings });
}

function clientFindings(facts: readonly ClientFacts[], machine: MachineFacts): Finding[] {
  return facts.flatMap((each) => judgeClient(each, machine));
}

function tell(context: Context, facts: readonly ClientFacts[], { inSync, findings }: Compared): number {
  const states = facts.flatMap(({ state }) => (state ? [state] : []));
  const mask = maskFor(states);
  const masked = findings.map((one) => ({ ...one, message: mask(one.message), remedy: mask(one.remedy) }));
  const clients = facts.filter(({ client }) => client.checkup).map(healthOf);
  const exitCode = exitCodeOf(findings);
  const outcome = { command: 'doctor', exitCode, inSync, units: [], findings: masked, clients };
  const body = doctorText(clients, context.host.process.node);
  return show(context, outcome, body, doctorEnding(masked));
}

function healthOf({ client, program, version, complaints }: ClientFacts): ClientHealth {
  return {
    ...{ client: client.name, title: client.title, program: program ?? null },
    version: typeof version === 'object' ? version.text : null,
    takesFiles: complaints ? complaints.length === 0 : null,
  };
}

/** What could not be looked at: a repository that was named and is none, too. */
function isUnseen({ code, severity }: Finding): boolean {
  return code === 'system-error' || (code === 'no-source' && severity === 'error');
}

function exitCodeOf(findings: readonly Finding[]): number {
  if (findings.some(isUnseen)) return 2;
  return findings.some(({ severity }) => severity !== 'note') ? 1 : 0;
}
