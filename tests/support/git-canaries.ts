import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commitAll, type GitRan, git } from './git.ts';
import { refusing } from './refusing-server.ts';
import type { Sandbox } from './sandbox.ts';

// Every way in which a repository can make git start a program, each with commands of plain git that do start it.

/** A repository that something is planted in. */
export interface Planting {
  readonly sandbox: Sandbox;
  readonly repo: string;
  /** A program that notes its name when it is started; gives its path. */
  canary(name: string): string;
  /** `git config` there. */
  set(...words: string[]): void;
}

/** A copy of that repository, to show with plain git that the canaries are live. */
export interface Trial {
  readonly folder: string;
  /** Runs git, whatever comes of it. */
  run(...words: string[]): GitRan;
  /** The same on a terminal. */
  runOnTerminal(...words: string[]): Promise<unknown>;
}

/** One way: how it is planted, and what plain git starts it by. */
export interface Mechanism {
  readonly name: string;
  plant(at: Planting): unknown;
  live(trial: Trial): unknown;
  /** Plain git starts it on a terminal only. */
  readonly needsTerminal?: true;
  /** The folder of the repository in which it works. */
  readonly below?: string;
}

const memory = 'clients/shared/memory/global.md';

const run =
  (...commands: readonly (readonly string[])[]) =>
  (trial: Trial) => {
    for (const words of commands) trial.run(...words);
  };

const attributes = ({ sandbox }: Planting, text: string) => sandbox.write('repo/.gitattributes', text);

/** A filter that is named in the attributes of the root; the way to its configuration is what differs. */
function filter(name: string, plant: (at: Planting) => unknown): Mechanism {
  const planted = (at: Planting) => {
    attributes(at, '* filter=x\n');
    plant(at);
  };
  return { name, plant: planted, live: run(['status']) };
}

/** A file that stands among those of the repository, as configuration that names a filter. */
function committedConfig({ sandbox, repo, canary }: Planting): string {
  sandbox.write('repo/settings/git.config', `[filter "x"]\n\tclean = "${canary('clean')}"\n`);
  return join(repo, 'settings/git.config');
}

const filters: readonly Mechanism[] = [
  filter('filter.*.clean', ({ set, canary }) => set('filter.x.clean', canary('clean'))),
  filter('filter.*.process', ({ set, canary }) => set('filter.x.process', canary('process'))),
  {
    name: 'filter.*.smudge',
    plant: (at) => {
      attributes(at, '* filter=x\n');
      at.set('filter.x.smudge', at.canary('smudge'));
    },
    live: run(['checkout', 'HEAD', '--', memory]),
  },
  {
    name: 'a filter in .git/info/attributes',
    plant: ({ sandbox, set, canary }) => {
      set('filter.x.clean', canary('clean'));
      sandbox.write('repo/.git/info/attributes', '* filter=x\n');
    },
    live: run(['status']),
  },
  {
    name: 'a filter by a macro in the .gitattributes of a folder below',
    plant: ({ sandbox, set, canary }) => {
      set('filter.x.clean', canary('clean'));
      sandbox.write('repo/.gitattributes', '[attr]plain filter=x\n');
      sandbox.write('repo/clients/shared/memory/.gitattributes', '*.md plain\n');
    },
    live: run(['status']),
  },
  {
    name: 'a filter by core.attributesFile, in config.worktree',
    plant: ({ sandbox, set, canary }) => {
      sandbox.write('repo/settings/attributes', '* filter=x\n');
      set('extensions.worktreeConfig', 'true');
      set('--worktree', 'core.attributesFile', join(sandbox.repo, 'settings/attributes'));
      set('--worktree', 'filter.x.clean', canary('clean'));
    },
    live: run(['status']),
  },
  filter('include.path', (at) => {
    committedConfig(at);
    at.set('include.path', '../settings/git.config');
  }),
  filter('includeIf.gitdir', (at) => at.set('includeIf.gitdir:/**.path', committedConfig(at))),
  filter('includeIf.onbranch', (at) => at.set('includeIf.onbranch:main.path', committedConfig(at))),
  filter('includeIf.hasconfig', (at) => at.set('includeIf.hasconfig:remote.*.url:**.path', committedConfig(at))),
];

/** The attribute `diff`, and one key of its driver. */
function driver(key: string, live: Mechanism['live']): Mechanism {
  const plant = (at: Planting) => {
    attributes(at, '* diff=x\n');
    at.set(`diff.x.${key}`, at.canary(key));
  };
  return { name: `diff.*.${key}`, plant, live };
}

