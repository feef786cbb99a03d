import type { WholeFilesTarget } from '../../adapters/client.ts';
import { caseTwins } from '../../content/names.ts';
import { decodeText } from '../../content/text.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import type { WantedUnit } from '../../model/unit.ts';

/** Units that two files of the source want: an error at the second. */
export function doubles(units: readonly WantedUnit[]): Finding[] {
  const first = new Map<string, WantedUnit>();
  return units.flatMap((unit) => {
    const other = first.get(unit.id);
    if (!other) first.set(unit.id, unit);
    return other ? [doubleSource(unit, other)] : [];
  });
}

function doubleSource(unit: WantedUnit, other: WantedUnit): Finding {
  const twin = other.source.line ? `${other.source.path}:${other.source.line}` : other.source.path;
  const message = `"${unit.id}" has two sources: this one and ${twin}`;
  return problem('two-sources', message, 'Keep one of them.', { line: 1, ...unit.source });
}

/** A command and a skill, of which many disks would make one folder; twins among the skills are told already. */
export function twinFolders(units: readonly WantedUnit[], told: readonly Finding[]): Finding[] {
  const folders = new Map<string, string>();
  for (const { folder, source } of units) if (folder && !folders.has(folder)) folders.set(folder, source.path);
  const known = new Set(told.filter(({ code }) => code === 'case-twins').map(({ path }) => path));
  return caseTwins([...folders].map(([relative, path]) => ({ relative, path }))).filter(({ path }) => !known.has(path));
}

/** Files that a client knows by one name, though they are two: an error at each after the first. */
export function namesakes(
  { nameOf, source }: WholeFilesTarget,
  units: readonly WantedUnit[],
  tree: SourceTree,
): Finding[] {
  if (!nameOf) return [];
  const first = new Map<string, string>();
  return units.flatMap(({ content, source: { path } }): Finding[] => {
    const name = content && nameOf(decodeText(content) ?? '');
    const other = name === undefined ? undefined : first.get(name);
    if (name !== undefined && other === undefined) first.set(name, path);
    if (other === undefined) return [];
    const message = `${JSON.stringify(name)} in ${source} has two sources, this one and ${other}: a client takes one of them`;
    return [problem('two-sources', message, 'Give one of them another name.', { path, line: lineOfName(tree, path) })];
  });
}

function lineOfName({ files }: SourceTree, path: string): number {
  const text = decodeText(files.find((file) => file.path === path)?.bytes ?? new Uint8Array()) ?? '';
  return text.split('\n').findIndex((line) => /^\s*"?name"?\s*[:=]/.test(line)) + 1 || 1;
}
