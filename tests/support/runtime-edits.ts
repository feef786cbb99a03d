import fc from 'fast-check';
import { claudeWrite, settingsWrite } from './claude-writer.ts';
import { codexWrite } from './codex-writer.ts';
import { home, type World } from './memory-world.ts';

/** An edit of a file of the home that has one; all numbers are taken modulo what there is. */
export interface RuntimeEdit {
  readonly file: number;
  readonly kind: 'word' | 'value' | 'line' | 'no line' | 'end';
  readonly at: number;
  /** A word that stands nowhere else, so that it can be found again. */
  readonly word: string;
}

const edit = fc.record({
  file: fc.nat(1000),
  kind: fc.constantFrom<RuntimeEdit['kind']>('word', 'word', 'value', 'value', 'value', 'line', 'no line', 'end'),
  at: fc.nat(1000),
});

/** Some edits, each with a word of its own. */
export const runtimeEdits: fc.Arbitrary<readonly RuntimeEdit[]> = fc
  .array(edit, { minLength: 1, maxLength: 5 })
  .map((edits) => edits.map((each, index) => ({ ...each, word: `zq${index}x` })));

/** Makes an edit; gives the file back, unless there was nothing of the kind to edit. */
export function makeEdit({ memory }: World, { file, kind, at, word }: RuntimeEdit): string | undefined {
  const files = editable(memory.snapshot(home));
  const name = files[file % files.length] as string;
  const old = memory.read(`${home}/${name}`);
  const now = isStructured(name) ? editedValue(old, at, word) : editedText(old, kind, at, word);
  if (now === old) return undefined;
  memory.write(`${home}/${name}`, now);
  return name;
}

function editable(nodes: Record<string, string>): string[] {
  return Object.keys(nodes).filter((name) => nodes[name]?.startsWith('file') && !/^\.(?:local|config)\//.test(name));
}

function isStructured(name: string): boolean {
  return /\.(?:toml|json)$/.test(name) && !name.includes('/agents/');
}

/** One of the texts and numbers that stand for a value becomes another; not in what Syncline says for people. */
function editedValue(text: string, at: number, word: string): string {
  const own = text.indexOf('"_syncline"');
  const tokens = [...(own < 0 ? text : text.slice(0, own)).matchAll(/"[^"\n]*"(\s*:)?|(?<=[:=] )\d+/g)];
  const values = tokens.filter(([, isKey]) => isKey === undefined);
  const found = values[at % Math.max(1, values.length)];
  if (!found) return text;
  const [value] = found;
  const now = value.startsWith('"') ? `${value.slice(0, -1)}${at % 2 ? ` ${word}` : word}"` : `${value}${at % 7}`;
  return text.slice(0, found.index) + now + text.slice(found.index + value.length);
}

function editedText(text: string, kind: RuntimeEdit['kind'], at: number, word: string): string {
  const lines = text.split(/(?<=\n)/);
  const index = at % lines.length;
  const line = lines[index] as string;
  const end = line.endsWith('\r\n') ? '\r\n' : '\n';
  if (kind === 'no line') return lines.toSpliced(index, 1).join('');
  if (kind === 'line') return lines.toSpliced(index, 0, `${word} line${end}`).join('');
  if (kind === 'end') return `${text}${text.endsWith('\n') ? '' : end}${word} at the end${end}`;
  const words = [...line.matchAll(/\w+/g)];
  const found = words[at % Math.max(1, words.length)];
  if (!found) return lines.with(index, `${line.trimEnd()}${word}${line.slice(line.trimEnd().length)}`).join('');
  const from = found.index + (kind === 'value' ? 0 : found[0].length);
  return lines.with(index, line.slice(0, from) + word + line.slice(found.index + found[0].length)).join('');
}

/** The clients rewrite their files in their own style; what the files say stays. */
export function rewrite({ memory }: World): void {
  const files: Readonly<Record<string, (text: string) => string | undefined>> = {
    '.codex/config.toml': (text) => codexWrite(text, { kind: 'feature', name: 'goals', enabled: true }),
    '.claude.json': (text) => claudeWrite(text, { kind: 'start' }),
    '.claude/settings.json': (text) => settingsWrite(text, { kind: 'set', key: 'model', value: 'opus' }),
  };
  for (const [name, written] of Object.entries(files)) {
    const path = `${home}/${name}`;
    if (memory.exists(path)) memory.write(path, written(memory.read(path)) ?? '');
  }
}
