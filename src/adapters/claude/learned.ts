import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import type { Environment } from '../../model/paths.ts';
import { isTable, type Table, type Value } from '../../model/value.ts';
import type { Learned, LearnedFolder } from '../client.ts';

/**
 * Auto memory of Claude Code 2.1: `projects/<slug>/memory/**.md`, or the one folder that `autoMemoryDirectory` names for
 * all projects. Beside `memory/` stand the logs of all sessions.
 */
export function claudeLearned({ home }: Environment, values: (file: string) => Table): Learned {
  const moved = movedFolder(values('settings.json').autoMemoryDirectory, home);
  const paths = pathsBySlug(values('.claude.json').projects);
  return {
    folders: [moved ?? { folder: 'projects', each: 'memory', owned: [] }],
    isMemory: (path) =>
      path.endsWith('.md') &&
      !path
        .split('/')
        .slice(1)
        .some((name) => name.startsWith('.')),
    memories: (path, text) => {
      const [, ...below] = path.split('/');
      if (moved) return [{ name: below.join('/'), text, body: text }];
      const [slug, , ...rest] = below as [string, ...string[]];
      return [{ name: rest.join('/'), project: paths.get(slug) ?? slug, text, body: text }];
    },
  };
}

/** Claude takes an absolute path or one below `~/`, and neither the home itself nor a bare root. */
function movedFolder(value: Value | undefined, home: string): LearnedFolder | undefined {
  if (typeof value !== 'string' || value.includes('\0')) return undefined;
  const path = normalize(/^~[/\\]/.test(value) ? join(home, value.slice(2)) : value).replace(/[/\\]+$/, '');
  if (!isAbsolute(path) || path.length < 3 || path === dirname(path)) return undefined;
  return { root: dirname(path), folder: basename(path), owned: [], alias: 'autoMemoryDirectory' };
}

/** The projects that Claude knows, by their slugs; a slug that two of them have is left out. */
function pathsBySlug(projects: Value | undefined): Map<string, string> {
  const paths = new Map<string, string>();
  const doubled = new Set<string>();
  for (const path of isTable(projects) ? Object.keys(projects) : []) {
    const slug = slugOf(path);
    if (paths.has(slug)) doubled.add(slug);
    paths.set(slug, path);
  }
  for (const slug of doubled) paths.delete(slug);
  return paths;
}

const longestSlug = 200;

/** The name of the folder that Claude makes for a project; a long one ends in a digest of the path. */
function slugOf(path: string): string {
  const slug = path.replace(/[^a-zA-Z0-9]/g, '-');
  if (slug.length <= longestSlug) return slug;
  let digest = 0;
  for (let at = 0; at < path.length; at += 1) digest = (Math.imul(digest, 31) + path.charCodeAt(at)) | 0;
  return `${slug.slice(0, longestSlug)}-${Math.abs(digest).toString(36)}`;
}
