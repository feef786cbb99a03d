import { exitCodesText } from './exit-codes.ts';

/** What `syncline help <topic>` tells, at 80 columns. docs/help.md shows the same texts; a test holds that. */
export const helpTopics: Readonly<Record<string, string>> = {
  'exit-codes': `${exitCodesText}

check-sync exits 3 where a push would stop at a conflict, and 0 only if it has
read every file. After 2 the report says whether anything was written or undone.
`,

  units: `A unit is one managed thing, named client:file or client:file#address:

  codex:config.toml#mcp_servers.team              one server of Codex
  claude:.claude.json#mcpServers.team             the same one of Claude Code
  claude:settings.json#permissions.deny["Read(./.env)"]    one rule
  codex:memories/global.md                        one memory
  claude:skills/review/SKILL.md                   one file of a skill

Reports print these names; check-sync --verbose lists every one. A shorter name
means everything below it, and without a client that of all clients:

  codex:skills/review     every file of that skill, in Codex
  skills/review           the same in every client
  codex:config.toml       everything of ours in that file
  codex:                  everything of Codex

Put names with brackets, quotes or # into single quotes for your shell:

  syncline push-runtime --keep 'claude:settings.json#permissions.deny'
`,

  tokens: `Two things are called tokens.

In texts (memories, skills, instructions, commands) a name in double braces
becomes a value when it is deployed:

  {{client.name}}    the client that gets the text
  {{client.home}}    its home folder
  {{path.memory}}    where its memories are
  {{path.skills}}    where its skills are
  {{path.files}}     where files/ goes: its home
  {{skill.name}}     the skill that the text stands in
  {{var.NAME}}       NAME of clients/shared/vars.toml

An unknown name with one of these beginnings is an error with file and line;
any other {{...}} is left alone. {{{{client.name}}}} is deployed as text, in
one pair of braces less.

For servers, a token is a secret of this machine. The source only names it; its
file is in no repository, in no client's configuration, and in no backup:

  syncline token new hub     make one
  syncline token show hub    print it, to give it to the server
  syncline token list        what there is, and where each may go
`,

  safety: `What a run does to your files:

  - All or nothing: one conflict, one file that does not parse, one secret in
    the source, and no file of any client changes.
  - Only units of ours change; every other byte of your files stays as it is.
  - push-runtime never overwrites an edit of yours unless you say --overwrite.
  - What is replaced or removed is backed up first: syncline restore.
  - A run that is killed is undone by the next command.
  - What was there before us is never removed.
  - No secret is printed, nor copied into the repository.

To look first:          syncline push-runtime --dry-run
To take a run back:     syncline restore
To take all of it out:  syncline uninstall
`,
};
