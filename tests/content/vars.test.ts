import { describe, expect, it } from 'vitest';
import { readVariables } from '../../src/content/vars.ts';
import { notUtf8, treeOf } from './source.ts';

const shared = 'clients/shared/vars.toml';
const read = (text: string | Uint8Array) => readVariables(treeOf({ [shared]: text }), 'codex');

describe('readVariables', () => {
  it('gives nothing without files and for empty ones', () => {
    expect(readVariables(treeOf({}), 'codex')).toEqual({ variables: {}, findings: [] });
    expect(read('')).toEqual({ variables: {}, findings: [] });
  });

  it("lets the client's own file win, name by name", () => {
    const tree = treeOf({
      [shared]: 'a = "1"\nb = "2"\n',
      'clients/codex/vars.toml': 'b = "3"\n',
      'clients/claude/vars.toml': 'a = "4"\n',
    });
    expect(readVariables(tree, 'codex')).toEqual({ variables: { a: '1', b: '3' }, findings: [] });
  });

  it('reads texts, numbers as they are spelled and booleans, with BOM and CRLF', () => {
    const { variables, findings } = read(
      '\uFEFFs = "x # y" # note\r\nn = 1.10\r\nbig = 9007199254740993\r\nh = 0x10\r\nb = true\r\n"q" = \'C:\\x\'\r\nm = """a\nb.c = 1\n[t]\n"""\r\n',
    );
    expect(findings).toEqual([]);
    expect(variables).toMatchObject({
      s: 'x # y',
      n: '1.10',
      big: '9007199254740993',
      h: '0x10',
      b: 'true',
      q: 'C:\\x',
    });
    expect(variables.m).toContain('[t]');
  });

  it.each([
    ['a = "1"\n\nlist = [1, 2]\n', 'list', 3],
    ['a = "1"\nday = 2026-01-01\n', 'day', 2],
    ['[team]\nname = "x"\n', '[team]', 1],
    ['a = "1"\n  [[rows]]\n', '[[rows]]', 2],
    ['x.y = 1\n', 'x.y', 1],
    ['m = """\n[no]\n"""\nl = ["""\n"""]\n', 'l', 4],
    ['a = "1"\nl = [ # one\n  [1],\n  { b = 2 },\n]\nz = 1\n', 'l', 2],
    ['a = "1"\nt = { b = 1 }\n', 't', 2],
  ])('refuses what is no single value: %j', (text, name, line) => {
    const { findings } = read(text);
    expect(findings).toMatchObject([{ code: 'not-a-variable', path: shared, line }]);
    expect(findings[0]?.message).toContain(`"${name}"`);
  });

  it.each([
    '[toString]\na = 1',
    'toString.a = 1',
    '[__proto__]\na = 1',
    'x = {toString.a = 1}',
    '["hasOwnProperty"]\na = 1',
  ])('never touches the prototype of objects: %j', (text) => {
    expect(read(text).findings).toHaveLength(1);
    expect(Object.keys(Object.prototype.toString)).toEqual([]);
    expect(Object.keys(Object.prototype.hasOwnProperty)).toEqual([]);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it('keeps a variable that is called like a method', () => {
    expect(read('toString = "x"\n__proto__ = "y"\n').variables.toString).toBe('x');
    expect(Object.hasOwn(read('__proto__ = "y"\n').variables, '__proto__')).toBe(true);
  });

  it('gives line and column of a syntax error, and nothing of the text around it', () => {
    const { findings } = read('a = "1"\nb = "é" x\nc = "private"\n');
    expect(findings).toMatchObject([{ code: 'malformed', path: shared, line: 2, column: 9 }]);
    expect(findings[0]?.message).not.toContain('private');
  });

  it('collects the errors of both files', () => {
    const tree = treeOf({ [shared]: notUtf8, 'clients/codex/vars.toml': 'a = [1]\n"b c" = "x"\n' });
    expect(readVariables(tree, 'codex').findings.map(({ code, line }) => [code, line])).toEqual([
      ['not-utf8', 1],
      ['not-a-variable', 1],
      ['variable-name', 2],
    ]);
  });

  it('refuses a literal secret by the name of the variable, without showing it', () => {
    const { findings, variables } = read('team = "blue"\napi_token = "q7Zp2Lx9Kd4T"\n');
    expect(findings).toMatchObject([{ code: 'literal-secret', line: 2 }]);
    expect(JSON.stringify(findings)).not.toContain('q7Zp2');
    expect(variables).toEqual({ team: 'blue', api_token: '' });
  });

  it('refuses a literal secret that can be told by its shape, under any name and in a file that does not parse', () => {
    const key = ['ghp', 'aZ3kQ9xB7mW2pL5vN8cR4tY6aZ3kQ9xB7mW2'].join('_');
    const { findings, variables } = read(`team = "blue"\nword = "${key}"\n`);
    expect(findings).toMatchObject([{ code: 'literal-secret', line: 2 }]);
    expect(variables).toEqual({ team: 'blue', word: '' });
    expect(read(`room = \nword = """\n${key}"""\n`).findings).toMatchObject([{ line: 1 }, { line: 3 }]);
    const escaped = `word = "{\\"apiKey\\": \\"${key.slice(4)}\\"}"\n`;
    expect(read(escaped).findings).toMatchObject([{ code: 'literal-secret', line: 1 }]);
  });

  it('takes a variable with a mistake for defined, so that its uses are no mistakes of their own', () => {
    expect(read('team = "blue"\nroom = \n').variables).toEqual({ team: '', room: '' });
  });
});
