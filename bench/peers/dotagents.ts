import { normalSource, servers } from '../data/source.ts';
import { writeBelow } from '../sandbox.ts';
import type { Peer } from './peer.ts';

const version = '1.19.0';

/** The same skills and servers, at user level. */
export const dotagents: Peer = {
  package: '@sentry/dotagents',
  version,
  script: 'dist/cli/index.js',
  rows: [
    {
      name: 'dotagents doctor',
      words: ['--user', 'doctor'],
      note: 'looks whether folders of skills are there, not into them, and not at servers: passes after an edit of any of them',
    },
    {
      name: 'dotagents sync',
      words: ['--user', 'sync'],
      note: 'repairs instead of checking, and says at each run that it has repaired Codex; servers only: its skills are links, and it has no instructions, memories, settings, tokens',
    },
  ],
  prepare: ({ home }, start) => {
    const skills = [...normalSource()].filter(([path]) => path.startsWith('shared/skills/'));
    const names = [...new Set(skills.map(([path]) => path.split('/')[2] as string))];
    writeBelow(home, [
      ['.agents/agents.toml', configOf(names)],
      // Else it asks once a day for a newer version of itself.
      ['.dotagents/update-check.json', JSON.stringify({ lastCheck: Date.now(), latestVersion: version })],
      ...skills.map(([path, text]) => [path.replace('shared/', '.agents/'), text] as const),
    ]);
    start(['--user', 'sync']);
  },
};

function configOf(skills: readonly string[]): string {
  const skill = (name: string) => `\n[[skills]]\nname = "${name}"\nsource = "path:skills/${name}"\n`;
  const server = ([name, entry]: [string, { url?: string; command?: string; args?: string[] }]) =>
    entry.url
      ? `\n[[mcp]]\nname = "${name}"\nurl = "${entry.url}"\n`
      : `\n[[mcp]]\nname = "${name}"\ncommand = "${entry.command}"\nargs = ${JSON.stringify(entry.args)}\n`;
  const parts = [...skills.map(skill), ...Object.entries(servers).map(server)];
  return `version = 1\nagents = ["claude", "codex"]\n${parts.join('')}`;
}
