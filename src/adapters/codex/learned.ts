import type { Environment } from '../../model/paths.ts';
import { isTable, type Table, type Value } from '../../model/value.ts';
import type { Learned, LearnedMemory } from '../client.ts';

const folder = 'memories';

type Said = Omit<LearnedMemory, 'name'>;

/**
 * The memories that Codex 0.169 writes with `[features] memories`: a summary, a handbook of task groups, and one recap
 * for each session. `raw_memories.md`, `phase2_workspace_diff.md`, `extensions/` and `skills/` are what it works with.
 */
export function codexLearned({ home }: Environment, values: (file: string) => Table): Learned {
  const roots = projectRoots(values('config.toml').projects, home);
  const projectOf = (cwd: string | undefined) =>
    cwd ? (roots.find((root) => isAtOrBelow(cwd, root)) ?? cwd) : undefined;
  return {
    folders: [{ folder, owned: ['.git', 'extensions', 'skills'] }],
    isMemory: (path) => /^memories\/(?:MEMORY\.md|memory_summary\.md|rollout_summaries\/[^/.][^/]*\.md)$/.test(path),
    memories: (path, text) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (path === `${folder}/MEMORY.md`) return handbook(text, projectOf).map((group) => ({ name, ...group }));
      return [{ name, ...(path === `${folder}/memory_summary.md` ? summary(text) : recap(text, projectOf)) }];
    },
  };
}

/** The projects that the user trusts, the deepest first: a session may have worked in a folder of one. */
function projectRoots(projects: Value | undefined, home: string): string[] {
  const paths = isTable(projects) ? Object.keys(projects) : [];
  const own = paths.filter((path) => path !== '' && !isAtOrBelow(home, path));
  return own.sort((a, b) => b.length - a.length);
}

function isAtOrBelow(path: string, root: string): boolean {
  const start = root.replace(/[/\\]+$/, '');
  return path === start || (path.startsWith(start) && /[/\\]/.test(path[start.length] as string));
}

/** The first line of a summary is the version of its form. */
function summary(text: string): Said {
  return { text, body: text.replace(/^v\d+\r?\n/, '') };
}

/** One session: `thread_id:`, `updated_at:`, `rollout_path:`, `cwd:` and `git_branch:` stand before what it says. */
function recap(text: string, projectOf: (cwd: string | undefined) => string | undefined): Said {
  const head = /^(?:[a-z_]+: [^\n]*\n)+/.exec(text)?.[0] ?? '';
  const project = projectOf(/^cwd: ([^\r\n]+)/m.exec(head)?.[1]?.trim());
  return { ...(project ? { project } : {}), text, body: text.slice(head.length) };
}

/** `MEMORY.md`: each `# Task Group:` says which working directory it applies to; the other text is general. */
function handbook(text: string, projectOf: (cwd: string | undefined) => string | undefined): Said[] {
  const groups = new Map<string | undefined, string>();
  for (const block of text.split(/^(?=# Task Group:)/m)) {
    const project = projectOf(block.startsWith('# Task Group:') ? cwdOf(block) : undefined);
    groups.set(project, `${groups.get(project) ?? ''}${block}`);
  }
  return [...groups].map(([project, part]) => {
    return { ...(project ? ({ project, part: true } as const) : {}), text: part, body: part };
  });
}

/** The directory of a block's header; where it names several or none, the one that all its sessions ran in. */
function cwdOf(block: string): string | undefined {
  const [, named] = /^applies_to:[ \t]*cwd=([^;\r\n]+)/m.exec(block) ?? [];
  const path = named?.trim().replace(/^`(.*)`$/, '$1');
  if (path !== undefined && /^(?:[/\\]|~[/\\]|[A-Za-z]:[/\\])/.test(path) && !/,| (?:and|or) /.test(path)) return path;
  const ran = new Set([...block.matchAll(/\(cwd=([^,)\r\n]+)/g)].map(([, cwd]) => (cwd as string).trim()));
  return ran.size === 1 ? [...ran][0] : undefined;
}