/** A key whose value is a program. */
function key(name: string, live: Mechanism['live'], ...others: readonly (readonly [string, string])[]): Mechanism {
  const plant = ({ set, canary }: Planting) => {
    set(name, canary(name));
    for (const [other, value] of others) set(other, value);
  };
  return { name, plant, live };
}

const conflictIn = (trial: Trial) => {
  run(['commit', '-qam', 'One'], ['checkout', '-q', '-b', 'other', 'HEAD~1'])(trial);
  cpSync(join(trial.folder, 'clients/shared/memory/conventions.md'), join(trial.folder, memory));
  run(['commit', '-qam', 'Two'], ['merge', 'main'])(trial);
};

const looks: readonly Mechanism[] = [
  driver('textconv', run(['blame', memory])),
  driver('command', run(['diff'])),
  key('diff.external', run(['diff'])),
  key('core.fsmonitor', run(['status'])),
  { ...key('interactive.diffFilter', (trial) => trial.runOnTerminal('add', '--patch')), needsTerminal: true },
  key('difftool.x.cmd', run(['difftool', '--no-prompt', '--tool=x'])),
  key('mergetool.x.cmd', (trial) => {
    conflictIn(trial);
    trial.run('mergetool', '--no-prompt', '--tool=x');
  }),
  {
    name: 'merge.*.driver',
    plant: (at) => {
      attributes(at, '* merge=x\n');
      at.set('merge.x.driver', at.canary('driver'));
    },
    live: conflictIn,
  },
  key('core.editor', run(['commit', '--all'])),
  key('sequence.editor', run(['stash'], ['rebase', '--interactive', 'HEAD~1'])),
  key('trailer.x.command', run(['interpret-trailers'])),
  key('trailer.x.cmd', run(['interpret-trailers', '--trailer', 'x=y'])),
  key('tar.x.command', run(['archive', '--format=x', 'HEAD'])),
  key('man.x.cmd', run(['help', '--man', 'log']), ['man.viewer', 'x']),
  {
    name: 'aliases',
    plant: ({ set, canary }) => {
      for (const name of ['st', 'log', 'blame', 'ls-files', 'rev-parse']) set(`alias.${name}`, `!${canary('alias')}`);
    },
    live: run(['st']),
  },
  {
    name: 'pagers',
    plant: ({ set, canary }) => {
      for (const name of ['core.pager', 'pager.log', 'pager.blame', 'pager.config']) set(name, canary(name));
    },
    live: async (trial) => {
      for (const words of [['diff'], ['log'], ['blame', memory], ['config', '--list']])
        await trial.runOnTerminal(...words);
    },
    needsTerminal: true,
  },
];

