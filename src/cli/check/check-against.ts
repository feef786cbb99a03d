import { readAllowedSecrets } from '../../content/allowances.ts';
import { maskSecrets, withoutSecrets } from '../../content/secrets/secrets.ts';
import { decodeText } from '../../content/text.ts';
import { gatherSource } from '../../engine/source/gather.ts';
import { distinct } from '../../engine/source/judge-source.ts';
import { scannedSecrets, scanSource } from '../../engine/source/scan-source.ts';
import { noSetup, type Source } from '../../engine/source/source.ts';
import { gatherTokens } from '../../engine/tokens/tokens.ts';
import { readSourceAt } from '../../host/git/read-source-at.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { WantedUnit } from '../../model/unit.ts';
import { againstText } from '../../report/commands/against-text.ts';
import { diffText } from '../../report/diff-text.ts';
import { plural } from '../../report/plan-text.ts';
import type { Mask } from '../../report/redaction.ts';
import { secretsOfFile, unlessOpen } from '../../sync/open-texts.ts';
import { withTokensAgainst } from '../../sync/powers/tokens-against.ts';
import { asCheckedOut, type ChangedUnit, changedByLayer, changedUnits } from '../../sync/source/compare-sources.ts';
import { layersInside } from '../../sync/source/layers-in-force.ts';
import { maskedSources } from '../../sync/source/source-problems.ts';
import type { Context } from '../context.ts';
import { type JudgedSource, judgeLayer, refuseErrors } from './check-source.ts';
import { showReport } from './report.ts';

/**
 * `check-sync --against`: what the source would change in a home, compared with what it was at a git ref. Reads no home.
 * Exits 0 whether or not something changes: it was asked to tell, not to judge. Throws `Failure` for a source that is not
 * sound.
 */
export async function checkAgainst(context: Context): Promise<number> {
  const { against: ref = '', sourceOnly } = context.options;
  if (sourceOnly) throw new Failure([twoQuestions()]);
  const now = gatherSource(context, noSetup);
  const { commit, ...read } = readSourceAt(context.host, now.folder, ref);
  const files = asCheckedOut(read.files, now.tree.files);
  const before: Source = { ...now, tree: { ...read, files, layers: ['clients'] } };
  const layers = [...new Set([before, now].flatMap(({ tree }) => layersInside(tree)))].sort();
  const judged = [undefined, ...layers].map((layer) => ({
    ...{ layer, before: judgeLayer(context, before, layer), now: judgeLayer(context, now, layer) },
  }));
  refuseErrors(judged.map((each) => each.now));
  await scanSource(now);
  const units = allChanges(context, now, judged);
  const against = { ref, commit };
  const findings = [...findingsOf(judged, ref), ...maskedOf(now, units)];
  const outcome = { command: 'check-sync', exitCode: 0, inSync: units.length === 0, units, findings, against };
  const wanted = judged.flatMap((each) => [...each.now.desired.values()].flatMap((one) => one.units));
  const diffs = diffsText(context, units, await maskOf(before, now, wanted));
  return showReport(context, outcome, againstText(units, against, diffs, context.paint));
}

/** Both sources with one layer, or with none. */
interface JudgedPair {
  readonly layer: string | undefined;
  readonly before: JudgedSource;
  readonly now: JudgedSource;
}

function allChanges(context: Context, source: Source, pairs: readonly JudgedPair[]): ChangedUnit[] {
  const { clients, environment } = context;
  const changesOf = ({ layer, before, now }: JudgedPair) => {
    const tree = { ...source.tree, layers: ['clients', ...(layer === undefined ? [] : [layer])] };
    const tokens = gatherTokens(context, { ...source, tree }, now.desired);
    return clients.flatMap((client) => {
      const unitsOf = ({ desired }: JudgedSource) => desired.get(client.name)?.units ?? [];
      const pair = { client, home: client.locate(environment), before: unitsOf(before), now: unitsOf(now) };
      return withTokensAgainst(changedUnits(pair), pair, tokens);
    });
  };
  const [plain, ...layered] = pairs;
  const told = plain ? changesOf(plain) : [];
  const more = layered.flatMap((pair) =>
    changedByLayer(changesOf(pair), told).map((unit) => ({ ...unit, layer: pair.layer as string })),
  );
  return [...told, ...more];
}

/** What is new to be known of the source, and whether what it is compared with was whole. */
function findingsOf(pairs: readonly JudgedPair[], ref: string): Finding[] {
  const keyOf = ({ code, path, message }: Finding) => JSON.stringify([code, path, message]);
  const known = new Set(pairs.flatMap(({ before }) => before.notes.map(keyOf)));
  const notes = distinct(pairs.flatMap(({ now }) => now.notes)).filter((note) => !known.has(keyOf(note)));
  const errors = distinct(pairs.flatMap(({ before }) => before.errors)).length;
  if (errors === 0) return notes;
  const message = `the source at ${JSON.stringify(ref)} was not sound (${errors} ${plural('mistake', errors)}); what could not be read of it counts as absent`;
  const remedy = 'What this change seems to add may have been there before.';
  return [{ code: 'unsound-ref', severity: 'warning', message, remedy }, ...notes];
}

/** What of the changed files is allowed and masked, so that these diffs do not show it. */
function maskedOf({ tree }: Source, units: readonly ChangedUnit[]): Finding[] {
  const changed = new Set(units.map(({ source }) => source?.path));
  const { files } = readAllowedSecrets(tree);
  return maskedSources(tree.files.filter(({ path }) => files.has(path) && changed.has(path)));
}

/** Every change as a diff of the unit, without secrets. */
function diffsText({ paint }: Context, units: readonly ChangedUnit[], mask: Mask): string {
  const ended = (text: string | undefined) => (text === undefined || text.endsWith('\n') ? text : `${text}\n`);
  const parts = units.map(({ id, layer, have, want }) => {
    const name = layer === undefined ? id : `${id} (with ${layer})`;
    return diffText({ name: withoutSecrets(name), old: ended(have), new: ended(want) }, mask, paint);
  });
  return parts.map((part) => (part.endsWith('\n') ? part : `${part}\n`)).join('');
}

/**
 * Takes out what must not be shown: the older source may hold what this one may not, in places and shapes that only the
 * scanner knows.
 */
async function maskOf(before: Source, now: Source, wanted: readonly WantedUnit[]): Promise<Mask> {
  const files = [...before.tree.files, ...now.tree.files];
  const placed = files.flatMap(({ path, bytes }) => secretsOfFile(path, decodeText(bytes)));
  const known = [...(await scannedSecrets(files)), ...unlessOpen(placed, wanted)];
  return (text, mark) => maskSecrets(text, known, mark);
}

function twoQuestions(): Finding {
  const message = '--against and --source-only are two questions';
  return problem(
    'usage',
    message,
    'Leave one of them out: --against needs no home either, and refuses what is unsound.',
  );
}
