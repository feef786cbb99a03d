import { describe, expect, test } from 'vitest';
import { toml } from '../../src/formats/toml/toml.ts';
import { sameValue, valueAt } from '../../src/model/value.ts';
import { request } from '../support/toml-laws.ts';
import { asCodexWrites, entry } from './toml-cases.ts';

const begin = '# >>> syncline managed >>> edit clients/ in team, not here\n';
const end = '# <<< syncline managed <<<\n';
const server = '[mcp_servers.a]\ncommand = "npx"\nenv = { A = "1" }\n';
const provider = '[model_providers.p]\nname = "p"\n';
const inlineServer = 'mcp_servers.a = { command = "npx", env = { A = "1" } }\n';
const inlineProvider = 'model_providers.p = { name = "p" }\n';
const features = '[features]\nweb = true # kept\n';
const mine = '# my server\n[mcp_servers.mine]\ncommand = "m"\n';
const trust = '[projects."/home/u/p"]\ntrust_level = "trusted"\n';
const root = 'approval_policy = "never"\n';

/** Where a block can stand: here by us, or by an older version, or by a person. */
const layouts: Record<string, string> = {
  'end, server first': `${root}\n${features}\n${mine}\n${trust}\n${begin}${server}\n${provider}${end}`,
  'end, provider first': `${root}\n${features}\n${mine}\n${trust}\n${begin}${provider}\n${server}${end}`,
  'middle, server first': `${root}\n${features}\n${begin}${server}\n${provider}${end}\n${mine}\n${trust}`,
  'top, dotted, server first': `${begin}${inlineServer}${inlineProvider}${end}\n${root}\n${features}\n${mine}\n${trust}`,
  'top, dotted, provider first': `${begin}${inlineProvider}${inlineServer}${end}\n${root}\n${features}\n${mine}\n${trust}`,
  'top, dotted, a table next': `${begin}${inlineProvider}${inlineServer}${end}\n${features}\n${mine}\n${trust}`,
  'top, dotted, a server next': `${begin}${inlineProvider}${inlineServer}${end}\n${mine}\n${features}\n${trust}`,
};

const state = '[hooks.state]\nx = { trusted = true }\n';

/** What Codex's writers do to them. */
const writers: Record<string, (text: string) => string> = {
  'mcp add': (text) => asCodexWrites(text, '[mcp_servers.foo]\ncommand = "f"\n'),
  'features enable': (text) => text.replace('web = true', 'web = true\nnew = true'),
  'trust a project': (text) => text.replace(trust, `${trust}\n[projects."/q"]\ntrust_level = "trusted"\n`),
  'set model': (text) =>
    text.includes(root) ? text.replace(root, `${root}model = "x"\n`) : text.replace(end, `model = "x"\n${end}`),
  'set tui.theme': (text) => atTheEnd(text, '[tui]\ntheme = "x"\n'),
  'hooks.state': (text) => atTheEnd(text, state),
  'markers swapped': (text) => text.replace(begin, '@').replace(end, begin).replace('@', end),
  'begin gone': (text) => text.replace(begin, ''),
  'end gone': (text) => text.replace(end, ''),
};

function atTheEnd(text: string, table: string): string {
  return text.endsWith(end) ? text.replace(end, `\n${table}${end}`) : `${text}\n${table}`;
}

const units = [
  entry(['mcp_servers', 'a'], { command: 'npx', env: { A: '1' } }),
  entry(['model_providers', 'p'], { name: 'p' }),
];

describe.each(Object.keys(layouts))('%s', (layout) => {
  test.each(Object.keys(writers))('after %s', (writer) => {
    const text = (writers[writer] as (text: string) => string)(layouts[layout] as string);
    const was = toml.read(text);
    const mended = toml.edit(text, request({ placed: units }));
    expect(sameValue(toml.read(mended.text), was)).toBe(true);
    expect(mended.text.split(begin)).toHaveLength(2);
    expect(mended.text.split(end)).toHaveLength(2);
    const block = mended.text.slice(mended.text.indexOf(begin), mended.text.indexOf(end));
    expect(block).not.toMatch(/mine|foo|tui|hooks|projects|features|model = /);
    for (const unit of units) expect(toml.isMarked(mended.text, unit)).toBe(true);
    const { inserted, parents } = mended;
    expect(toml.edit(mended.text, request({ placed: units, inserted, parents })).text).toBe(mended.text);
    expect(toml.edit(mended.text, request({ placed: units })).text).toBe(mended.text);
    const gone = toml.edit(mended.text, request({ remove: units, inserted, parents }));
    expect(valueAt(toml.read(gone.text), ['mcp_servers', 'a'])).toBeUndefined();
    expect(valueAt(toml.read(gone.text), ['mcp_servers', 'mine'])).toEqual({ command: 'm' });
    expect(gone.text).not.toMatch(/syncline/);
  });
});
