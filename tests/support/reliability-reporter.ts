import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type ReliabilityResult, type ReliabilityRow, reliabilityRows, reliabilityTable } from './reliability.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/reliability.md');
const [begin, end] = ['<!-- table: npm run reliability -->\n', '<!-- end of table -->'];

/** Writes the table of docs/reliability.md from the run, when RELIABILITY=write asks for it. */
export default class ReliabilityReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env.RELIABILITY !== 'write') return;
    const results = reliabilityRows.map((row) => resultOf(row, modules));
    const text = readFileSync(page, 'utf8');
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    writeFileSync(page, `${before}${begin}\n${reliabilityTable(results, text)}\n${end}${after}`);
  }
}

/** A test that was skipped is one that did not hold. */
function resultOf(row: ReliabilityRow, modules: readonly TestModule[]): ReliabilityResult {
  const tests = modules.flatMap((module) => [...module.children.allTests()].filter((test) => isOf(row, module, test)));
  const passed = tests.filter((test) => test.result().state === 'passed');
  const cases = passed.reduce((sum, test) => sum + (test.meta().cases ?? 1), 0);
  return { row, cases, failed: tests.length - passed.length };
}

function isOf({ tests }: ReliabilityRow, module: TestModule, test: TestCase): boolean {
  const file = module.relativeModuleId.replace(/^tests\//, '');
  return tests.some(([path, name = '']) => file.startsWith(path) && test.name.startsWith(name));
}
