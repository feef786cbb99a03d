import { unsafePath } from '../../content/names.ts';
import { decodeText } from '../../content/text.ts';
import { Malformed } from '../../formats/format.ts';
import { toml } from '../../formats/toml/toml.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { Table, Value } from '../../model/value.ts';
import { isListOfTexts } from './left-out.ts';

/** What a person says of this machine, in `config.toml` of the user's configuration directory. */
export interface Setup {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly machine?: string;
  /** Folders below `clients/`, such as `people/ana`, and folders elsewhere; the later wins. */
  readonly layers: readonly string[];
  /** Units that always stay as they are here. */
  readonly keep: readonly string[];
}

const keys = ['machine', 'layers', 'keep'];

/** Reads the file; one that is not there says nothing. Throws `Failure` with what is wrong with it. */
export function readSetup(bytes: Uint8Array | undefined, path: string): Setup {
  const text = bytes ? decodeText(bytes) : '';
  if (text === undefined) throw new Failure([wrong('the file is not valid UTF-8', 'Save it as UTF-8.', path, 1)]);
  const values = parsed(text, path);
  const lineOf = (key: string) => toml.lineOf(text, [key]) ?? 1;
  const findings = Object.entries(values).flatMap(([key, value]): Finding[] => {
    const reason = problemOf(key, value);
    return reason === undefined ? [] : [wrong(reason, `It can hold ${keys.join(', ')}.`, path, lineOf(key))];
  });
  if (findings.length > 0) throw new Failure(findings);
  const { machine, layers = [], keep = [] } = values as { machine?: string; layers?: string[]; keep?: string[] };
  return { path, text, layers: layers.map(plainLayer), keep, ...(machine === undefined ? {} : { machine }) };
}

/** True for a layer that stands outside the repository. */
export function isOutside(layer: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:[/\\])/.test(layer);
}

/**
 * The folders of a source, lowest first: `clients`, this machine's, the user's layers. Throws `Failure` for a layer that is
 * not there; a machine needs none of its own.
 */
export function layerFolders(
  setup: Setup,
  { files }: Pick<SourceTree, 'files'>,
  outside: ReadonlyMap<string, string>,
): string[] {
  const isThere = (folder: string) => files.some(({ path }) => path.startsWith(`${folder}/`));
  const machine = setup.machine === undefined ? [] : [`clients/machines/${setup.machine}`].filter(isThere);
  const layers = setup.layers.map((layer) => ({ layer, folder: outside.get(layer) ?? `clients/${layer}` }));
  const missing = layers.filter(({ folder }) => !isThere(folder));
  if (missing.length === 0) return ['clients', ...machine, ...layers.map(({ folder }) => folder)];
  const line = toml.lineOf(setup.text, ['layers']) ?? 1;
  const findings = missing.map(({ layer, folder }) =>
    wrong(`the layer ${JSON.stringify(layer)} has no files: ${folder}`, 'Correct or remove it.', setup.path, line),
  );
  throw new Failure(findings);
}

/** Every layer that the repository itself holds: `clients/machines/work`, `clients/people/ana`. */
export function layersInside({ files }: Pick<SourceTree, 'files'>): string[] {
  const found = files.flatMap(({ path }) => /^clients\/(?:machines|people)\/[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(found)].sort();
}

/** A note for who has not said which machine this is, though the repository knows several. */
export function machineNotes({ machine, path }: Setup, tree: Pick<SourceTree, 'files'>): Finding[] {
  const known = layersInside(tree).flatMap((layer) => /^clients\/machines\/(.+)$/.exec(layer)?.[1] ?? []);
  if (path === '' || known.length === 0 || (machine !== undefined && known.includes(machine))) return [];
  const message =
    machine === undefined
      ? `this machine has no name, so none of clients/machines/ holds here (${known.join(', ')})`
      : `clients/machines/ has nothing for ${JSON.stringify(machine)} (it has ${known.join(', ')})`;
  return [
    {
      code: 'no-machine',
      severity: 'note',
      message,
      remedy: `Write machine = "${known[0]}" if it is one of them.`,
      path,
    },
  ];
}

function parsed(text: string, path: string): Table {
  try {
    return toml.read(text);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = `the file does not parse: ${error.message}`;
    throw new Failure([wrong(message, 'Correct the line named here.', path, error.line)], { cause: error });
  }
}

function problemOf(key: string, value: Value): string | undefined {
  if (!keys.includes(key)) return `unknown key ${JSON.stringify(key)}`;
  if (key === 'machine')
    return typeof value === 'string' && isName(value) ? undefined : '"machine" must be a plain name';
  if (!isListOfTexts(value)) return `"${key}" must be a list of texts`;
  const bad = key === 'layers' ? value.find((layer) => !isOutside(layer) && !isName(plainLayer(layer))) : undefined;
  return bad === undefined ? undefined : `${JSON.stringify(bad)} is no folder below clients/, nor one elsewhere`;
}

/** A folder below `clients/` as a shell may have completed it: `./people/ana/` is `people/ana`. */
function plainLayer(layer: string): string {
  return isOutside(layer) ? layer : layer.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
}

/** A folder below another one: no dots, no climbing. */
function isName(name: string): boolean {
  return unsafePath('', name, 'refused').length === 0;
}

function wrong(message: string, remedy: string, path: string, line: number): Finding {
  return problem('user-config', message, remedy, { path, line });
}

/** The text of the configuration with more units that are always kept. */
export function withKept({ text, keep }: Setup, names: readonly string[]): string {
  return toml.amend(text, { set: [{ path: ['keep'], value: [...keep, ...names] }], append: [], remove: [] });
}