const hookNames = [
  ...['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'post-index-change', 'reference-transaction'],
  ...['post-checkout', 'pre-push', 'pre-receive', 'update', 'post-receive', 'post-rewrite', 'post-merge'],
];

function hooks(name: string, folder: string, more: (at: Planting) => void): Mechanism {
  const plant = (at: Planting) => {
    mkdirSync(join(at.repo, folder), { recursive: true });
    for (const each of hookNames) cpSync(at.canary(each), join(at.repo, folder, each));
    more(at);
  };
  const live = run(
    ['commit', '-qam', 'One'],
    ['commit', '-q', '--amend', '-m', 'Two'],
    ['checkout', '-q', '-b', 'other', 'HEAD~1'],
    ['push', '.', 'other:refs/heads/pushed'],
    ['merge', '-q', 'main'],
  );
  return { name, plant, live };
}

const hooked: readonly Mechanism[] = [
  hooks('hooks in .git/hooks', '.git/hooks', () => undefined),
  hooks('core.hooksPath, a folder of the repository', 'settings/hooks', ({ repo, set }) =>
    set('core.hooksPath', join(repo, 'settings/hooks')),
  ),
];

/** A commit like the last one, with a signature, in its place. */
function sign({ repo, sandbox }: Planting, kind: string): void {
  const [head = '', ...rest] = git(repo, 'cat-file', '-p', 'HEAD').split('\n\n');
  const armour = `-----BEGIN ${kind}-----\n \n iQ==\n -----END ${kind}-----`;
  sandbox.write('signed', `${head}\ngpgsig ${armour}\n\n${rest.join('\n\n')}\n`);
  const commit = git(repo, 'hash-object', '-t', 'commit', '-w', join(sandbox.root, 'signed'));
  git(repo, 'update-ref', 'HEAD', commit);
}

function signature(name: string, kind: string): Mechanism {
  const plant = (at: Planting) => {
    sign(at, kind);
    at.set(name, at.canary(name));
    at.set('gpg.ssh.allowedSignersFile', '/dev/null');
    at.set('log.showSignature', 'true');
  };
  return { name: `${name} and log.showSignature`, plant, live: run(['log', '-1']) };
}

const signatures: readonly Mechanism[] = [
  signature('gpg.program', 'PGP SIGNATURE'),
  signature('gpg.ssh.program', 'SSH SIGNATURE'),
  signature('gpg.x509.program', 'SIGNED MESSAGE'),
  key('gpg.ssh.defaultKeyCommand', run(['commit', '-qam', 'One']), ['gpg.format', 'ssh'], ['commit.gpgSign', 'true']),
];

/** Where `origin` is, and what git starts to get there. */
const remotes: readonly (readonly [name: string, plant: (at: Planting) => void])[] = [
  [
    'core.sshCommand',
    ({ set, canary }) => {
      set('remote.origin.url', 'ssh://host.invalid/x');
      set('core.sshCommand', canary('ssh'));
    },
  ],
  [
    'core.gitProxy',
    ({ set, canary }) => {
      set('remote.origin.url', 'git://host.invalid/x');
      set('core.gitProxy', canary('proxy'));
    },
  ],
  [
    'an address of ext::',
    ({ set, canary }) => {
      set('remote.origin.url', `ext::${canary('ext')}`);
      set('protocol.ext.allow', 'always');
    },
  ],
  [
    'url.*.insteadOf',
    ({ set, canary }) => {
      set('remote.origin.url', 'https://host.invalid/x');
      set(`url.ext::${canary('ext')} .insteadOf`, 'https://host.invalid/');
      set('protocol.ext.allow', 'always');
    },
  ],
  [
    'remote.*.uploadpack',
    ({ set, canary, sandbox }) => {
      git(sandbox.root, 'init', '-q', 'upstream');
      set('remote.origin.url', join(sandbox.root, 'upstream'));
      set('remote.origin.uploadpack', canary('uploadpack'));
    },
  ],
  [
    'credential.helper and core.askPass',
    ({ set, canary, sandbox }) => {
      const { address } = refusing(sandbox);
      set('remote.origin.url', address);
      set('credential.helper', canary('helper'));
      set(`credential.${address}.helper`, canary('helper of one address'));
      set('core.askPass', canary('askpass'));
    },
  ],
];

/** The objects of the files in question go, so that git asks the remote that promised them. */
function forget({ repo, set }: Planting): void {
  set('extensions.partialClone', 'origin');
  set('remote.origin.promisor', 'true');
  for (const commit of ['HEAD', 'HEAD~1'])
    for (const path of [memory, 'clients/codex/config-fragment.toml']) {
      const object = git(repo, 'rev-parse', `${commit}:${path}`);
      rmSync(join(repo, '.git/objects', object.slice(0, 2), object.slice(2)), { force: true });
    }
}

const reached: readonly Mechanism[] = [
  ...remotes.map(([name, plant]) => ({ name: `${name}, of a remote`, plant, live: run(['fetch']) })),
  ...remotes.map(([name, plant]) => ({
    name: `${name}, of a promisor remote`,
    plant: (at: Planting) => {
      forget(at);
      plant(at);
    },
    live: run(['cat-file', '-p', `HEAD:${memory}`]),
  })),
  {
    name: 'core.alternateRefsCommand',
    plant: ({ sandbox, repo, set, canary }) => {
      git(sandbox.root, 'clone', '-q', '--bare', repo, 'other');
      sandbox.write('repo/.git/objects/info/alternates', `${join(sandbox.root, 'other/objects')}\n`);
      set('remote.origin.url', join(sandbox.root, 'other'));
      set('core.alternateRefsCommand', canary('alternates'));
    },
    live: run(['fetch']),
  },
];

/** Another repository that says it is this one, and has promised the commits that it lacks: whether it holds one is asked of git. */
const pretender: Mechanism = {
  name: 'a promisor remote, of a repository with a copied id',
  plant: ({ sandbox, repo, set, canary }) => {
    sandbox.write('repo/clients/syncline.toml', `id = "${git(repo, 'rev-list', '--max-parents=0', 'HEAD')}"\n`);
    rmSync(join(repo, '.git'), { recursive: true });
    commitAll(repo, 'Another');
    set('extensions.partialClone', 'origin');
    set('remote.origin.promisor', 'true');
    set('remote.origin.url', `ext::${canary('ext')}`);
    set('protocol.ext.allow', 'always');
  },
  live: run(['cat-file', '-e', '1'.repeat(40)]),
};

/** A repository of its own in the folder `inner`. */
function inner({ sandbox, repo }: Planting): string {
  const folder = join(repo, 'inner');
  sandbox.write('repo/inner/.gitattributes', '* filter=x\n');
  git(folder, 'init', '-q');
  sandbox.write('repo/inner/a.txt', 'A\n');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'x');
  return folder;
}

