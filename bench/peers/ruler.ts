import { normalSource, servers } from '../data/source.ts';
import { writeBelow } from '../sandbox.ts';
import type { Peer } from './peer.ts';

const apply = ['apply', '--local-only', '--agents', 'claude,codex', '--no-backup', '--no-gitignore'];

/** The same instructions, skills and servers, in a project: it knows no user's home. */
export const ruler: Peer = {
  package: '@intellectronica/ruler',
  version: '0.3.44',
  script: 'dist/cli/index.js',
  rows: [
    {
      name: 'ruler apply --dry-run',
      words: [...apply, '--dry-run'],
      note: 'says what it would write, not whether it differs: no check; of a project, without the 213 KB `.claude.json`',
    },
  ],
  prepare: ({ repo }, start) => {
    writeBelow(`${repo}/.ruler`, [['ruler.toml', Object.entries(servers).map(server).join('\n')], ...contents()]);
    start(apply);
  },
};

function* contents() {
  for (const [path, text] of normalSource()) {
    if (path.startsWith('shared/skills/')) yield [path.replace('shared/', ''), text] as const;
    else if (path.endsWith('.md')) yield [path.replaceAll('/', '-'), text] as const;
  }
}

function server([name, entry]: [string, { url?: string; command?: string; args?: string[] }]): string {
  if (entry.url) return `[mcp_servers.${name}]\nurl = "${entry.url}"\n`;
  return `[mcp_servers.${name}]\ncommand = "${entry.command}"\nargs = ${JSON.stringify(entry.args)}\n`;
}
