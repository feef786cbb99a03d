import type { IdentifiedRepository, Repository } from '../model/record.ts';

/**
 * What a repository is to one that deployed before: the same; another one; one of the same id of which nothing else agrees, as
 * where somebody copied the id; or a shallow clone, of which too little is here to say.
 */
export type Kinship = 'same' | 'other' | 'unproven' | 'shallow';

/** Compares by id, and where an id proves nothing by remotes and history. */
export function kinshipOf(recorded: Repository, now: IdentifiedRepository): Kinship {
  const { repository } = now;
  const byPath = isByPath(recorded) || isByPath(repository);
  if (!byPath && recorded.id !== repository.id) return 'other';
  // One root commit is one history.
  if (!byPath && !now.isNamed) return 'same';
  const evidence = evidenceOf(recorded, now);
  if (evidence === 'agrees') return 'same';
  const isHere = recorded.path === repository.path;
  if (evidence !== 'differs' && isHere) return 'same';
  if (evidence === 'none' && !byPath) return 'same';
  if (now.isShallow) return 'shallow';
  return byPath && !isHere ? 'other' : 'unproven';
}

/** Whether two repositories have a remote in common, or one is where the other was cloned from. */
export function sharesRemote(recorded: Repository, { remotes = [] }: Pick<Repository, 'remotes'>): boolean {
  return remotes.some((remote) => remote === recorded.path || recorded.remotes?.includes(remote));
}

/** A repository that git could not name, since it had no commit yet, is shallow, or git did not answer. */
export function isByPath({ id, path }: Repository): boolean {
  return id === path;
}

function evidenceOf(recorded: Repository, now: IdentifiedRepository): 'agrees' | 'differs' | 'unknown' | 'none' {
  const { commit, remotes = [] } = recorded;
  if (sharesRemote(recorded, now.repository)) return 'agrees';
  if (commit === null) return remotes.length > 0 ? 'differs' : 'none';
  if (commit === now.repository.commit) return 'agrees';
  const held = now.holds(commit);
  return held === undefined ? 'unknown' : held ? 'agrees' : 'differs';
}
