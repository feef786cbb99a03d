import { TestRunner } from 'vitest';

/** One promise, one way to break it, and the tests that try. */
export interface ReliabilityRow {
  readonly promise: string;
  readonly fault: string;
  /** Which tests: the file below `tests/`, and how the names of its tests begin. */
  readonly tests: readonly (readonly [file: string, name?: string])[];
}

/** What a row came to in a run. */
export interface ReliabilityResult {
  readonly row: ReliabilityRow;
  readonly cases: number;
  readonly failed: number;
}

declare module 'vitest' {
  interface TaskMeta {
    /** How many cases a test has tried; a test that does not say it is one. */
    cases?: number;
  }
}

/** Notes how many cases the test that runs has tried, for docs/reliability.md. */
export function tried(cases: number): void {
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta) meta.cases = (meta.cases ?? 0) + cases;
}

const wholeOrNothing = 'Every file is old or new, the record fits it, and the next run completes';

/** The table of docs/reliability.md. */
export const reliabilityRows: readonly ReliabilityRow[] = [
  {
    promise: wholeOrNothing,
    fault: 'killed before the n-th file-system call of push, clean, pull and restore, for every n (disk in memory)',
    tests: [['every-call.test.ts', 'at any call the process is killed']],
  },
  {
    promise: wholeOrNothing,
    fault: 'killed with SIGKILL at every write, rename and unlink that strace shows (real disk)',
    tests: [['killed.test.ts']],
  },
  {
    promise: wholeOrNothing,
    fault:
      'the power goes before each call that changes the disk; what was not forced out is lost, or half of it (in memory)',
    tests: [['every-call.test.ts', 'at any call the power goes']],
  },
  {
    promise: wholeOrNothing,
    fault: 'the undoing of a killed run is itself killed at its n-th call, for every n',
    tests: [['every-call.test.ts', 'is undone by the next command']],
  },
  {
    promise: 'Everything is put back and the reason told, or the run completes',
    fault: 'the n-th call fails (EIO), for every n',
    tests: [['every-call.test.ts', 'any call fails once']],
  },
  {
    promise: 'Everything is put back and the reason told, or the run completes',
    fault: 'the disk is full from the n-th call on that takes space, for every n; a part of a file is written',
    tests: [['every-call.test.ts', 'any call and every write']],
  },
  {
    promise: 'What another program wrote is kept, and the run goes on from it or stops',
    fault: 'another program writes at the n-th call of a push, for every n; again and again; while we undo',
    tests: [['races.test.ts']],
  },
  {
    promise: 'No write of either side is lost, and the clients load what is there',
    fault: 'the real Codex, the real Claude Code write in a loop for a minute while push runs in a loop',
    tests: [['clients/writing-at-once.test.ts']],
  },
  {
    promise: "Two runs never overlap; Claude Code's lock is respected and never left behind",
    fault: 'locks held, stale, left by kills, of other machines, taken over by two at once',
    tests: [['locks.test.ts']],
  },
  {
    promise: 'Every run that changed a file can be taken back, byte, mode and link',
    fault: 'restore of push, clean, pull, restore and overwrites; files changed since; damaged backups',
    tests: [['restore.test.ts']],
  },
  {
    promise: 'No value or comment of the user is lost, files parse, the record is true, check-sync does not lie',
    fault: 'generated sequences of commands, edits on both sides, rewrites by the clients, kills and power cuts',
    tests: [['sequences.test.ts']],
  },
  {
    promise: 'One clear error with a remedy and nothing half-written, or the right result',
    fault: 'read-only folders, full 64 KB disks, links in circles, FIFOs, folders where files belong, and their like',
    tests: [['hostile-files.test.ts'], ['hostile-disks.test.ts'], ['hostile-changes.test.ts']],
  },
  {
    promise: 'One clear error with a remedy and nothing half-written, or the right result',
    fault: 'skills and memories as an attacker or an accident makes them',
    tests: [['hostile-source.test.ts']],
  },
  {
    promise: 'Nothing is followed, hung on or printed raw; pull never writes outside its folder',
    fault: 'a runtime as an attacker or an accident makes it',
    tests: [['hostile-runtime.test.ts']],
  },
  {
    promise: 'Refused with line and column, or every byte kept; never a hang or a crash',
    fault: 'TOML and JSON as an attacker or an accident makes them',
    tests: [['hostile-texts.test.ts']],
  },
  {
    promise: 'get after put; put of what is there changes nothing; put then remove gives the bytes back',
    fault: 'generated and mutated documents with generated edits (TOML)',
    tests: [['laws/toml']],
  },
  {
    promise: 'get after put; put of what is there changes nothing; put then remove gives the bytes back',
    fault: 'generated and mutated documents with generated edits (JSON)',
    tests: [['laws/json']],
  },
  {
    promise: 'get after put; put of what is there changes nothing; put then remove gives the bytes back',
    fault: 'generated and mutated documents with generated edits (Markdown)',
    tests: [['laws/markdown']],
  },
  {
    promise: 'What Codex reads we never refuse; what Codex refuses we never write',
    fault: 'valid and invalid documents of the TOML language, read by the real Codex and by us',
    tests: [['clients/toml-suite.test.ts']],
  },
  {
    promise: 'The writers in the sequences write what the real clients write',
    fault: 'generated documents, with our block and without, rewritten by the real clients and by the models',
    tests: [['clients/writers.test.ts']],
  },
];

/** The table as Markdown. A row that was not tried keeps the line it has in the old table. */
export function reliabilityTable(results: readonly ReliabilityResult[], old: string): string {
  const rows = results.map(({ row, cases, failed }) => {
    const words = `| ${row.promise} | ${row.fault} |`;
    const before = old.split('\n').find((line) => line.replaceAll(/ +/g, ' ').startsWith(words));
    return cases + failed === 0 && before
      ? before
      : `${words} ${cases} | ${cases > 0 && failed === 0 ? 'held' : 'BROKEN'} |`;
  });
  return ['| Promise | Fault | Cases tried | Result |', '| --- | --- | ---: | --- |', ...rows, ''].join('\n');
}
