import { RuntimeMoved } from '../host/transaction/apply-steps.ts';
import { Failure } from '../model/failure.ts';
import { type Finding, problem } from '../model/finding.ts';

/** How often a plan is made because a client wrote one of the files meanwhile. */
const attempts = 5;

/** Plans and applies; again from the start when a client wrote one of the files in between. Throws `Failure` in the end. */
export async function retryWhenMoved<T>(planAndApply: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await planAndApply();
    } catch (error) {
      if (!(error instanceof RuntimeMoved)) throw error;
      if (attempt === attempts) throw new Failure([movedTooOften(error)], { cause: error });
    }
  }
}

function movedTooOften({ path, message }: RuntimeMoved): Finding {
  const remedy = 'Nothing was written. Close the program that writes it, then run the command again.';
  return problem('runtime-moved', `${message}, ${attempts} times in a row`, remedy, { path });
}
