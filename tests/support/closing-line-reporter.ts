import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What the closing line counts. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Prints `N passed, N failed[, N skipped]` as the very last line. It waits for the end of the process, because other
 * reporters and vitest itself may still print after the last test.
 */
export default class ClosingLineReporter implements Reporter {
  #counts: Counts = { passed: 0, failed: 1, skipped: 0 };

  onInit(): void {
    process.once('exit', (code) => {
      writeSync(1, `${closingLine(this.#counts, code)}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    this.#counts = countsOf(modules, errors.length);
  }
}

function countsOf(modules: readonly TestModule[], errors: number): Counts {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const number = (state: string) => states.filter((found) => found === state).length;
  // A file or a suite that fails before or after its tests counts as one failure of its own.
  const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter(hasErrors).length;
  const failed = number('failed') + number('pending') + broken + errors;
  return { passed: number('passed'), failed, skipped: number('skipped') };
}

function hasErrors(holder: { errors(): readonly unknown[] }): boolean {
  return holder.errors().length > 0;
}

function closingLine({ passed, failed, skipped }: Counts, exitCode: number): string {
  // A run that fails without a failed test, as when the build is broken, says so too.
  const failures = exitCode === 0 ? failed : Math.max(failed, 1);
  return `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
