import type { Client } from '../adapters/client.ts';
import { valueText } from '../adapters/powers/power-rules.ts';
import { decodeText } from '../content/text.ts';
import { Malformed } from '../formats/format.ts';
import { toml } from '../formats/toml/toml.ts';
import type { Power } from '../model/power.ts';
import type { WantedUnit } from '../model/unit.ts';
import type { Table } from '../model/value.ts';
import { isHomeFile } from './plan/taken-places.ts';

/** What else a source wants, which can make a power of a file that is none by itself. */
export interface Beside {
  readonly files: ReadonlySet<string>;
  /** All that hooks, servers and other settings say. */
  readonly said: string;
}

const known = new WeakMap<readonly WantedUnit[], Beside>();

/** What the units of a source say together. */
export function besideOf(wanted: readonly WantedUnit[]): Beside {
  const found = known.get(wanted);
  if (found) return found;
  const said = wanted.map(({ kind, value }) => (kind === 'file' || value === undefined ? '' : valueText(value)));
  const beside = { files: new Set(wanted.map(({ file }) => file)), said: said.join('\n') };
  known.set(wanted, beside);
  return beside;
}

/** The powers that a file has through others: a plugin that it is a part of, a command of the source that names it. */
export function powersBeside(client: Client, file: string, beside: Beside): readonly Power[] {
  const marker = client.powers.marker?.(file);
  if (marker !== undefined && beside.files.has(marker))
    return [{ what: 'plugin inside a skill', does: file, wholeFile: true }];
  return beside.said.includes(`/${file}`) && isHomeFile(client, file)
    ? [{ what: 'file that a command uses', does: file, wholeFile: true }]
    : [];
}

/** The tables of agents, which may select a provider; `texts` are files of the home by name. */
export function agentTables(texts: Iterable<readonly [file: string, bytes: Uint8Array]>): Table[] {
  return [...texts].flatMap(([file, bytes]) => {
    if (!/^agents\/.*\.toml$/.test(file)) return [];
    try {
      return [toml.read(decodeText(bytes) ?? '')];
    } catch (error) {
      if (error instanceof Malformed) return [];
      throw error;
    }
  });
}
