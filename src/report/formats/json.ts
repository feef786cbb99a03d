import type { DifferenceRow } from '../../model/difference.ts';
import type { ExplanationRow } from '../../model/explanation.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlannedUnit } from '../../model/plan.ts';
import type { RunIndex } from '../../model/run.ts';
import type { Status } from '../../model/status.ts';
import { visibleJson } from '../../model/texts/visible.ts';
import { addressText } from '../../model/unit.ts';
import type { ClientHealth } from '../commands/doctor-text.ts';
import type { Remain } from '../commands/remains-text.ts';
import type { TokenRow } from '../commands/token-text.ts';

/** What a command found and did, for people and for machines. */
export interface Outcome {
  readonly command: string;
  readonly exitCode: number;
  /** True when source and runtime were compared and are equal. */
  readonly inSync: boolean;
  readonly units: readonly PlannedUnit[];
  readonly findings: readonly Finding[];
  /** What can be restored, newest first; only when that was asked. */
  readonly runs?: readonly RunIndex[];
  /** What was carried into the source; only when that was asked. */
  readonly adopted?: readonly { readonly id: string; readonly paths: readonly string[] }[];
  /** The commit that the source was compared with; the units are then what a push of the change would do. */
  readonly against?: { readonly ref: string; readonly commit: string };
  /** What a new repository is made of, and what could be taken into it; only of init. */
  readonly made?: {
    readonly folder: string;
    readonly files: readonly string[];
    readonly found: readonly { readonly name: string; readonly kind: string; readonly ids: readonly string[] }[];
    readonly variables: readonly string[];
    readonly unlisted: readonly string[];
  };
  /** What there is of tokens; only when that was asked. */
  readonly tokens?: readonly TokenRow[];
  /** What of ours an uninstall leaves on the machine. */
  readonly left?: readonly Remain[];
  /** What is known of the clients' programs; only of doctor. */
  readonly clients?: readonly ClientHealth[];
  /** Both sides of units; only when that was asked. */
  readonly differences?: readonly DifferenceRow[];
  /** All there is to tell of units; only when that was asked. */
  readonly explanations?: readonly ExplanationRow[];
  /** How things stand; only when that was asked. */
  readonly status?: Status;
}

/**
 * The one object that `--json` prints (design, section 2). Values stand only in the patches of `differences`, whose texts
 * hold no secrets any more; `mask` takes secrets out of names.
 * Units that are `same` are counted; of those only what still has to be agreed to is listed.
 */
export function jsonText(outcome: Outcome, verbose: boolean, mask: (text: string) => string): string {
  const { command, exitCode, inSync, units, findings } = outcome;
  const same = units.filter((unit) => unit.verdict === 'same');
  const listed = verbose ? units : units.filter((unit) => unit.verdict !== 'same' || unit.powers);
  const object = {
    ...{ version: 1, command, exitCode, inSync, same: same.length, units: listed.map(jsonUnit), findings },
    ...(outcome.against ? { against: outcome.against } : {}),
    ...(outcome.adopted ? { adopted: outcome.adopted } : {}),
    ...(outcome.runs ? { runs: outcome.runs.map(jsonRun) } : {}),
    ...outcome.made,
    ...(outcome.tokens ? { tokens: outcome.tokens } : {}),
    ...(outcome.left ? { left: outcome.left } : {}),
    ...(outcome.clients ? { clients: outcome.clients } : {}),
    ...(outcome.differences ? { differences: outcome.differences } : {}),
    ...(outcome.explanations ? { explanations: outcome.explanations } : {}),
    ...(outcome.status ? { status: outcome.status } : {}),
  };
  return `${visibleJson(JSON.stringify(object, (_, value) => (typeof value === 'string' ? mask(value) : value), 2))}\n`;
}

function jsonUnit({ id, client, path, address, verdict, action, ...more }: PlannedUnit) {
  const { powers, guards, layer, leftOut } = more;
  return {
    ...{ id, client, path, address: address ? addressText(address) : null, verdict, action },
    ...(powers === undefined ? {} : { powers: powers.map(({ token: _, ...power }) => power) }),
    ...(guards === undefined ? {} : { guards }),
    ...(layer === undefined ? {} : { layer }),
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

function jsonRun({ run, command, files }: RunIndex) {
  const paths = files.filter(({ file }) => file !== '').map(({ path }) => path);
  return { run, command, files: paths };
}
