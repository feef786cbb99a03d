/** A commit, as reports tell of it. */
export interface Commit {
  /** The full name. */
  readonly id: string;
  /** When its author made it, in ISO 8601. */
  readonly time: string;
  readonly author: string;
  /** The first line of what it says. */
  readonly subject: string;
}

/** What git knows of a line or a file: the commit that changed it last. */
export type LastChange =
  | { readonly commit: Commit }
  /** no-git: no repository, or git is not installed. uncommitted: it is changed, or new, since the last commit. */
  | { readonly without: 'no-git' | 'uncommitted' };
