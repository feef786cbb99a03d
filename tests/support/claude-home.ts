/** Files as a person who has used Claude Code for a while has them. */

/** One entry of `history`, on one line or over many, as different versions of Claude Code wrote it. */
function historyEntry(project: number, entry: number): string {
  const display = `step ${entry} of project ${project}: caf\\u00e9 \\/ na\\u00efve ${'lorem ipsum dolor '.repeat(4)}`;
  const pasted = entry % 3 === 0 ? `{ "10": "ten", "9": "nine" }` : '{}';
  return `        {\n          "display": "${display}",\n          "pastedContents": ${pasted}\n        }`;
}

function project(index: number): string {
  const history = Array.from({ length: 16 }, (_, entry) => historyEntry(index, entry)).join(',\n');
  return `    "/home/u/work/project-${index}": {
      "allowedTools": ["Bash(git:*)", "Read(./src/**)" , "Edit"],
      "history": [
${history}
      ],
      "mcpServers": {},
      "hasTrustDialogAccepted": ${index % 2 === 0},
      "lastCost": ${index}.0,
      "lastDuration": 9007199254740993${index},
      "exampleFiles": [ ]
    }`;
}

/** A `.claude.json` of about 200 KB with everything that a parse and a print would spoil. */
export function richClaudeJson(): string {
  const projects = Array.from({ length: 60 }, (_, index) => project(index)).join(',\n');
  return `{
  "numStartups": 412,
  "installMethod": "unknown",
  "autoUpdates": false,
  "theme": "dark",
  "theme": "light",
  "firstStartTime": "2025-06-01T10:00:00.000Z",
  "userID": "${'0123456789abcdef'.repeat(4)}",
  "bigCount": 123456789012345678901234567890,
  "ratio": 1.0,
  "limit": 1e21,
  "negative": -0,
  "tipsHistory": { "10": 3, "2": 9, "new-user-warmup": 1 },
  "caf\\u00e9": "na\\u00efve \\/ slash",
  "projects": {
${projects}
  },
  "mcpServers": {
    "mine": { "command": "mine", "args": ["-y",   "mine"], "env": {"A": "1"} },
    "with space": {
      "type": "http",
      "url": "https:\\/\\/mine.example\\/mcp",
      "customKey": 1e2
    }
  },
  "oauthAccount": { "emailAddress": "u@example.org" },
  "hasCompletedOnboarding": true
}
`;
}

/** A `settings.json` with four spaces, hooks, permissions, and a rule of the user's that the team has too. */
export const richSettings = `{
    "$schema": "https://json.schemastore.org/claude-code-settings.json",
    "model": "opus",
    "permissions": {
        "allow": [ "Bash(git status)", "Bash(npm test:*)" ],
        "deny": [
            "Read(./.env)",
            "Bash(rm:*)"
        ],
        "defaultMode": "acceptEdits"
    },
    "hooks": {
        "PostToolUse": [
            {
                "matcher": "Edit|Write",
                "hooks": [ { "type": "command", "command": "true" } ]
            }
        ]
    },
    "env": {"EDITOR":"vi"}
}
`;

/** A `CLAUDE.md` with a person's own text. */
export const richInstructions = '# How I work\n\n- Short answers.\n\n<!-- keep this -->\n@notes/mine.md\n';
