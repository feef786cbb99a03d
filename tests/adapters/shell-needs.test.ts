import { expect, it } from 'vitest';
import { needsOfLine } from '../../src/adapters/shell-needs.ts';

const place = { file: 'f', path: [], by: 'x' };

/** The program that a line starts first, and the variables that it cannot do without. */
const lines: readonly (readonly [line: string, program: string | undefined, variables: readonly string[]])[] = [
  ['jq .', 'jq', []],
  ['  /opt/tools/check --all', '/opt/tools/check', []],
  ['~/bin/check', '/home/u/bin/check', []],
  ['$HOME/bin/check "$1" $? $$', '/home/u/bin/check', []],
  ['"$CLAUDE_PROJECT_DIR"/.claude/check.sh', undefined, []],
  ['"/opt/my tools/check" x', '/opt/my tools/check', []],
  ['A=1 B="two words" check $A $B', 'check', []],
  ['if [ -n "$CI" ]; then echo "$CI"; fi', undefined, []],
  ['for f in *; do echo $f; done', undefined, []],
  ['read -r line; echo "$line"', undefined, []],
  ['cd "$WORK" && make', undefined, ['WORK']],
  [`curl -H "X: \${KEY}" -d '{"a": "$KEEP"}' $URL`, 'curl', ['KEY', 'URL']],
  [`check \${A:-x} \${B:=x} \${C:?no} \${D+x} \\$E`, 'check', []],
  [`echo \${A:-x} $A`, undefined, []],
  ['(check)', undefined, []],
  ['{ check; }', undefined, []],
  ['$(which check) x', undefined, []],
  ['check;true', 'check', []],
  ['check>log', 'check', []],
  [`jq '.a as $x | $x'`, 'jq', []],
  [`echo "it's $HERE"`, undefined, ['HERE']],
];

it.each(lines)('%s', (line, program, variables) => {
  const needs = needsOfLine(line, place, { home: '/home/u' });
  const names = (kind: string) => needs.filter((need) => need.kind === kind).map(({ name }) => name);
  expect(names('program')).toEqual(program === undefined ? [] : [program]);
  expect(names('variable')).toEqual(variables);
});
