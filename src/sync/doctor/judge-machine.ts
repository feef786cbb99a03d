import { warning } from '../../adapters/checkup.ts';
import { shellLine } from '../../adapters/shell-line.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { MachineFacts, OpenPlace } from './facts.ts';

/** The oldest Node that Syncline runs on; package.json says the same. */
export const oldestNode = '20.12';

/** What is wrong with the machine, and with our own state on it. */
export function judgeMachine(facts: MachineFacts): Finding[] {
  return [
    ...(isOlder(facts.node, oldestNode) ? [oldNode(facts.node)] : []),
    ...(facts.hasGit ? [] : [noGit(facts.platform)]),
    ...(facts.foreign ? [facts.foreign] : []),
    ...locks(facts),
    ...facts.clientLocks.map(({ path, title }) => leftClientLock(path, title)),
    ...facts.open.map(openPlace),
  ];
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = than.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function oldNode(version: string): Finding {
  const message = `Node ${version} is older than ${oldestNode}, on which Syncline is tested: it may fail in the middle of a run`;
  return problem('node-old', message, 'Install a newer one, with nvm for instance: nvm install 24');
}

const gitInstallers: Readonly<Record<string, string>> = {
  darwin: 'xcode-select --install',
  win32: 'winget install Git.Git',
};

function noGit(platform: string): Finding {
  const message = 'git is not on PATH: Syncline then knows your repository only by where it stands';
  return warning('git-missing', message, `Install it: ${gitInstallers[platform] ?? 'sudo apt install git'}`);
}

/** A journal under a lock that is held is a run under way. */
function locks({ lock, journal }: MachineFacts): Finding[] {
  if (lock && !lock.left) return [runUnderWay(lock.path, lock.by)];
  return [...(lock ? [leftLock(lock.path, lock.by)] : []), ...(journal === undefined ? [] : [unfinished(journal)])];
}

function runUnderWay(path: string, by: string): Finding {
  const message = `${by} runs right now: what is said here may be out of date when it is done`;
  return {
    code: 'run-under-way',
    severity: 'note',
    message,
    remedy: 'Run again when it is done: syncline doctor',
    path,
  };
}

function leftLock(path: string, by: string): Finding {
  const message = `${by} was cut off and left its lock: others may wait for it`;
  return warning('lock-left', message, `Remove it: ${shellLine(['rm', '-r', path])}`, path);
}

function unfinished(path: string): Finding {
  const message = 'a run was cut off in the middle: some of its files may be written and others not';
  return warning('unfinished-run', message, 'Undo it: syncline check-sync', path);
}

function leftClientLock(path: string, title: string): Finding {
  const message = `${title} was cut off and left this lock of its file: each who writes the file waits for it`;
  return warning('client-lock-left', message, `Remove it: ${shellLine(['rmdir', path])}`, path);
}

function openPlace({ path, kind }: OpenPlace): Finding {
  if (kind === 'file') {
    const message = 'the file holds secrets, and others on this machine may read it';
    return warning('secret-open', message, `Close it: ${shellLine(['chmod', '600', path])}`, path);
  }
  const message =
    'others on this machine may look into the state folder, which holds your files as they were before each run';
  return warning('state-open', message, `Close it: ${shellLine(['chmod', '700', path])}`, path);
}
