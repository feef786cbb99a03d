import { toml } from '../formats/toml/toml.ts';
import type { Guard, Power } from '../model/power.ts';
import { isTable, type KeyPath, leavesOf, type Table, type Value, valueAt } from '../model/value.ts';
import { ruleGuards, rulePowers } from './codex-rule-powers.ts';
import { hookPowers } from './hook-powers.ts';
import {
  type Around,
  anyValue,
  matches,
  type NamedPaths,
  nameOf,
  type PathRule,
  type PowerRules,
  settingPower,
  valueText,
} from './power-rules.ts';
import { providerPowers } from './provider-powers.ts';
import { serverPowers } from './server-powers.ts';
import { scriptPowers, textPowers } from './text-powers.ts';

const isFalse = (value: Value) => value === false;

/**
 * Keys that name no program, address, environment or credential, and trust, allow or loosen nothing. The list follows the keys that
 * Codex 0.171.0 knows of `config.toml`; a key that is not on it is a power.
 */
const harmless: readonly PathRule[] = [
  ...anyValue(
    ...['description', 'model', 'review_model', 'model_context_window', 'model_auto_compact_token_limit'],
    ...['model_auto_compact_token_limit_scope', 'model_max_output_tokens', 'model_reasoning_effort'],
    ...['plan_mode_reasoning_effort', 'model_reasoning_summary', 'model_supports_reasoning_summaries'],
    ...['model_verbosity', 'model_post_turn_compact_threshold_percent', 'personality', 'service_tier'],
    ...['tool_output_token_limit', 'project_doc_max_bytes', 'background_terminal_max_timeout'],
    ...['thread_unload_delay_secs', 'hide_agent_reasoning', 'show_raw_agent_reasoning', 'check_for_update_on_startup'],
    ...['disable_paste_burst', 'suppress_unstable_features_warning', 'mcp_optional_startup_grace_ms', 'goals.**'],
    ...['history.persistence', 'history.max_bytes', 'agents.max_threads', 'agents.max_depth', 'notice.**'],
    ...['tui.theme', 'tui.animations', 'tui.notifications', 'tui.notification_method', 'tui.notification_condition'],
    ...['tui.show_tooltips', 'tui.alternate_screen', 'tui.status_line', 'tui.terminal_title', 'tui.keymap.**'],
    ...['tui.vim_mode_default', 'tui.resume_cwd', 'tui.session_picker_view', 'shell_environment_policy.exclude'],
  ),
  ['sandbox_mode', (value) => value === 'read-only'],
  ['approval_policy', (value) => value === 'untrusted' || value === 'on-request'],
  ['web_search', (value) => value === 'disabled'],
  ['allow_login_shell', isFalse],
  ['analytics.enabled', isFalse],
  ['feedback.enabled', isFalse],
  ['sandbox_workspace_write.network_access', isFalse],
  ['sandbox_workspace_write.exclude_slash_tmp', (value) => value === true],
  ['sandbox_workspace_write.exclude_tmpdir_env_var', (value) => value === true],
];

const names: NamedPaths = [
  ['notify', 'runs a program'],
  ['zsh_path', 'runs a program'],
  ['js_repl_node_path', 'runs a program'],
  ['js_repl_node_module_dirs', 'runs a program'],
  ['file_opener', 'runs a program'],
  ['approval_policy.**', 'approval policy'],
  ['approvals_reviewer', 'approval policy'],
  ['auto_review.**', 'approval policy'],
  ['sandbox_mode', 'sandbox mode'],
  ['sandbox_workspace_write.**', 'sandbox permission'],
  ['default_permissions', 'sandbox permission'],
  ['permissions.**', 'sandbox permission'],
  ['shell_environment_policy.**', 'environment variable'],
  ['allow_login_shell', 'environment variable'],
  ['model_provider', 'model provider'],
  ['profile', 'profile'],
  ['openai_base_url', 'gets traffic'],
  ['chatgpt_base_url', 'gets traffic'],
  ['experimental_realtime_ws_base_url', 'gets traffic'],
  ['experimental_realtime_webrtc_call_base_url', 'gets traffic'],
  ['experimental_thread_store_endpoint', 'gets traffic'],
  ['mcp_oauth_callback_url', 'gets traffic'],
  ['otel.**', 'gets traffic'],
  ['web_search', 'web access'],
  ['tools.**', 'tool'],
  ['browser_use.**', 'tool'],
  ['computer_use.**', 'tool'],
  ['projects.**', 'trust'],
  ['hooks.state.**', 'trust'],
  ['marketplaces.**', 'plugin marketplace'],
  ['plugins.**', 'plugin'],
  ['apps.**', 'plugin'],
  ['features.**', 'feature'],
  ['cli_auth_credentials_store', 'credentials'],
  ['mcp_oauth_credentials_store', 'credentials'],
  ['forced_login_method', 'credentials'],
  ['forced_chatgpt_workspace_id', 'credentials'],
];

