import { servers } from '../data/source.ts';
import type { Peer } from './peer.ts';

const clients = ['--global', '--agent', 'codex', '--agent', 'claude-code'];

/** As many servers in both clients; it has no source to compare them with. */
export const addMcp: Peer = {
  package: 'add-mcp',
  version: '2.4.0',
  script: 'dist/index.js',
  rows: [
    {
      name: 'add-mcp list',
      words: ['list', ...clients],
      note: 'only lists the servers of two files: no source, nothing is compared; no skills, instructions, memories, settings',
    },
  ],
  prepare: (_, start) => {
    for (const name of Object.keys(servers))
      start([`https://${name}.example.com/mcp`, '--name', name, ...clients, '--yes']);
  },
};
