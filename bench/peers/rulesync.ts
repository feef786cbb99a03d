import { json, normalSource, servers } from '../data/source.ts';
import { writeBelow } from '../sandbox.ts';
import type { Peer } from './peer.ts';

const generate = ['generate', '--global', '--targets', 'claudecode,codexcli', '--features', 'rules,mcp,skills'];

/** The same skills, servers and instructions; the memories stand in the instructions, since it knows none. */
export const rulesync: Peer = {
  package: 'rulesync',
  version: '17.0.0',
  script: 'dist/cli/index.js',
  rows: [
    {
      name: 'rulesync generate --check',
      words: [...generate, '--check'],
      note:
        'no settings, no memories of their own, no tokens, no record: cannot tell an edit in the runtime from a newer source, ' +
        'and takes servers that it does not know for drift',
    },
  ],
  prepare: ({ repo }, start) => {
    const files = [...normalSource()];
    const texts = (part: string) => files.flatMap(([path, text]) => (path.includes(part) ? [text] : [])).join('\n');
    const rule = `---\nroot: true\ntargets: ["*"]\ndescription: All\nglobs: ["**/*"]\n---\n`;
    writeBelow(`${repo}/.rulesync`, [
      ['rules/all.md', `${rule}\n${texts('instructions.md')}\n${texts('memory/')}`],
      ['mcp.json', json({ mcpServers: servers })],
      ...files.flatMap(([path, text]) =>
        path.startsWith('shared/skills/') ? [[path.slice('shared/'.length), text] as const] : [],
      ),
    ]);
    start(generate);
  },
};
