import type { LastChange } from './commit.ts';
import type { Action, PlannedUnit, Verdict } from './plan.ts';

/** A place in the source that has something to say for a unit. */
export interface Contribution {
  /** Relative to the repository; of a layer outside it absolute. */
  readonly path: string;
  /** One-based; of a value of several lines the first and the last on which something of it begins. */
  readonly line?: number;
  readonly lastLine?: number;
  /** The folder of the layer: `clients`, `clients/people/ana`. */
  readonly layer: string;
  /** wins: it has the last word. adds: a part of the value is from here. below: a higher place says something else. */
  readonly role: 'wins' | 'adds' | 'below';
}

/** Everything there is to tell of one unit. */
export interface Explanation {
  readonly unit: PlannedUnit;
  /** Lowest first; the commit is that of the line, else of the file. */
  readonly sources: readonly (Contribution & { readonly change?: LastChange })[];
  /** How it became ours; absent: it is not. */
  readonly origin?: 'placed' | 'found';
  /** The run that gave the runtime the value that was deployed last; absent: none of those that are kept. */
  readonly run?: { readonly name: string; readonly command: string; readonly time: string };
  /** Another repository, by its path, that deployed to this home. */
  readonly otherRepository?: string;
  readonly since: Since;
  /** When the runtime file was written last, by whomever, in ISO 8601. */
  readonly fileTime?: string;
}

/**
 * What became of a unit since it was deployed. rewritten: its file was, and the unit is as we left it. untouched: not
 * even that. edited, removed: the unit itself was. adopted: it was edited, and the source took the edit. moved: both
 * sides hold the same new value. never: it was not deployed.
 */
export type Since = 'untouched' | 'rewritten' | 'edited' | 'removed' | 'adopted' | 'moved' | 'never';

/** An explanation as `--json` gives it. */
export interface ExplanationRow extends Pick<Explanation, 'sources' | 'since' | 'fileTime' | 'otherRepository'> {
  readonly id: string;
  readonly path: string;
  readonly verdict: Verdict;
  readonly action: Action;
  readonly leftOut?: string;
  readonly origin: 'placed' | 'found' | null;
  readonly run: Explanation['run'] | null;
  /** What the next push would do, in words. */
  readonly nextPush: string;
}
