import type { KeyPath, Value } from './value.ts';

/**
 * How a unit is compared and written.
 * leaf: one key. entry: a named table that is managed as a whole (a server, a provider). element: one member of a list
 * that is a set. section: text in our Markdown block. file: a whole file with its exec bit.
 */
export type UnitKind = 'leaf' | 'entry' | 'element' | 'section' | 'file';

/** Where in a file a unit stands. */
export interface Address {
  /** The key path of the leaf, the entry, or the list that holds the element; the name of a section. */
  readonly path: KeyPath;
  /** Only for elements, which are told apart by value. */
  readonly element?: Element;
}

export interface Element {
  /** `digestOfValue` of the element. */
  readonly digest: string;
  /** How people see it: the string itself in JSON quotes, else the first 8 digits of the digest. */
  readonly label: string;
}

/** What is common to a unit in the source and in the record. */
export interface Unit {
  /** `client:file#address`, unique. */
  readonly id: string;
  readonly client: string;
  /** The runtime file by the name the client's adapter gives it, relative to the client's home, with `/`. */
  readonly file: string;
  readonly kind: UnitKind;
  /** Absent for whole files. */
  readonly address?: Address;
}

/** A unit as the source wants it. */
export interface WantedUnit extends Unit {
  /** The value in canonical names (renames of the client applied); absent for whole files. */
  readonly value?: Value;
  readonly content?: Uint8Array;
  readonly executable?: boolean;
  /** Where it comes from, relative to the repository. */
  readonly source: { readonly path: string; readonly line?: number };
  /** For files of a skill: the folder that must be ours or absent, relative to the client's home. */
  readonly folder?: string;
  /** Where it is said that this machine does without it: it is wanted here no more than a unit that has no source. */
  readonly leftOut?: string;
}

/** A unit as the record remembers it. */
export interface RecordedUnit extends Unit {
  /** placed: we wrote it. found: it was there already and equal, so it is never removed. */
  readonly origin: 'placed' | 'found';
  /** `digestOfValue` or `digestOfFile` of what was deployed last. */
  readonly digest: string;
  /** The digest of the value that `--adopt` carried into the source since: it takes the place of `digest` while it is there. */
  readonly adopted?: string;
  /** Entries: the leaf paths, relative to the entry, that were deployed. */
  readonly paths?: readonly KeyPath[];
  /** What the user had there before we replaced it: the digest of what is kept of it and, of whole files, the mode. */
  readonly earlier?: { readonly digest: string; readonly mode?: number };
}

/**
 * Whether a name means a unit: the unit itself and everything below it. `codex:skills/review` means the files of that
 * skill, `skills/review` those of every client.
 */
export function meansUnit(name: string, id: string): boolean {
  const own = id.slice(id.indexOf(':') + 1);
  return isAtOrBelow(name, id) || isAtOrBelow(name, own);
}

function isAtOrBelow(name: string, id: string): boolean {
  if (id === name) return true;
  return name !== '' && id.startsWith(name) && (/[/#.[]/.test(id[name.length] as string) || /[:/]$/.test(name));
}

const bareKey = /^[A-Za-z0-9_-]+$/;

/** A key path as people write it: dots between keys, JSON quotes where a key needs them. */
export function pathText(path: KeyPath): string {
  return path.map((key) => (bareKey.test(key) ? key : JSON.stringify(key))).join('.');
}

/** An address as it stands in a unit id: `mcp_servers.team`, `permissions.deny["Read(./.env)"]`. */
export function addressText(address: Address): string {
  const element = address.element ? `[${address.element.label}]` : '';
  return pathText(address.path) + element;
}

/** The id of a unit: `codex:config.toml#mcp_servers.team`, `claude:skills/review/SKILL.md`. */
export function unitId(client: string, file: string, address?: Address): string {
  return address ? `${client}:${file}#${addressText(address)}` : `${client}:${file}`;
}
