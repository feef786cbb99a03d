import type { Address, UnitKind } from '../model/unit.ts';
import type { KeyPath, Table, Value } from '../model/value.ts';
import type { Inserted } from './tagged-text.ts';

/** What a file in one of the three text formats can be asked and told. Text in, text out; nothing here touches a disk. */
export interface Format {
  readonly name: 'toml' | 'json' | 'markdown';
  /** The root key that says what is managed, where there is one: ours, whoever wrote it. */
  readonly markerKey?: string;
  /**
   * The values of a file. A byte order mark is allowed; an empty TOML or Markdown text gives an empty table.
   * Throws `Malformed` with line and column where a client could not read the file either. With the texts of the record,
   * Markdown of ours counts also where its markers are lost or broken, as long as it stands there verbatim.
   */
  read(text: string, inserted?: readonly Inserted[]): Table;
  /** Whether a unit stands between our markers (TOML, Markdown) or is listed under `_syncline` (JSON). */
  isMarked(text: string, unit: UnitText): boolean;
  /** Makes the edit as splices: each byte that is not ours stays, in order. Throws `Unplaceable` where it cannot. */
  edit(text: string, request: EditRequest): EditResult;
  /** One unit's value as it would stand in a file of this format: for diffs and for the inspection copy. */
  render(address: Address, value: Value): string;
  /**
   * The one-based line on which the key at `path` stands, or its nearest parent's; undefined when neither is there. An
   * element of a list is named by its index.
   */
  lineOf(text: string, path: KeyPath): number | undefined;
  /** Whether a section stands, word for word and in whole lines, in the user's own text: outside our block, whatever the line ends. */
  standsIn?(text: string, section: string): boolean;
  /** Keys that stand twice in one table, for formats that parse such a text: all but the last are dead. */
  doubledKeys?(text: string): readonly { readonly key: string; readonly line: number }[];
}

/** A format whose source files, which a person wrote, we can change, too. */
export interface EditableFormat extends Format {
  /**
   * Changes a file of the source: no marker, no owner, only the smallest splices. Every byte that is not the value that
   * changes stays, comments too; values that are equal keep their spelling, and where nothing changes the same text
   * comes back. An empty text is a file that is not there yet. The result is parsed and holds the old values with the
   * changes, nothing else. Throws `Malformed` for a text that does not parse, `Unplaceable` where a change has no place.
   */
  amend(text: string, request: Amendment): string;
}

/**
 * What to change in a source file. Paths lead through tables and, by index, through lists; all are those of the text
 * before. No path may lead through what another one sets or takes out.
 */
export interface Amendment {
  /**
   * Values to put. One that stands is replaced by just the new value's text (of tables and lists only the members that
   * differ); a key that is not there is added in its table, after its siblings and in their style.
   */
  readonly set: readonly PathValue[];
  /** New last elements of lists; a list that is not there is made. */
  readonly append: readonly PathValue[];
  /**
   * Keys, or list elements by index, to take out, with the comma, line end and indentation that go with them, and the
   * comments on the same lines. One that is not there is no error. A parent that becomes empty stays, but in TOML not
   * one that only its members spelled (dotted keys, the tables above a header, `[[x]]`).
   */
  readonly remove: readonly KeyPath[];
}

/** A value and where it belongs. */
export interface PathValue {
  readonly path: KeyPath;
  readonly value: Value;
}

/** A unit as the formats see it. */
export interface UnitText {
  readonly kind: UnitKind;
  readonly address: Address;
}

/** A unit to write. */
export interface UnitValue extends UnitText {
  readonly value: Value;
  /** Entries that stand already: leaf paths, relative to the entry, that were ours and are wanted no longer. */
  readonly drop?: readonly KeyPath[];
}

export interface EditRequest {
  /** Units to create or to change. An entry that stands is changed leaf by leaf: what the client added to it stays. */
  readonly set: readonly UnitValue[];
  /** Units to take out whole, with what a client added to them. One that is not there is no error. */
  readonly remove: readonly UnitText[];
  /**
   * Units that were the user's before us and that we let go: they stay. Markdown takes our markers from around them, if
   * nothing else is between these.
   */
  readonly release?: readonly UnitText[];
  /** Markdown: units of `set` that stand in the user's own text, with that text: it makes way where it stands just once. */
  readonly found?: readonly UnitValue[];
  /** Markdown: units to take out, with the text of the user's that stood there before them: it comes back in their place. */
  readonly giveBack?: readonly UnitValue[];
  /** Every unit that is ours in this file after the edit: those of `set`, and those that stay as they are. */
  readonly placed: readonly UnitText[];
  /** From the record: the texts we inserted, where they stood, and the parents we created. Empty without a record. */
  readonly inserted: readonly Inserted[];
  readonly parents: readonly KeyPath[];
  /** Names the repository in the marker that people see. */
  readonly label: string;
}

export interface EditResult {
  readonly text: string;
  /** The text we inserted that stands in `text` now, and the parents we created: goes into the record. */
  readonly inserted: readonly Inserted[];
  readonly parents: readonly KeyPath[];
  /** What was held to be ours in the text before: taking these out of it gives the user's own text. */
  readonly before: readonly Inserted[];
  /**
   * True when text of the user's was moved (healing) or replaced (an overwritten value). When false, the user's own
   * text is the same before and after, to the byte.
   */
  readonly movedForeignText: boolean;
  /** True when nothing of the user's is left in the file: a file we created can go. */
  readonly empty: boolean;
  readonly notes: readonly EditNote[];
  /** Units of `release` that are plain text of the user's again. */
  readonly released?: readonly UnitText[];
}

/** Something in the file a person should know; the line is one-based and that of the new text. */
export interface EditNote {
  readonly code: 'stray-root-key';
  readonly message: string;
  readonly line: number;
}

/** A file that does not parse. Line and column are one-based. */
export class Malformed extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(reason);
    this.name = 'Malformed';
    this.line = line;
    this.column = column;
  }
}

/** A unit that has no place in the file: a parent is of another type, or a key is there twice. */
export class Unplaceable extends Error {
  readonly address: Address;
  readonly line: number | undefined;

  constructor(reason: string, address: Address, line?: number) {
    super(reason);
    this.name = 'Unplaceable';
    this.address = address;
    this.line = line;
  }
}
