import { Failure } from '../model/failure.ts';
import { problem } from '../model/finding.ts';

/** A command line that makes no sense. */
export function usage(message: string, remedy: string): Failure {
  return new Failure([problem('usage', message, remedy)]);
}
