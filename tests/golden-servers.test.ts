import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claudeServers } from '../src/adapters/claude/servers.ts';
import { codexServers } from '../src/adapters/codex/servers.ts';
import { goldenFolder, outputsOf } from './support/golden-servers.ts';

/**
 * A kind of shared entry is a folder: `mcp.json`, what Codex and Claude Code get of it in `codex.toml` and `claude.json`,
 * and what is said about it in `findings.txt`. Run with UPDATE_GOLDEN=1 to write them anew, and review them as a diff.
 */
describe('shared servers', () => {
  it.each(readdirSync(goldenFolder).sort())('%s become what the clients know', (kind) => {
    for (const [name, text] of Object.entries(outputsOf(kind))) {
      const path = join(goldenFolder, kind, name);
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
      expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined, name).toEqual(text);
    }
  });

  it('are read from the same file for both clients', () => {
    expect([codexServers.source, claudeServers.source]).toEqual(['mcp.json', 'mcp.json']);
  });
});
