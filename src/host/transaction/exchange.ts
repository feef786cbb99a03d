import { spawnSync } from 'node:child_process';
import { arch, platform } from 'node:os';

/** What came of an exchange. Nothing was changed when the file had moved on, or the machine is unable to. */
export type Exchanged = 'exchanged' | 'moved' | 'unable';

/** The number of renameat2(2), by processor (Linux's own tables of system calls). */
const callNumbers: Readonly<Record<string, number>> = {
  ...{ x64: 316, arm64: 276, riscv64: 276, loong64: 276, arm: 382, ia32: 353, ppc64: 357, s390x: 347 },
};

/**
 * RENAME_EXCHANGE (2) swaps two names in one step, so what was really replaced can be looked at after it, and given back
 * at once. It is looked at before, too, since starting Perl takes milliseconds: a client that reads our file while it is
 * given back would write without what it has just written. The names are relative to the working folder (AT_FDCWD, -100) unless absolute.
 */
const script = `
my ($call, $staged, $target) = @ARGV;
sub swap { syscall($call + 0, -100, $staged, -100, $target, 2) == 0 }
sub content { open(my $file, '<:raw', $_[0]) or return; local $/; my $text = <$file>; $text // '' }
binmode(STDIN);
my $want = do { local $/; <STDIN> } // '';
my $now = content($target);
exit 3 if !defined $now;
exit 4 if $now ne $want;
swap() or exit 3;
my $have = content($staged);
exit 0 if defined $have && $have eq $want;
exit(swap() ? 4 : 5);
`;

const outcomes: Readonly<Record<number, Exchanged>> = { 0: 'exchanged', 3: 'unable', 4: 'moved' };

/**
 * Swaps a staged file with its target in one step, if the target holds the bytes that should be there: the staged name then has
 * the old file. Node has no such call, and a package with native code is much to load for one, so Perl makes it, which stands on
 * nearly every Linux. 'unable' elsewhere, and on file systems without it.
 */
export function exchangeFiles(staged: string, target: string, there: Uint8Array, perl = '/usr/bin/perl'): Exchanged {
  const call = callNumbers[arch()];
  if (platform() !== 'linux' || call === undefined) return 'unable';
  const words = ['-e', script, '--', `${call}`, staged, target];
  const { status, pid } = spawnSync(perl, words, { env: {}, input: there, stdio: ['pipe', 'ignore', 'ignore'] });
  if (pid === 0) return 'unable';
  const outcome = outcomes[status ?? -1];
  // It was killed, or could not give back what it had taken: the undoing sees what stands where.
  if (outcome) return outcome;
  throw Object.assign(new Error(`the exchange of ${target} was cut off`), { code: 'EINTR', path: target });
}
