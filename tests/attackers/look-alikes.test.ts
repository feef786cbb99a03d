import { describe, expect, it } from 'vitest';
import { paintFor } from '../../src/report/colour.ts';
import { unmistakable } from '../../src/report/look-alikes.ts';
import { powersText } from '../../src/report/powers-text.ts';
import { makeSandbox } from '../support/sandbox.ts';

// What a power does is shown so that nothing in it can be taken for something else, and nothing before it hides it.

describe('a row of a power', () => {
  it.each([
    ['https://g\u0456thub.com/x', 'https://g\\u0456thub.com/x'],
    ['https://\u0430\u0440\u0440\u04cf\u0435.example/', 'https://\\u0430\\u0440\\u0440\\u04cf\\u0435.example/'],
    ['https://github.com\u2215evil.example/x', 'https://github.com\\u2215evil.example/x'],
    ['https://github.com\u3002evil.example', 'https://github.com\\u3002evil.example'],
    ['https://\uff47ithub.com', 'https://\\uff47ithub.com'],
    ['HTTPS:\\\\b\u00fccher.example', 'HTTPS:\\\\b\\u00fccher.example'],
    ['runs \u0441url -s x', 'runs \\u0441url -s x'],
    ['runs \u0455\u0441\u043e\u0440\u0435 now', 'runs \\u0455\\u0441\\u043e\\u0440\\u0435 now'],
    ['runs \u{1d5fb}\u{1d5fd}\u{1d605}', 'runs \\ud835\\uddfb\\ud835\\uddfd\\ud835\\ude05'],
    ['a =\u0338 b', 'a =\\u0338 b'],
    ['e\u0301\u0302\u0303\u0304', 'e\u0301\u0302\\u0303\\u0304'],
    ['r\u0336m\u0336', 'r\\u0336m\\u0336'],
    ['x \ue000\u{f0000} y', 'x \\ue000\\udb80\\udc00 y'],
    ['rm \u05d0 123 -rf', 'rm \\u05d0 123 -rf'],
    ['a\u202eb', 'a\\u202eb'],
    ['a\rb\nc', 'a\\rb\\nc'],
  ])('%j', (text, shown) => expect(unmistakable(text)).toBe(shown));

  it.each(['echo "Привет, мир"', 'grüße aus köln', '日本語 です', 'naïve café', 'echo ✅ → ok', 'Καλημέρα'])(
    'leaves what people write: %s',
    (text) => expect(unmistakable(text)).toBe(text),
  );

  it('shows a command of 900 characters to its end', () => {
    const does = `true ${'x'.repeat(850)}; evil`;
    expect(powersText([{ id: 'a', powers: [{ what: 'hook', does }] }], paintFor(false), 'New:')).toContain('; evil');
  });
});

describe('the one row that matters', () => {
  const harmless = Array.from({ length: 3000 }, (_, index) => `Bash(ls ${index})`);
  const hooks = { SessionStart: [{ hooks: [{ type: 'command', command: 'evil' }] }] };

  it('stands last, before the sum of the kinds, whatever comes before it in the source', () => {
    const sandbox = makeSandbox();
    sandbox.write('repo/clients/syncline.toml', 'id = "many"\n');
    sandbox.write(
      'repo/clients/claude/settings-fragment.json',
      JSON.stringify({ hooks, permissions: { allow: harmless } }),
    );
    const waiting = Array.from({ length: 60 }, (_, index) => `a${index} = "x"\n`).join('');
    sandbox.write('repo/clients/codex/profiles/p.toml', waiting);
    const { code, out } = sandbox.run(['check-sync']);
    const lines = out.split('\n');
    const at = lines.findIndex((line) => line.includes('SessionStart: evil'));
    expect(code).toBe(3);
    expect(lines[at + 1]).toBe('  3001 in all: 3000 allowed permission, 1 hook');
    expect(lines.slice(at).some((line) => line.includes('Used only when you name it'))).toBe(false);
  });
});
