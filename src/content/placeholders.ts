import { type Finding, problem } from '../model/finding.ts';
import { cutPieces, joinPieces, type Piece } from './pieces/pieces.ts';
import { nearest } from './suggest-name.ts';
import { placeCounter } from './text.ts';

/** What the tokens stand for, in one place of the content. */
export interface TokenValues {
  readonly clientName: string;
  readonly clientHome: string;
  readonly memoryPath?: string;
  readonly skillsPath?: string;
  readonly filesPath?: string;
  /** Only inside a skill. */
  readonly skillName?: string;
  readonly variables: Readonly<Record<string, string>>;
}

// The look-behind leaves `{{{x}}}` of other template languages alone; it stands after the braces because that is faster.
const token = /\{\{(?<!\{\{\{)((?:\{\{)*)[ \t]*((?:client|path|skill|var)\.[\p{L}\p{N}_.-]*)[ \t]*\}\}((?:\}\})*)/gu;

/** Something in a text that is not deployed as it stands. */
interface Written {
  /** Absent: a token that is meant literally, with one pair of braces more than what is deployed. */
  readonly name?: string;
  readonly start: number;
  readonly whole: string;
}

/** The tokens of a text, and those that are meant literally: `{{{{client.name}}}}`. */
function writtenIn(text: string): Written[] {
  if (!text.includes('{{')) return [];
  return [...text.matchAll(token)].flatMap(
    ({ 0: whole, 1: more = '', 2: name, 3: rest = '', index: start }): Written[] => {
      if (more === '')
        return name === undefined ? [] : [{ name, start, whole: whole.slice(0, whole.length - rest.length) }];
      return rest.length >= more.length ? [{ start, whole }] : [];
    },
  );
}

/** The text with each token in it written so that it is deployed as it stands here. */
export function escapeTokens(text: string): string {
  if (!text.includes('{{')) return text;
  return text.replace(token, (whole: string, more: string, _name: string, rest: string) =>
    rest.length >= more.length ? `{{${whole}}}` : whole,
  );
}

/** The names that a variable may have so that a token can name it. */
export const variableName = /^[\p{L}\p{N}_.-]+$/u;

/**
 * Replaces our tokens, once: what a value holds is not expanded again. Any other `{{…}}` stays as it is. A token in one pair
 * of braces more is deployed as text, in one pair less.
 */
export function expandTokens(text: string, values: TokenValues, path: string): { text: string; findings: Finding[] } {
  if (!text.includes('{{')) return { text, findings: [] };
  const known = knownTokens(values);
  const findings: Finding[] = [];
  const placeOf = placeCounter(text);
  let [expanded, at] = ['', 0];
  for (const { name, start, whole } of writtenIn(text)) {
    const value = name === undefined ? literal(whole) : known.get(name);
    if (value === undefined) findings.push(unknownToken(name ?? '', known, { path, ...placeOf(start) }));
    expanded += text.slice(at, start) + (value ?? whole);
    at = start + whole.length;
  }
  return { text: expanded + text.slice(at), findings };
}

/** `expandTokens` in pieces. A token of which only a part comes from a source file is text of Syncline's own. */
export function expandPieces(pieces: readonly Piece[], values: TokenValues): Piece[] {
  const text = joinPieces(pieces);
  const known = knownTokens(values);
  const expanded: Piece[] = [];
  let at = 0;
  for (const { name, start: index, whole } of writtenIn(text)) {
    const value = name === undefined ? literal(whole) : known.get(name);
    if (value === undefined) continue;
    if (at < index) expanded.push(...cutPieces(pieces, at, index));
    at = index + whole.length;
    const [first, ...more] = cutPieces(pieces, index, at);
    const from = first?.from && first.from.spelled === undefined && more.length === 0 ? first.from : undefined;
    expanded.push({ text: value, ...(from ? { from: { ...from, spelled: whole } } : {}) });
  }
  return at < text.length || at === 0 ? [...expanded, ...cutPieces(pieces, at, text.length)] : expanded;
}

/** A token that is meant literally, as it is deployed. */
function literal(whole: string): string {
  return whole.slice(2, -2);
}

/** Where tokens stand in a text, known ones or not, and those that are meant literally: `[start, end)`. */
export function tokenSpans(text: string): [start: number, end: number, isLiteral: boolean][] {
  return writtenIn(text).map(({ name, whole, start }) => [start, start + whole.length, name === undefined]);
}

/** True when bytes may hold a token, so that most files need no decoding. */
export function mayHoldTokens(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x7b); at !== -1; at = bytes.indexOf(0x7b, at + 1)) {
    if (bytes[at + 1] === 0x7b) return true;
  }
  return false;
}

function knownTokens(values: TokenValues): Map<string, string> {
  const known = new Map([
    ['client.name', values.clientName],
    ['client.home', values.clientHome],
  ]);
  if (values.memoryPath !== undefined) known.set('path.memory', values.memoryPath);
  if (values.skillsPath !== undefined) known.set('path.skills', values.skillsPath);
  if (values.filesPath !== undefined) known.set('path.files', values.filesPath);
  if (values.skillName !== undefined) known.set('skill.name', values.skillName);
  for (const [name, value] of Object.entries(values.variables)) known.set(`var.${name}`, value);
  return known;
}

function unknownToken(name: string, known: ReadonlyMap<string, string>, at: Partial<Finding>): Finding {
  const [message, remedy] = explain(name, known);
  const asText = `To have it as text, write "{{{{${name}}}}}".`;
  return problem('unknown-token', message, `${remedy} ${asText}`, at);
}

function explain(name: string, known: ReadonlyMap<string, string>): [message: string, remedy: string] {
  if (name === 'skill.name') {
    return ['"{{skill.name}}" has no value outside a skill.', 'Use it only in skills/<name>/** and skills/inject.md.'];
  }
  if (/^path\.(?:memory|skills|files)$/.test(name)) {
    return [`"{{${name}}}" has no value for this client.`, 'Move the text to a client that has such a folder.'];
  }
  const near = nearest(name, known.keys());
  const instead = near === undefined ? undefined : `write "{{${near}}}"`;
  if (name.startsWith('var.') && name.length > 4) return explainVariable(name.slice(4), instead);
  const remedy = instead ? `Did you mean it so? Then ${instead}.` : `Use one of ${[...known.keys()].join(', ')}.`;
  return [`There is no token "{{${name}}}".`, remedy];
}

function explainVariable(name: string, instead: string | undefined): [message: string, remedy: string] {
  const define = `Define "${name}" in clients/shared/vars.toml, or in the vars.toml of every client`;
  return [
    `The variable "${name}" of "{{var.${name}}}" is not defined.`,
    `${define}${instead ? `, or ${instead}` : ''}.`,
  ];
}
