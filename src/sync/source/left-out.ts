import { decodeText } from '../../content/text.ts';
import { Malformed } from '../../formats/format.ts';
import { toml } from '../../formats/toml/toml.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceFile, SourceTree } from '../../model/source.ts';
import { meansUnit, type WantedUnit } from '../../model/unit.ts';
import type { Table, Value } from '../../model/value.ts';

const manifest = 'layer.toml';
const key = 'leave-out';

/** A unit name that a layer's `layer.toml` leaves out. */
interface Rule {
  readonly name: string;
  readonly file: SourceFile;
  readonly line: number;
}

/** Marks the units that a layer leaves out. A name that means nothing for one client may mean something for another. */
export function withoutLeftOut(
  units: readonly WantedUnit[],
  tree: SourceTree,
): { units: WantedUnit[]; findings: Finding[] } {
  const { rules, findings } = readRules(tree);
  const marked = units.map((unit) => {
    const rule = rules.find(({ name }) => meansUnit(name, unit.id));
    return rule ? { ...unit, leftOut: `${rule.file.path}:${rule.line}` } : unit;
  });
  return { units: marked, findings };
}

/** The names in all layers that mean no unit of any client: they are spelled wrong, or their unit is gone. */
export function idleNames(tree: SourceTree, units: readonly WantedUnit[]): Finding[] {
  const idle = readRules(tree).rules.filter(({ name }) => !units.some(({ id }) => meansUnit(name, id)));
  return idle.map(({ name, file, line }) => {
    const message = `${JSON.stringify(name)} is left out here, but the source has no such unit`;
    return {
      ...{ code: 'idle-name', severity: 'warning', message, path: file.path, line },
      remedy: 'Correct or remove it; check-sync --verbose lists every unit.',
    };
  });
}

function readRules({ files, layers }: SourceTree): { rules: Rule[]; findings: Finding[] } {
  const [rules, findings]: [Rule[], Finding[]] = [[], []];
  for (const layer of layers.slice(1)) {
    const file = files.find(({ path }) => path === `${layer}/${manifest}`);
    if (!file) continue;
    const read = readManifest(file);
    rules.push(...read.rules);
    findings.push(...read.findings);
  }
  return { rules, findings };
}

function readManifest(file: SourceFile): { rules: Rule[]; findings: Finding[] } {
  const text = decodeText(file.bytes);
  if (text === undefined) return failed(file, 'the file is not valid UTF-8', 'Save it as UTF-8.', 1);
  const read = parsed(text);
  if (read instanceof Malformed)
    return failed(file, `the file does not parse: ${read.message}`, 'Correct the line named here.', read.line);
  const unknown = Object.keys(read).find((name) => name !== key);
  const lineOf = (name: string) => toml.lineOf(text, [name]) ?? 1;
  if (unknown !== undefined)
    return failed(file, `unknown key ${JSON.stringify(unknown)}`, `A layer can say: ${key} = ["…"].`, lineOf(unknown));
  const names = read[key] ?? [];
  if (!isListOfTexts(names))
    return failed(file, `"${key}" must be a list of unit names`, `Write ${key} = ["…"].`, lineOf(key));
  return { rules: names.map((name) => ({ name, file, line: lineOf(key) })), findings: [] };
}

function failed(
  { path }: SourceFile,
  message: string,
  remedy: string,
  line: number,
): { rules: Rule[]; findings: Finding[] } {
  return { rules: [], findings: [problem('layer', message, remedy, { path, line })] };
}

function parsed(text: string): Table | Malformed {
  try {
    return toml.read(text);
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}

/** True for a list that holds nothing but filled texts. */
export function isListOfTexts(value: Value): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}
