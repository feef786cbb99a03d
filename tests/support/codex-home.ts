/** Files as a person who has used Codex for a while has them. */

/** A `config.toml` with everything that a parse and a print would spoil; the real Codex loads it, strictly. */
export const richConfig = String.raw`#:schema https://developers.openai.com/codex/config-schema.json
# mine, do not touch

model   =   "gpt-5"      # odd spacing
  approval_policy="on-request"
tool_output_token_limit = 0x10_00
notify = [ "notify-send",   # inside an array
  'Codex',
]
file_opener = "none"
"project_root_markers" = [ ".git", ".hg" ]
developer_instructions = """
# >>> syncline managed >>> not a marker
[not.a.table]
"Quoted" \
   text
"""
compact_prompt = '''
# <<< syncline managed <<<
raw \d+
'''
shell_environment_policy.inherit = "core"
shell_environment_policy . "set" = { LANG = "C.UTF-8", 'TZ' = "UTC" }

# about the desktop
[desktop]
when = 1979-05-27 07:32:00Z
clock = 07:32
big = 9_223_372_036_854_775_807
float = 6.626e-34
escape = "\e[0m \x41"
nested = {
  a = 1, # one
  b = { c = [ 1,2 ] },
}
	deep.er . still = true

[features]
apps=false
[mcp_servers."my server"]   # quoted
command = "mine"
args = [ "-y",   "mine" ]
env = { KEEP = "1" }
startup_timeout_sec = 20.0

[mcp_servers."my server".tools.search]
approval_mode = "approve"

[ mcp_servers . "a.b" ]
url = "https://mine.example/mcp"

[model_providers.mine]
name = "Mine"
base_url = "http://localhost:1/v1"
[projects."/home/u/p"]
trust_level = "trusted"
[projects.'C:\Users\u']
trust_level = "trusted"


[[skills.config]]
path = "/skills/a/SKILL.md"
enabled = false

[[skills.config]]
path = "/skills/b/SKILL.md"
enabled = false
# the end
`;

/** An `AGENTS.md` with a person's own text. */
export const richAgents =
  '# How I work\n\n- Short answers.  \n\n```md\n<!-- kept, too -->\n```\n\n\n<!-- keep this -->\nThe end.\n';

/** One peculiarity each: small files that a merge easily gets wrong. */
export const peculiarConfigs: Readonly<Record<string, string>> = {
  'nothing in it': '',
  'a blank line': '\n',
  'blank lines and spaces': '\n  \n\t\n\n',
  'a comment': '# only this',
  'comments and blank lines': '# one\n\n# two\n\n\n',
  'a byte order mark alone': '\uFEFF',
  'root keys only': 'model = "gpt-5"\nfile_opener = "none"\n',
  'odd spacing':
    '  model="gpt-5"   \n\n\n\tfile_opener    =    "none"#tight\n\n\n  [features]  # here\n    apps   =false\n\n\n',
  'dotted keys':
    'tui.theme = "nord"\nfeatures.apps = false\nmcp_servers.mine.command = "mine"\nmcp_servers.mine.args = []\n',
  'dotted keys in a table': '[mcp_servers]\nmine.command = "mine"\nmine.env.A = "1"\n[tui]\ntheme = "nord"\n',
  'inline tables': 'tui = { theme = "nord" }\nfeatures = {apps=false}\nmcp_servers = { mine = { command = "mine" } }\n',
  'empty inline tables': 'tui = {}\nmcp_servers = { }\nmodel_providers={}\n',
  'inline tables over many lines':
    'mcp_servers = {\n  # mine\n  mine = {\n    command = "mine", # one\n  }, # two\n  # three\n}\ntui = { theme = "nord",\n}\n',
  'empty tables': '[tui]\n[mcp_servers]\n\n[model_providers]\n# nothing\n',
  'tables out of order':
    '[mcp_servers.mine.env]\nA = "1"\n[features]\napps = false\n[mcp_servers.mine]\ncommand = "mine"\n',
  'a first table that is a server': '# about mine\n[mcp_servers.mine]\ncommand = "mine"\n',
  'root keys, a comment, a server': 'model = "gpt-5"\n# about mine\n[mcp_servers.mine]\ncommand = "mine"\n# below\n',
  'arrays of tables at the end':
    '[[skills.config]]\npath = "/a/SKILL.md"\nenabled = false\n\n[[skills.config]]\npath = "/b/SKILL.md"\nenabled = false',
  'arrays of tables with tables in them':
    '[[hooks.PreToolUse]]\nmatcher = "Bash"\n\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "true"\n\n[tui]\ntheme = "nord"\n',
  'multi-line strings':
    'developer_instructions = """\n[tui]\nnotifications = true\n# <<< syncline managed <<<\n"""\ncompact_prompt = \'\'\'\n"""\n[mcp_servers.team]\n\'\'\'\n',
  'a multi-line string at the end': 'developer_instructions = """\nlast words"""',
  'TOML 1.1':
    '[desktop]\nescape = "\\e[0m \\x41"\nclock = 07:32\nnested = {\n  a = 1, # one\n  b = [\n    2,\n  ],\n}\n',
  'quoted keys':
    '"model" = "gpt-5"\n\'file_opener\' = "none"\n["tui"]\n"theme" = "nord"\n[ \'projects\' . "/home/u/p" ]\ntrust_level = "trusted"\n',
  'names that JavaScript knows':
    '[desktop]\n__proto__ = 1\nconstructor = { prototype = 2 }\n[desktop.toString]\nvalueOf = 3\n',
  'a comment with a marker in it': '# see "# >>> syncline managed >>>" in the docs\nmodel = "gpt-5"\n',
  'characters outside the BMP':
    '# 😀 héllo\ndeveloper_instructions = "😀 \\U0001F600"\n[projects."/home/ü/😀"]\ntrust_level = "trusted"\n',
};