/** From the strictest on. */
const orders: Readonly<Record<string, readonly string[]>> = {
  sandbox_mode: ['read-only', 'workspace-write', 'danger-full-access'],
  approval_policy: ['untrusted', 'on-request', 'on-failure', 'never'],
};

/** What Codex lets an agent do, and what holds one back there. */
export const codexPowers: PowerRules = {
  ofValue: (_file, path, value, around) => ofSetting(path, value, around),
  ofFile,
  lostAt,
  lostIn: (file, old, now) => (file.endsWith('.rules') ? ruleGuards(old, now ?? '') : []),
};

function ofSetting(path: KeyPath, value: Value, around: Around): readonly Power[] {
  const [first, second] = path;
  if (first === 'mcp_servers' && path.length === 2) return serverPowers(second as string, value);
  if (first === 'model_providers' && path.length === 2)
    return selected(providerPowers(second as string, value), second, around);
  if (first === 'hooks' && second !== undefined && second !== 'state' && path.length === 2)
    return hookPowers(second, value);
  return leavesOf(value, path)
    .filter(([at, each]) => !matches(harmless, at, each))
    .map(([at, each]) => settingPower(names, at, each));
}

/** A provider that nothing selects waits until the user names it. */
function selected(powers: readonly Power[], name: string | undefined, around: Around): readonly Power[] {
  const isSelected = around().some((table) => valueAt(table, ['model_provider']) === name || name === 'openai');
  return isSelected ? powers : powers.map((power) => ({ ...power, waits: true }));
}

function ofFile(file: string, text: string | undefined, executable: boolean): readonly Power[] {
  const script = scriptPowers(file, text, executable);
  if (text === undefined) return script;
  if (/^[^/]+\.config\.toml$/.test(file))
    return [...tablePowers(text, file).map((power): Power => ({ ...power, waits: true })), ...script];
  if (file.startsWith('agents/') && file.endsWith('.toml')) return [...tablePowers(text, file), ...script];
  if (file.startsWith('rules/')) return [...rulePowers(text), ...script];
  return [...(file.startsWith('skills/') && file.endsWith('.md') ? textPowers(text) : []), ...script];
}

const described = ['name', 'description', 'developer_instructions', 'nickname_candidates'];

/** The powers of a whole file of settings: a profile, or an agent. */
function tablePowers(text: string, file: string): readonly Power[] {
  let table: Table;
  try {
    table = toml.read(text);
  } catch {
    return [{ what: 'settings', does: `${file} cannot be read` }];
  }
  return Object.keys(table).flatMap((key) => {
    const value = table[key] as Value;
    if (file.startsWith('agents/') && described.includes(key)) return [];
    if (!['mcp_servers', 'model_providers', 'hooks'].includes(key) || !isTable(value))
      return ofSetting([key], value, () => [table]);
    return Object.keys(value).flatMap((name) =>
      membersOf(value[name] as Value, key).flatMap((one) => ofSetting([key, name], one, () => [table])),
    );
  });
}

function membersOf(value: Value, key: string): readonly Value[] {
  return key === 'hooks' && Array.isArray(value) ? (value as readonly Value[]) : [value];
}

function lostAt(_file: string, path: KeyPath, old: Value, now: Value | undefined): readonly Guard[] {
  const [first = '', second] = path;
  if (first === 'hooks' && second !== undefined && now === undefined) return hookPowers(second, old);
  if (path.length === 1 && isWeaker(orders[first] ?? [], old, now))
    return [{ what: nameOf(names, path) ?? first, does: `${first} = ${valueText(old)}` }];
  if (now !== undefined) return [];
  if (first === 'shell_environment_policy' && second === 'exclude')
    return [{ what: 'environment variable', does: `${path.join('.')}: ${valueText(old)}` }];
  return matches(restraints, path, old) ? [{ what: 'restriction', does: `${path.join('.')} = ${valueText(old)}` }] : [];
}

/** Whether a value of an order is less strict than another one; without one, the client may take the least strict. */
function isWeaker(order: readonly string[], old: Value, now: Value | undefined): boolean {
  const rank = (value: Value) => order.indexOf(String(value));
  if (rank(old) < 0) return false;
  return now === undefined ? rank(old) < order.length - 1 : rank(now) > rank(old);
}

const restraints: readonly PathRule[] = [
  ['allow_login_shell', isFalse],
  ['web_search', (value) => value === 'disabled'],
  ['sandbox_workspace_write.network_access', isFalse],
  ['features.*', isFalse],
];
