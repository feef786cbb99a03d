import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowAlways } from '../support/claude-permission-writer.ts';
import { settingsWrite } from '../support/claude-writer.ts';
import { isAbsent } from '../support/clients.ts';
import { settingsJson } from '../support/json-documents.ts';
import { makeSandbox } from '../support/sandbox.ts';

const path = 'home/.claude/settings.json';
const documents = fc.sample(settingsJson, { numRuns: process.env.CI === 'true' ? 8 : 2, seed: 4 });

describe.skipIf(isAbsent('claude'))('the model of Claude Code’s writer of permissions', () => {
  it('writes what the real one writes when a person says "always allow", to the byte', async () => {
    const texts = [...documents.map(({ text }) => text), '{"permissions":{"allow":["Bash(make:*)"]},"env":{}}'];
    for (const before of texts) {
      const sandbox = makeSandbox();
      sandbox.write(path, before);
      await allowAlways(sandbox.home, 'Bash', 'make:*');
      const after = settingsWrite(before, { kind: 'allow', rule: 'Bash(make:*)' });
      expect({ before, after }).toEqual({ before, after: sandbox.read(path) });
    }
  });
});
