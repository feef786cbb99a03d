import { encodeText } from '../text.ts';
import { gitFiles } from './git-files.ts';

/** A file of a new repository. */
export interface StarterFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/**
 * The name that a repository has for good, whatever its folder is called, and the memories that its instructions do not name
 * yet, by their paths below `memory/`.
 */
export function identityFile(id: string, unlisted: readonly string[]): StarterFile {
  const text = `# Tells this repository from others, also before its first commit and in shallow clones. Do not change it.
id = "${id}"
`;
  return file('clients/syncline.toml', unlisted.length === 0 ? text : `${text}${unlistedText(unlisted)}`);
}

const lineWidth = 120;

function unlistedText(names: readonly string[]): string {
  // What TOML cannot spell in this way is no name of a memory.
  const spelled = names.map((name) => JSON.stringify(name));
  const line = `[${spelled.join(', ')}]`;
  const key = 'unlisted-memories';
  const list =
    key.length + line.length + 3 > lineWidth ? `[\n${spelled.map((name) => `  ${name},\n`).join('')}]` : line;
  return `
# Memories that were in the clients before this repository: deployed as files, but not listed in the instructions, so that no
# session is told of them by us. Take out a name, or all of this, and push, and it is listed.
${key} = ${list}
`;
}

/** The least that is of use: what both agents are told, and where servers go. Nothing that gives an agent powers. */
export function contentFiles(): StarterFile[] {
  return [
    file('clients/shared/instructions.md', instructions),
    file('clients/shared/memory/global.md', memory),
    file('clients/shared/mcp.json', '{\n  "mcpServers": {}\n}\n'),
  ];
}

/** The one of the files below that is kept where it is there already; those of git's own get what they lack. */
export const readMePath = 'README.md';

/**
 * What stands around `clients/`. The hook and the workflow work only at the top of a git repository; with `unlisted` the
 * README tells of memories that the instructions do not name.
 */
export function projectFiles(isTop: boolean, unlisted: 'unlisted' | 'all listed'): StarterFile[] {
  const rows = unlisted === 'unlisted' ? readMe.replace(identityRow, identityRow + unlistedRow) : readMe;
  const files = [
    ...gitFiles.map(({ path, text }) => file(path, text)),
    file(readMePath, isTop ? rows + readMeChecks : rows),
  ];
  if (!isTop) return files;
  return [
    ...files,
    { ...file('.githooks/pre-commit', hook), executable: true },
    file('.github/workflows/syncline.yml', workflow),
  ];
}

function file(path: string, text: string): StarterFile {
  return { path, bytes: encodeText(text), executable: false };
}

const instructions = `- Read what is there before you change it, and follow its ways.
- Say what you did, what you did not do, and what you could not check.
`;

const memory = `# Global memory

- These files are kept in a git repository and deployed by Syncline: what shall stay is changed there.
`;

const hook = `#!/bin/sh
# Checks clients/ before each commit. Switch it on once per clone: git config core.hooksPath .githooks
PATH="$PWD/node_modules/.bin:$PATH"
if ! command -v syncline >/dev/null 2>&1; then
  echo 'syncline is not installed here: see README.md. To commit without the check: git commit --no-verify' >&2
  exit 1
fi
exec syncline check-sync --source-only
`;

const workflow = `name: syncline
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      # Syncline is not on npm yet: it is installed where package.json names it (see README.md), else a notice says so.
      - run: if [ -f package.json ]; then npm install; fi
      - run: |
          PATH="$PWD/node_modules/.bin:$PATH"
          if ! command -v syncline > /dev/null; then
            echo '::notice title=syncline::clients/ was not checked: package.json does not name Syncline. See README.md.'
            exit 0
          fi
          syncline check-sync --source-only
`;

const identityRow = '- `syncline.toml`: the name of this repository';
const unlistedRow = `, and the memories that no session is told of yet (\`unlisted-memories\`): take a
  name out there and push`;

const readMe = `# What our agents know

Syncline keeps Codex and Claude Code in step with this repository. Change a file below \`clients/\`, then:

\`\`\`sh
syncline push-runtime
\`\`\`

Look first with \`--dry-run\`; take the last run back with \`syncline restore\`.

In \`clients/\`:

- \`shared/instructions.md\`: what both agents are told, in every project
- \`shared/mcp.json\`: MCP servers; name variables (\`\${TOKEN}\`), never secrets
- \`shared/skills/<name>/SKILL.md\`: skills
- \`shared/memory/**.md\`: memories; \`global.md\` is always before the agents
- \`shared/commands/\`, \`shared/agents/\`: commands and agents
- \`codex/\`, \`claude/\`: what only one of them gets
${identityRow}

## Install

Syncline is not on npm yet, so \`npx syncline\` finds it only where it is installed. From a clone of it:

- \`npm ci && npm link\` there, and \`syncline\` works everywhere; or
- \`npm install --save-dev <folder or git URL of it>\` here, and \`npx syncline\` works in this folder, the checks below too.
`;

const readMeChecks = `
## Checks

- Before each commit, once per clone: \`git config core.hooksPath .githooks\`
- In CI: \`.github/workflows/syncline.yml\`. Until \`package.json\` names the dependency it only says that nothing was checked.
`;
