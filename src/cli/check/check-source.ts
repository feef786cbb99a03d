import { gatherSource } from '../../engine/source/gather.ts';
import { distinct, judgeSource, sourceNotes } from '../../engine/source/judge-source.ts';
import { scanSource } from '../../engine/source/scan-source.ts';
import { noSetup, type Source } from '../../engine/source/source.ts';
import { Failure } from '../../model/failure.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import { plural } from '../../report/plan-text.ts';
import type { ClientDesired } from '../../sync/source/desired.ts';
import { layersInside } from '../../sync/source/layers-in-force.ts';
import type { Context } from '../context.ts';
import { showReport } from './report.ts';

/** One layering of a source, judged. */
export interface JudgedSource {
  readonly desired: ReadonlyMap<string, ClientDesired>;
  readonly errors: readonly Finding[];
  /** What is worth to be known; nothing where there are errors. */
  readonly notes: readonly Finding[];
}

/** The repository alone: parses, shapes, tokens, secrets. Needs no home. */
export async function checkSource(context: Context): Promise<number> {
  const source = gatherSource(context, noSetup);
  const [whole, ...layered] = [undefined, ...layersInside(source.tree)].map((layer) =>
    judgeLayer(context, source, layer),
  );
  const all = [whole, ...layered].flatMap((each) => each ?? []);
  refuseErrors(all);
  const unused = await scanSource(source);
  const units = [...(whole?.desired.values() ?? [])].reduce((sum, each) => sum + each.units.length, 0);
  const findings = distinct([...all.flatMap(({ notes }) => notes), ...unused]);
  const outcome = { command: 'check-sync', exitCode: 0, inSync: true, units: [], findings };
  return showReport(context, outcome, `The source is sound: ${units} ${plural('unit', units)}.\n`);
}

/** Throws `Failure` with the errors of all layerings, each once. */
export function refuseErrors(judged: readonly JudgedSource[]): void {
  const errors = judged.flatMap((each) => each.errors);
  if (errors.length > 0) throw new Failure(distinct(errors));
}

/**
 * The source with one of its layers by itself, or with none: it has to be sound on every machine, for everybody. Mistakes
 * are given back, not thrown.
 */
export function judgeLayer(context: Context, source: Source, layer: string | undefined): JudgedSource {
  const layers = ['clients', ...(layer === undefined ? [] : [layer])];
  const tree: SourceTree = { ...source.tree, layers };
  const { desired, errors } = judgeSource(context, tree);
  const notes = errors.length > 0 ? [] : sourceNotes(context, desired, { ...source, tree });
  return { desired, errors, notes };
}
