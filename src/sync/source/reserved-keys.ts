import { lineOfKey, readFrontmatter, readYaml, splitFrontmatter } from '../../content/frontmatter.ts';
import { decodeText } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import type { KeyPath } from '../../model/value.ts';
import { formatOf, valuesOf } from './source-problems.ts';

/** Keys that mean something else than a key in programs in JavaScript, such as Claude Code. No honest file needs them. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);
/** One of these stands in each file that has such a key; most files have none and need not be decoded. */
const signs = ['proto', 'constructor', '\\'];

/**
 * An error for each reserved key of a file that is read here: TOML, JSON, frontmatter, and for each memory, skill, command or
 * other file that is called so. Data that a skill carries along is not read.
 */
export function reservedKeys({ files, layers }: SourceTree): Finding[] {
  return files.flatMap((file) => {
    const place = placeOf(file.path, layers);
    const name = ownName(place);
    const inside = isRead(place) ? reservedInside(file) : [];
    return name === undefined ? inside : [reservedName(name, file.path), ...inside];
  });
}

/** The names of a path from the folder of a client on: a layer, an agent or a rule may itself be called `skills` or `files`. */
function placeOf(path: string, layers: readonly string[]): string[] {
  const layer = layers.findLast((each) => path.startsWith(`${each}/`)) ?? 'clients';
  const inside = /^clients\/(?:machines|people)\/[^/]+\//.exec(path)?.[0].length ?? 0;
  return path.slice(Math.max(layer.length + 1, inside)).split('/');
}

/** How many names of a place say something: below the folder of a skill, and of files for a home, they mean nothing. */
function meant([, area]: readonly string[]): number | undefined {
  return area === 'skills' ? 3 : area === 'files' ? 2 : undefined;
}

/** The part of a path that is a reserved name. */
function ownName(place: readonly string[]): string | undefined {
  return place
    .slice(0, meant(place))
    .map((name) => name.replace(/\.\w+$/, ''))
    .find((name) => reserved.has(name));
}

function reservedName(name: string, path: string): Finding {
  return problem('reserved-key', `the name ${JSON.stringify(name)} is reserved by JavaScript`, 'Rename it.', {
    path,
    line: 1,
  });
}

function reservedInside(file: SourceFile): Finding[] {
  const { path } = file;
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  if (!signs.some((sign) => bytes.includes(sign))) return [];
  const text = decodeText(file.bytes) ?? '';
  return keysOf(path, text).map(({ key, line }) => {
    const message = `the key ${JSON.stringify(key)} is reserved by JavaScript: a program that reads it may take it for something else`;
    return problem('reserved-key', message, 'Rename it, or take it out.', { path, line });
  });
}

/** Whether a file is read by its keys: not what a skill carries along, nor what is deployed as it is. */
function isRead(place: readonly string[]): boolean {
  const name = place.join('/');
  if (place[1] === 'files') return false;
  if (name.endsWith('.md')) return true;
  if (place[1] === 'skills') return name.endsWith('/agents/openai.yaml');
  return /\.(?:json|toml)$/.test(name);
}

function keysOf(path: string, text: string): { readonly key: string; readonly line: number }[] {
  const format = formatOf(path);
  if (format) {
    const at = reservedIn(valuesOf(path, text) ?? {});
    return at.map((keys) => ({ key: keys.at(-1) as string, line: format.lineOf(text, keys) ?? 1 }));
  }
  const data = path.endsWith('.md') ? frontmatterIn(text) : readYaml(text).data;
  return reservedIn(data ?? {}).map((keys) => ({
    key: keys.at(-1) as string,
    line: lineOfKey(keys[0] as string, text),
  }));
}

function frontmatterIn(text: string): Record<string, unknown> | undefined {
  const yaml = splitFrontmatter(text)?.yaml ?? '';
  return signs.some((sign) => yaml.includes(sign)) ? readFrontmatter(text)?.data : undefined;
}

/** The paths of the reserved keys below a value; what stands below one is not looked at. */
function reservedIn(value: unknown, at: KeyPath = []): KeyPath[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => reservedIn(item, [...at, String(index)]));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    reserved.has(key) ? [[...at, key]] : reservedIn(member, [...at, key]),
  );
}
