import { dirname } from 'node:path';
import type { Host } from '../host.ts';
import { fileAt } from '../reading/read-file.ts';
import { asFailure } from '../system-error.ts';
import { replaceFile } from '../transaction/atomic-write.ts';
import { makeDurableFolders } from '../transaction/folders.ts';
import type { StatePaths } from './state-directory.ts';

/**
 * The clients call it whenever they connect, so it starts no Node; Codex hands it next to no environment, so it starts
 * nothing at all. It finds the tokens from where it stands: a state folder that is moved stays whole.
 */
const posixLauncher = `#!/bin/sh
# Written by Syncline. Prints the headers for a token: token-headers <name> [header]
LC_ALL=C
name=\${1-} header=\${2-Authorization} token=

fail() {
  echo "token-headers: $1" >&2
  exit 2
}

# What Claude Code is about to send the token to has to be among the origins in a file. What is not spelled plainly is not.
check() {
  case $1 in
    *[!!-~]* | *\\\\*) unclear ;;
    *://*) ;;
    *) unclear ;;
  esac
  host=\${1#*://}
  host=\${host%%[/?#]*}
  lower "\${1%%://*}://\${host##*@}"
  case $low in
    https://*:443 | wss://*:443) low=\${low%:443} ;;
    http://*:80 | ws://*:80) low=\${low%:80} ;;
    *:) low=\${low%:} ;;
  esac
  case \${low#*://} in '' | *[!a-z0-9.:_[\\]-]*) unclear ;; esac
  while IFS= read -r line || [ -n "$line" ]; do
    # Where a variable names the host, the person who agreed to it knew no more than the variable.
    case $line in *'\${'*) return ;; esac
    if [ "x$line" = "x$low" ]; then return; fi
  done <"$2"
  fail "\\"$name\\" was made for another host than $low; if it may go there too: syncline token bind $name --for $low"
}

unclear() {
  fail "the address of the server is not spelled plainly, so \\"$name\\" is not sent there"
}

# In words of the shell: it starts no program.
lower() {
  low= rest=$1 pairs=AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz
  while [ -n "$rest" ]; do
    one=\${rest%"\${rest#?}"} rest=\${rest#?}
    case $one in
      [A-Z])
        one=\${pairs#*$one}
        one=\${one%"\${one#?}"}
        ;;
    esac
    low=$low$one
  done
}

self=$0
if [ -h "$self" ]; then self=$(readlink -f -- "$self") || fail 'cannot follow the link to this script'; fi
case $self in
  */*) folder=\${self%/*}/../tokens ;;
  *) folder=../tokens ;;
esac
case $name in
  '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9_.-]*) fail 'this is not the name of a token' ;;
esac
case $header in
  '' | [!A-Za-z0-9]* | *[!A-Za-z0-9_-]*) fail 'this is not the name of a header' ;;
esac
[ -f "$folder/$name" ] || fail "there is no token \\"$name\\"; make it with: syncline token new $name"
[ -r "$folder/$name" ] || fail "the token \\"$name\\" cannot be read"
IFS= read -r token <"$folder/$name"
case $token in
  '' | ' '* | *' ' | *[!\\ -~]* | *\\"* | *\\\\*) fail "the file of \\"$name\\" holds no token; write it with: syncline token set $name --overwrite" ;;
esac
bound=$folder/../token-origins
if [ -n "\${CLAUDE_CODE_MCP_SERVER_URL-}" ]; then
  if [ -h "$bound" ] || [ -h "$bound/$name" ]; then fail "a link stands where the hosts of \\"$name\\" belong"; fi
  if [ -e "$bound/$name" ]; then check "$CLAUDE_CODE_MCP_SERVER_URL" "$bound/$name"; fi
fi
# echo and not printf, which is a program in some shells: others would see the token among its arguments.
case $header in
  [Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn]) echo "{\\"$header\\":\\"Bearer $token\\"}" ;;
  *) echo "{\\"$header\\":\\"$token\\"}" ;;
esac
`;

const windowsLauncher = `@echo off
rem Written by Syncline. Prints the headers for a token: token-headers <name> [header]
setlocal EnableExtensions DisableDelayedExpansion
set "file=%~dp0..\\tokens\\%~1"
set "header=%~2"
set "token="
if not defined header set "header=Authorization"
if not exist "%file%" goto missing
for /f usebackq^ delims^=^ eol^= %%t in ("%file%") do if not defined token set "token=%%t"
if not defined token goto missing
if /i "%header%"=="Authorization" (echo {"%header%":"Bearer %token%"}) else (echo {"%header%":"%token%"})
exit /b 0
:missing
>&2 echo token-headers: there is no token "%~1"; make it with: syncline token new %~1
exit /b 2
`.replaceAll('\n', '\r\n');

/** Whether the launcher stands as this version would write it. Throws `Failure` when it cannot be read. */
export function isLauncherThere({ disk, platform }: Host, { launcher }: StatePaths): boolean {
  try {
    const file = fileAt(disk, launcher);
    const isExecutable = platform === 'win32' || ((file?.mode ?? 0) & 0o100) !== 0;
    return file !== undefined && isExecutable && new TextDecoder().decode(file.bytes) === textFor(platform);
  } catch (error) {
    throw asFailure(error, launcher, 'read it');
  }
}

/** Writes the launcher unless it stands. Throws `Failure`. */
export function writeLauncher(host: Host, paths: StatePaths): void {
  if (isLauncherThere(host, paths)) return;
  const { disk, platform, uniqueName } = host;
  try {
    makeDurableFolders(disk, dirname(paths.launcher), 0o700);
    replaceFile(disk, paths.launcher, new TextEncoder().encode(textFor(platform)), 0o755, uniqueName());
  } catch (error) {
    throw asFailure(error, paths.launcher, 'write it');
  }
}

function textFor(platform: string): string {
  return platform === 'win32' ? windowsLauncher : posixLauncher;
}
