import { truncateSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { claudeServerNames, codexServerNames } from '../../src/adapters/servers/server-names.ts';
import { maskSecrets } from '../../src/content/secrets/secrets.ts';
import type { EditableFormat, EditRequest, UnitValue } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json/json.ts';
import { ownPlaces } from '../../src/formats/markdown/find-block.ts';
import { toml } from '../../src/formats/toml/toml.ts';
import { digestOfValue } from '../../src/model/digest.ts';
import { problem } from '../../src/model/finding.ts';
import type { KeyPath, Value } from '../../src/model/value.ts';
import { paintFor } from '../../src/report/colour.ts';
import { diffText } from '../../src/report/diff-text.ts';
import { findingsText } from '../../src/report/findings-text.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** Each is looked through by these, so what they look at is what was done; a machine that is slow counts no more. */
const lookingThrough = ['map', 'filter', 'find', 'findIndex', 'findLastIndex', 'some', 'includes', 'flatMap'] as const;

/** How many elements and keys were looked at, and how many texts were cut, while something was done. */
function workOf(act: () => void): number {
  let work = 0;
  const { assign } = Object;
  const { slice } = String.prototype;
  const lists = lookingThrough.map((name) => [name, Array.prototype[name]] as const);
  Object.assign = (target: object, ...sources: object[]) => {
    for (const source of sources) work += Object.keys(source ?? {}).length;
    return assign(target, ...sources);
  };
  String.prototype.slice = function counted(...words) {
    work += 1;
    return slice.apply(this, words);
  };
  for (const [name, own] of lists) {
    const counted = function counted(this: unknown[], ...words: unknown[]) {
      work += this.length;
      return Reflect.apply(own, this, words);
    };
    assign(Array.prototype, { [name]: counted });
  }
  try {
    act();
  } finally {
    assign(Object, { assign });
    assign(String.prototype, { slice });
    for (const [name, own] of lists) assign(Array.prototype, { [name]: own });
    for (const name of lookingThrough) Object.defineProperty(Array.prototype, name, { enumerable: false });
    Object.defineProperty(String.prototype, 'slice', { enumerable: false });
    Object.defineProperty(Object, 'assign', { enumerable: false });
  }
  return work;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

function element(path: KeyPath, value: Value): UnitValue {
  return { kind: 'element', address: { path, element: { digest: digestOfValue(value), label: '' } }, value };
}

function leaf(path: KeyPath, value: Value): UnitValue {
  return { kind: 'leaf', address: { path }, value };
}

function entry(path: KeyPath, value: Value): UnitValue {
  return { kind: 'entry', address: { path }, value };
}

const kinds: readonly (readonly [string, EditableFormat, (count: number) => UnitValue[]])[] = [
  ['permissions', json, (count) => numbers(count).map((n) => element(['permissions', 'allow'], `Bash(cmd${n}:*)`))],
  ['environment keys', json, (count) => numbers(count).map((n) => leaf(['env', `VAR_${n}`], `value${n}`))],
  ['servers', json, (count) => numbers(count).map((n) => entry(['mcpServers', `s${n}`], { command: 'npx', args: [] }))],
  ['small tables', toml, (count) => numbers(count).map((n) => leaf([`t${n}`, 'a'], n))],
  ['elements of one list of tables', toml, (count) => numbers(count).map((n) => element(['a'], { b: n }))],
  ['lists of tables', toml, (count) => numbers(count).map((n) => element([`a${n}`], { b: n }))],
  ['keys of one table', toml, (count) => numbers(count).map((n) => leaf(['env', `k${n}`], n))],
  ['servers', toml, (count) => numbers(count).map((n) => entry(['mcp_servers', `s${n}`], { command: 'npx' }))],
];

const nothing: EditRequest = { set: [], remove: [], placed: [], inserted: [], parents: [], label: 'x' };

/** Puts units into a file of the user's, looks for the line of each, and takes them out again. */
function there(format: EditableFormat, units: readonly UnitValue[]): { text: string; back: string } {
  const user = format === json ? '{\n  "own": 1\n}\n' : 'own = 1\n\n[user]\nb = 2\n';
  const put = format.edit(user, { ...nothing, set: units, placed: units });
  for (const [index, { address }] of units.entries())
    format.lineOf(put.text, address.element ? [...address.path, String(index)] : address.path);
  const { inserted, parents } = put;
  const out = format.edit(put.text, { ...nothing, remove: units, inserted, parents });
  return { text: put.text, back: out.text === user ? 'as it was' : out.text };
}

describe('what many units cost', () => {
  it.each(kinds)('twice as many %s (%o) cost twice as much', (_, format, unitsOf) => {
    const [some, many] = [unitsOf(300), unitsOf(600)];
    expect(there(format, some).back).toBe('as it was');
    const cost = (units: readonly UnitValue[]) => workOf(() => void there(format, units));
    expect(cost(many) / cost(some)).toBeLessThan(2.6);
  });
});

describe('many secrets in one text', () => {
  it('are looked for in one pass, not once for each', () => {
    const searches = (count: number) => {
      const secrets = numbers(count).map((n) => `made-up secret ${n}`);
      const spy = vi.spyOn(String.prototype, 'indexOf');
      expect(maskSecrets(secrets.join('\n'), secrets)).not.toContain('secret');
      const { length } = spy.mock.calls;
      spy.mockRestore();
      return length;
    };
    expect(searches(600)).toBe(searches(300));
  });
});

describe('a large text of instructions', () => {
  it('is looked for in the own text of the user, whatever its size and its line ends', () => {
    const section = 'one line of instructions (with signs: *.[$)\n'.repeat(400_000);
    const text = `# Mine\r\n${section.replaceAll('\n', '\r\n')}\r\nend\r\n`;
    expect(ownPlaces(text, section)).toEqual([{ start: 8, end: text.length - 7 }]);
    const fence = '`'.repeat(5_000_000);
    expect(ownPlaces(`a\n${fence}\nexample\n${fence}\n`, 'example')).toEqual([]);
  });
});

describe('a file that is larger than any text can be', () => {
  it.each(['claude/skills/x/data', 'shared/instructions.md', 'codex/config-fragment.toml', 'shared/files/data'])(
    'is refused in one line, unread: %s',
    (path) => {
      const sandbox = skillWith('text\n');
      sandbox.write(`repo/clients/${path}`, '');
      // Nothing of it is on the disk.
      truncateSync(`${sandbox.repo}/clients/${path}`, 3 * 1024 ** 3);
      for (const words of [['check-sync', '--source-only'], ['check-sync'], ['push-runtime', '--yes'], ['status']]) {
        const { code, out, err } = sandbox.run(words);
        const said = `${out}${err}`;
        expect([words, code, said.length < 1_500]).toEqual([words, 2, true]);
        expect(said).toContain(`clients/${path}: the file is 3072 MB large; a source may have files of up to 256 MB`);
      }
    },
  );
});

/** A repository with one skill, which has another file. */
function skillWith(file: string | Uint8Array): Sandbox {
  const sandbox = makeSandbox();
  sandbox.write('repo/clients/syncline.toml', 'id = "large"\n');
  sandbox.write(
    'repo/clients/claude/skills/x/SKILL.md',
    '---\nname: x\ndescription: Shows what is large.\n---\n\nText.\n',
  );
  sandbox.write('repo/clients/claude/skills/x/data', file);
  return sandbox;
}

describe('a file with a NUL', () => {
  it.each([
    ['nothing but NULs', new Uint8Array(300_000)],
    ['a text with one NUL', Buffer.from(`${'a line\n'.repeat(10_000)}\0`)],
    ['UTF-16', Buffer.from('a line\n'.repeat(10_000), 'utf16le')],
  ])('is binary, and never printed: %s', (_, bytes) => {
    const sandbox = skillWith(bytes);
    const dry = sandbox.run(['push-runtime', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.out.length).toBeLessThan(5_000);
    expect(dry.out).toContain(`(binary, ${bytes.length} bytes)`);
    expect(sandbox.run(['push-runtime', '--yes']).code).toBe(0);
    sandbox.write('home/.claude/skills/x/data', Buffer.concat([bytes, Buffer.from([0])]));
    const { code, out } = sandbox.run(['diff']);
    expect([code, out.length < 5_000, out.includes('\\u0000')]).toEqual([1, true, false]);
    expect(out).toContain(`(binary, ${bytes.length + 1} bytes)`);
  });
});

describe('a diff', () => {
  it('of large texts is not made: one line says how large they are', () => {
    const sandbox = skillWith('one line of the old text\n'.repeat(50_000));
    sandbox.run(['push-runtime', '--yes']);
    sandbox.write('repo/clients/claude/skills/x/data', 'one line of the new text\n'.repeat(50_000));
    for (const words of [['push-runtime', '--dry-run'], ['diff']]) {
      const { out } = sandbox.run(words);
      expect(out).toMatch(
        /data: too large to show \(\w+: 50000 lines, 1250000 bytes; \w+: 50000 lines, 1250000 bytes\)/,
      );
      expect(out.length).toBeLessThan(2_000);
    }
  });

  it('of many lines that all differ is given up soon, and counts them', () => {
    const text = (word: string) =>
      numbers(20_000)
        .map((n) => `${word} ${n}\n`)
        .join('');
    const sides = { name: 'x', old: text('old'), new: text('new') };
    expect(diffText(sides, (each) => each, paintFor(false))).toMatch(
      /^x: too different to show \(before: 20000 lines, \d+ bytes; after: 20000 lines, \d+ bytes\)\n$/,
    );
  });

  it('of a file that is new and large is one line, too', () => {
    const { out } = skillWith('a line\n'.repeat(200_000)).run(['push-runtime', '--dry-run']);
    expect(out).toMatch(/too large to show \(before: none; after: 200000 lines, 1400000 bytes\)/);
  });
});

describe('a path of many folders', () => {
  it('is shortened in a message, at both ends whole, and says how long it is', () => {
    const path = `clients/shared/skills/x/${'deep/'.repeat(900)}notes.md`;
    const text = findingsText([problem('odd-source', 'it cannot be read', 'Shorten it.', { path })], paintFor(false));
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(600);
    expect(text).toMatch(/^error: clients\/shared\/skills\/x\/deep.*….*deep\/notes\.md \(4532 characters\): it cannot/);
  });
});

describe('many servers', () => {
  it('are judged by name in one go', () => {
    const work = (count: number) => {
      const names = numbers(count).map((n) => `srv${n}`);
      return workOf(() => void [codexServerNames, claudeServerNames].map(({ problems }) => problems(names)));
    };
    expect(work(600) / work(300)).toBeLessThan(2.6);
  });
});