/** What makes `inner` a submodule. */
function listInner({ sandbox, repo }: Planting): void {
  sandbox.write('repo/.gitmodules', '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n');
  git(repo, 'update-index', '--add', '--cacheinfo', `160000,${git(join(repo, 'inner'), 'rev-parse', 'HEAD')},inner`);
}

const places: readonly Mechanism[] = [
  {
    name: 'a filter of a submodule',
    plant: (at) => {
      const folder = inner(at);
      listInner(at);
      git(folder, 'config', 'filter.x.clean', at.canary('clean'));
      at.sandbox.write('repo/inner/a.txt', 'B\n');
    },
    live: run(['status']),
  },
  {
    name: 'core.fsmonitor of a submodule',
    plant: (at) => {
      const folder = inner(at);
      listInner(at);
      git(folder, 'config', 'core.fsmonitor', at.canary('monitor'));
    },
    live: run(['status']),
  },
  {
    name: 'submodule.*.update',
    plant: (at) => {
      const folder = inner(at);
      listInner(at);
      at.set('submodule.inner.url', folder);
      at.set('submodule.inner.update', `!${at.canary('update')}`);
      at.set('submodule.recurse', 'true');
      git(folder, 'commit', '-q', '--allow-empty', '-m', 'y');
    },
    live: run(['submodule', 'update']),
  },
  {
    name: 'a .git that is a file and leads to a folder of the repository',
    plant: (at) => {
      attributes(at, '* filter=x\n');
      at.set('filter.x.clean', at.canary('clean'));
      renameSync(join(at.repo, '.git'), join(at.repo, 'store'));
      at.sandbox.write('repo/.git', 'gitdir: store\n');
    },
    live: run(['status']),
  },
  {
    name: 'a .git that leads to the common folder of a work tree, in the repository',
    plant: (at) => {
      attributes(at, '* filter=x\n');
      at.set('filter.x.clean', at.canary('clean'));
      renameSync(join(at.repo, '.git'), join(at.repo, 'store'));
      for (const name of ['HEAD', 'index']) cpSync(join(at.repo, 'store', name), join(at.repo, 'tree', name));
      at.sandbox.write('repo/tree/commondir', '../store\n');
      at.sandbox.write('repo/tree/gitdir', `${join(at.repo, '.git')}\n`);
      at.sandbox.write('repo/.git', 'gitdir: tree\n');
    },
    live: run(['status']),
  },
];

/** A repository of the usual inner form, which stands in a folder as any other files do: a plain clone brings it along. */
const bare: Mechanism = {
  name: 'a bare repository that stands in a folder',
  plant: (at) => {
    const { sandbox, repo, canary } = at;
    cpSync(join(repo, 'clients'), join(repo, 'inner/clients'), { recursive: true });
    const folder = inner(at);
    git(folder, 'config', 'filter.x.clean', canary('clean'));
    git(folder, 'config', 'core.worktree', '.');
    git(folder, 'config', 'core.fsmonitor', canary('monitor'));
    for (const name of ['HEAD', 'config', 'index', 'objects', 'refs'])
      renameSync(join(folder, '.git', name), join(folder, name));
    rmSync(join(folder, '.git'), { recursive: true });
    sandbox.write('repo/inner/a.txt', 'B\n');
  },
  live: run(['-C', 'inner', 'status']),
  below: 'inner',
};

/** All of them. `uploadpack.packObjectsHook` is none: git takes it from the configuration of a repository no more. */
export const mechanisms: readonly Mechanism[] = [
  ...filters,
  ...looks,
  ...hooked,
  ...signatures,
  ...reached,
  pretender,
  ...places,
  bare,
];
