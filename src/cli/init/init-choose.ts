import { withoutSecrets } from '../../content/secrets/secrets.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import { meansUnit } from '../../model/unit.ts';
import { type ImportRow, importLabel, takeText } from '../../report/commands/init-text.ts';
import { shownText } from '../../report/powers-text.ts';
import type { Sound } from '../../sync/import/proven-proposals.ts';
import type { Context } from '../context.ts';
import { show } from '../show.ts';

/** Those that a person takes, or the exit code where nobody chose. */
export type ChosenToImport = { readonly taken: readonly Sound[] } | { readonly exitCode: number };

/**
 * Asks what to import, or does what the options say; a dry run takes all without asking. Throws `Failure` for a name that
 * means nothing that could be imported.
 */
export async function choose(
  context: Context,
  found: readonly Sound[],
  told: readonly Finding[],
): Promise<ChosenToImport> {
  const { host, options } = context;
  if (options.only) return { taken: named(found, options.only, told) };
  if (options.yes || options.dryRun || found.length === 0) return { taken: found };
  if (!host.terminal.isInteractive || options.json) return { exitCode: listed(context, found, told) };
  const rows = rowsOf(found);
  const choices = rows.map((row) => ({
    value: row.name,
    label: withoutSecrets(`${row.kind}  ${importLabel(row)}`),
    ...hint(row),
    marked: true,
  }));
  const names = await host.terminal.chooseMany('What should the repository contain?', choices);
  if (names) return { taken: found.filter(({ name }) => names.includes(name)) };
  host.terminal.out('Nothing was written.\n');
  return { exitCode: 1 };
}

function hint({ power }: ImportRow): { readonly hint?: string } {
  return power === undefined ? {} : { hint: shownText(power) };
}

/** The rows of a list, elements of one list together. */
export function rowsOf(found: readonly Sound[]): ImportRow[] {
  const rows = new Map<string, ImportRow>();
  for (const { name, kind, ids, power } of found) {
    const row = rows.get(name);
    const powers = power === undefined ? {} : { power };
    rows.set(name, { name, kind, ...powers, ...row, ids: [...(row?.ids ?? []), ...ids] });
  }
  return [...rows.values()];
}

function named(found: readonly Sound[], names: readonly string[], told: readonly Finding[]): Sound[] {
  const means = (name: string) => found.filter(({ ids }) => ids.some((id) => meansUnit(name, id)));
  const unknown = names.filter((name) => means(name).length === 0);
  const findings = unknown.map((name) => {
    const reason = told.find(({ message }) => message.includes(`"${name}"`));
    const remedy = 'init --from-runtime without --only lists what there is.';
    return reason
      ? { ...reason, severity: 'error' as const }
      : problem('usage', `nothing to import is named ${JSON.stringify(name)}`, remedy);
  });
  if (findings.length > 0) throw new Failure(findings);
  return found.filter((one) => names.some((name) => means(name).includes(one)));
}

/** Without anybody to ask: the list, and how to go on. */
function listed(context: Context, found: readonly Sound[], told: readonly Finding[]): number {
  const rows = rowsOf(found);
  const remedy = 'Import all with --yes, or some with --only and their names.';
  const open = problem('not-chosen', 'there is no terminal to ask on what to import', remedy);
  const made = { folder: '', files: [], found: rows, variables: [], unlisted: [] };
  const outcome = { command: 'init', exitCode: 2, inSync: false, units: [], findings: [...told, open], made };
  return show(context, outcome, takeText(rows, 'Found in the clients:', context.paint), 'Nothing was written.\n');
}
