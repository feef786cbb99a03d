import { asFailure, errorCode, errorPath } from '../host/system-error.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';

/** Whatever a command threw, as findings: a `Failure` and a system error with their reasons, a bug of ours with its stack. */
export function reasonsOf(error: unknown): readonly Finding[] {
  if (error instanceof Failure) return error.findings;
  if (errorCode(error) !== undefined) return asFailure(error, errorPath(error), 'go on').findings;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const remedy = 'This is a bug in Syncline; please report it with these lines.';
  return [problem('crash', `Syncline itself failed: ${text}`, remedy)];
}
