import { toml } from '../../formats/toml/toml.ts';
import type { Guard, Power } from '../../model/power.ts';
import {
  isTable,
  type KeyPath,
  leavesOf,
  samePath,
  sameValue,
  type Table,
  type Value,
  valueAt,
} from '../../model/value.ts';
import { hookPowers } from '../hooks/hook-powers.ts';
import { frontmatterGuards, serverGuards } from '../powers/file-guards.ts';
import { openaiYamlPowers } from '../powers/openai-yaml-powers.ts';
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
} from '../powers/power-rules.ts';
import { providerPowers } from '../powers/provider-powers.ts';
import { restrainsByName } from '../powers/restraint-names.ts';
import { scriptPowers, textPowers } from '../powers/text-powers.ts';
import { serverPowers } from '../servers/server-powers.ts';
import { ruleGuards, rulePowers } from './rule-powers.ts';

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
    ...[
      'history.persistence',
      'history.max_bytes',
      'agents.max_threads',
      'agents.max_depth',
      'notice.model_migrations.**',
    ],
    ...['tui.theme', 'tui.animations', 'tui.notifications', 'tui.notification_method', 'tui.notification_condition'],
    ...['tui.show_tooltips', 'tui.alternate_screen', 'tui.status_line', 'tui.terminal_title'],
    ...['global', 'chat', 'composer', 'editor', 'pager'].map((context) => `tui.keymap.${context}.**`),
    ...['normal', 'operator', 'search', 'text_object'].map((mode) => `tui.keymap.vim_${mode}.**`),
    ...['notice.hide_rate_limit_model_nudge', 'notice.hide_gpt5_1_migration_prompt'],
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
  lostIn,
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
  if (/^skills\/.*\/agents\/openai\.yaml$/i.test(file)) return [...openaiYamlPowers(text), ...script];
  return [...(file.startsWith('skills/') && file.endsWith('.md') ? textPowers(text) : []), ...script];
}

const described = ['name', 'description', 'developer_instructions', 'nickname_candidates'];

/** The powers of a whole file of settings: a profile, or an agent. */
function tablePowers(text: string, file: string): readonly Power[] {
  const table = tableIn(text);
  if (!table) return [{ what: 'settings', does: `${file} cannot be read`, wholeFile: true }];
  return entriesOf(table)
    .filter(([path]) => !(file.startsWith('agents/') && described.includes(path[0] as string)))
    .flatMap(([path, value]) => ofSetting(path, value, () => [table]));
}

function tableIn(text: string): Table | undefined {
  try {
    return toml.read(text);
  } catch {
    return undefined;
  }
}

/** What stands in a file of settings, by the paths under which it is judged. */
function entriesOf(table: Table): [KeyPath, Value][] {
  return Object.keys(table).flatMap((key): [KeyPath, Value][] => {
    const value = table[key] as Value;
    if (!['mcp_servers', 'model_providers', 'hooks'].includes(key) || !isTable(value)) return leavesOf(value, [key]);
    return Object.keys(value).flatMap((name) =>
      membersOf(value[name] as Value, key).map((one): [KeyPath, Value] => [[key, name], one]),
    );
  });
}

function membersOf(value: Value, key: string): readonly Value[] {
  return key === 'hooks' && Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** Of a file of settings that goes as a whole nothing is asked: an agent or a profile that is not there does nothing. */
function lostIn(file: string, old: string, now: string | undefined): readonly Guard[] {
  if (file.endsWith('.rules')) return ruleGuards(old, now ?? '');
  if (now === undefined) return [];
  if (file.startsWith('skills/') && file.endsWith('.md')) return frontmatterGuards(old, now);
  const [before, after] = file.endsWith('.toml') ? [tableIn(old), tableIn(now)] : [];
  if (!before || !after) return [];
  const kept = entriesOf(after);
  return entriesOf(before)
    .filter(([path, value]) => !kept.some(([at, other]) => samePath(at, path) && sameValue(other, value)))
    .flatMap(([path, value]) => lostAt(file, path, value, valueIn(after, path)));
}

/** Of hooks each stands for itself, so that a changed one is another one. */
function valueIn(table: Table, path: KeyPath): Value | undefined {
  return path[0] === 'hooks' ? undefined : valueAt(table, path);
}

function lostAt(_file: string, path: KeyPath, old: Value, now: Value | undefined): Guard[] {
  const [first = '', second] = path;
  if (first === 'mcp_servers' && path.length === 2) return serverGuards(second as string, old, now);
  if (first === 'hooks' && second !== undefined && now === undefined) return hookPowers(second, old);
  if (path.length === 1 && isWeaker(orders[first] ?? [], old, now))
    return [{ what: nameOf(names, path) ?? first, does: `${first} = ${valueText(old)}` }];
  if (now !== undefined && matches(restraints, path, now)) return [];
  if (first === 'shell_environment_policy' && second === 'exclude')
    return now === undefined ? [{ what: 'environment variable', does: `${path.join('.')}: ${valueText(old)}` }] : [];
  return isGuard(path, old) ? [{ what: 'restriction', does: `${path.join('.')} = ${valueText(old)}` }] : [];
}

function isGuard(path: KeyPath, value: Value): boolean {
  return matches(restraints, path, value) || (path[0] !== 'tui' && restrainsByName(path, value));
}

/** Whether a value of an order is less strict than another one; without one, the client may take the least strict. */
function isWeaker(order: readonly string[], old: Value, now: Value | undefined): boolean {
  const rank = (value: Value) => (typeof value === 'string' ? order.indexOf(value) : -1);
  if (rank(old) < 0) return false;
  return now === undefined ? rank(old) < order.length - 1 : rank(now) > rank(old);
}

const restraints: readonly PathRule[] = [
  ['allow_login_shell', isFalse],
  ['web_search', (value) => value === 'disabled'],
  ['sandbox_workspace_write.network_access', isFalse],
  ['features.*', isFalse],
  ['approval_policy.granular.*', (value) => value === true],
  ['permissions.**', (value) => value === 'none' || value === 'deny' || value === 'read'],
  ['shell_environment_policy.inherit', (value) => value === 'none' || value === 'core'],
];
