import { join } from 'node:path';
import { toml } from '../../formats/toml/toml.ts';
import type { Finding } from '../../model/finding.ts';
import { valueAt } from '../../model/value.ts';
import { type Answer, type Checkup, type Complaint, type Seen, warning } from '../checkup.ts';
import { hiddenKeys, managedNote } from '../managed-files.ts';
import { shellLine } from '../shell-line.ts';
import { untrustedHooks } from './hook-trust.ts';
import { codexNeeds } from './needs.ts';

/** Codex 0.169. Its strict reading names a key that it does not know; the plain one tells whether it loads at all. */
export const codexCheckup: Checkup = {
  program: 'codex',
  install: 'npm install -g @openai/codex',
  oracle: {
    homeVariable: 'CODEX_HOME',
    variables: {},
    files: [{ file: 'config.toml' }],
    questions: [
      ['app-server', '--strict-config', '--print-startup-config'],
      ['app-server', '--print-startup-config'],
    ],
    read: readAnswers,
  },
  needs: codexNeeds,
  secretFiles: ['auth.json'],
  looksAt: ({ root }, platform) => [join(root, 'AGENTS.override.md'), ...managedFiles(platform)],
  hides: (seen) => [...overrides(seen), ...rewrittenMemories(seen), ...waitingHooks(seen), ...managed(seen)],
};

/** A layer above the user's, what restricts it, and one below it. Windows keeps none where we know it. */
function managedFiles(platform: string): string[] {
  return platform === 'win32'
    ? []
    : ['managed_config.toml', 'requirements.toml', 'config.toml'].map((name) => `/etc/codex/${name}`);
}

function readAnswers([strict, plain]: readonly Answer[]): readonly Complaint[] | undefined {
  if (strict?.code === 0) return [];
  const refused = plain && plain.code !== 0;
  const complaint = complaintIn(refused ? plain : strict);
  return complaint && [{ severity: refused ? 'error' : 'warning', ...complaint }];
}

function complaintIn(answer: Answer | undefined): Omit<Complaint, 'severity'> | undefined {
  const data = errorData(answer?.out ?? '');
  if (typeof data?.detail !== 'string') return undefined;
  const { filePath: path, line, column, detail } = data;
  const place = typeof path === 'string' ? `${path}:${line}:${column}: ` : '';
  return {
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof line === 'number' ? { line } : {}),
    ...(typeof column === 'number' ? { column } : {}),
    says: detail.startsWith(place) ? detail.slice(place.length) : detail,
  };
}

function errorData(text: string): Record<string, unknown> | undefined {
  try {
    return (JSON.parse(text) as { error?: { data?: Record<string, unknown> } }).error?.data;
  } catch {
    return undefined;
  }
}

/** An empty one hides nothing. */
function overrides({ home, texts, deploys }: Seen): Finding[] {
  const path = join(home.root, 'AGENTS.override.md');
  if ((texts.get(path) ?? '').trim() === '' || !deploys('AGENTS.md')) return [];
  const message = 'Codex reads this file instead of AGENTS.md, so what we deploy there does not reach it';
  return [
    warning(
      'hidden-instructions',
      message,
      `Move what you need into AGENTS.md, then: ${shellLine(['rm', path])}`,
      path,
    ),
  ];
}

function rewrittenMemories({ home, files, deploys }: Seen): Finding[] {
  if (valueAt(files('config.toml'), ['features', 'memories']) !== true || !deploys('memories')) return [];
  const message =
    'with [features] memories, Codex itself writes in the folder that holds our memories, and deletes links in it';
  return [
    warning('memories-rewritten', message, 'Turn it off: codex features disable memories', join(home.root, 'memories')),
  ];
}

function waitingHooks({ home, realHome, files }: Seen): Finding[] {
  const state = valueAt(files('config.toml'), ['hooks', 'state']);
  return ['hooks.json', 'config.toml'].flatMap((file) => {
    const path = join(home.root, file);
    const events = new Set(untrustedHooks(files(file), [path, join(realHome, file)], state).map(({ event }) => event));
    if (events.size === 0) return [];
    const message = `Codex does not run hooks that you have not trusted as they are now: ${[...events].join(', ')}`;
    return [warning('hook-untrusted', message, 'Trust them: start "codex", then type /hooks', path)];
  });
}

function managed({ files, texts, platform }: Seen): Finding[] {
  return managedFiles(platform).flatMap((path) => {
    const text = texts.get(path);
    if (text === undefined) return [];
    if (!path.endsWith('managed_config.toml')) return [managedNote('Codex', path)];
    const hidden = hiddenKeys(text, toml, files('config.toml'));
    return hidden.length > 0 ? [hiddenBy(path, hidden)] : [managedNote('Codex', path)];
  });
}

function hiddenBy(path: string, keys: readonly string[]): Finding {
  const message = `this file of the machine's administrator goes over yours: ${keys.join(', ')}`;
  return warning('managed-settings', message, 'Ask the administrator, or take these keys out of your source.', path);
}
