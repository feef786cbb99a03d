import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clientBinary } from './clients.ts';

/** What stands for a client that is not installed. It knows only the questions and the faults of the story. */
const fakes = {
  codex: `#!/bin/sh
# A fake of the tests, for machines without the real Codex: it knows one key that it does not know.
case "$*" in
  --version) echo 'codex-cli 0.169.0 (a fake of the tests)' ;;
  'app-server --strict-config --print-startup-config')
    line=$(grep -n '^no_such_key' "$CODEX_HOME/config.toml" | cut -d: -f1)
    [ -z "$line" ] && echo '{"appServerVersion":"fake"}' && exit 0
    f=$CODEX_HOME/config.toml
    says="$f:$line:1: unknown configuration field \\\`no_such_key\\\`"
    echo "{\\"error\\":{\\"data\\":{\\"filePath\\":\\"$f\\",\\"line\\":$line,\\"column\\":1,\\"detail\\":\\"$says\\"}}}"
    exit 1 ;;
  *) echo '{"appServerVersion":"fake"}' ;;
esac
`,
  claude: `#!/bin/sh
# A fake of the tests, for machines without the real Claude Code: it knows one setting of a wrong type.
[ "$*" = --version ] && echo '2.1.329 (a fake of the tests)' && exit 0
echo 'Claude Code doctor'
echo
if grep -q '"model": *5' "$CLAUDE_CONFIG_DIR/settings.json" 2>/dev/null; then
  echo 'Invalid settings'
  echo "- $CLAUDE_CONFIG_DIR/settings.json › model: Expected string, but received number"
fi
`,
} as const;

/** A folder with both clients for a PATH: the real ones where they are installed, else fakes that say so. */
export function clientsOnPath(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  for (const name of ['codex', 'claude'] as const) {
    const real = clientBinary(name);
    if (real) symlinkSync(real, join(folder, name));
    else writeProgram(join(folder, name), fakes[name]);
  }
}

/** Writes a script that may be run. */
function writeProgram(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
