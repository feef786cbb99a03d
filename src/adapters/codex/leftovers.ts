import { shellWord } from '../../model/texts/visible.ts';
import type { Table } from '../../model/value.ts';
import { type Leftover, type LeftoverKey, type Leftovers, leftoverMembers } from '../leftovers.ts';

/** The root keys that Codex 0.169 takes under `--strict-config`, each tried. Others it passes over. */
const knownKeys = new Set(
  (
    'agents allow_login_shell allow_symlinked_codex_home analytics approval_policy approvals_reviewer apps ' +
    'apps_mcp_product_sku audio auto_review background_terminal_max_timeout chatgpt_base_url ' +
    'check_for_update_on_startup cli_auth_credentials_store cloud compact_prompt default_permissions desktop ' +
    'developer_instructions disable_paste_burst features feedback file_opener forced_chatgpt_workspace_id ' +
    'forced_login_method ghost_snapshot goals hide_agent_reasoning history hooks include_apps_instructions ' +
    'include_collaboration_mode_instructions include_environment_context include_permissions_instructions ' +
    'instructions js_repl_node_module_dirs js_repl_node_path log_dir marketplaces mcp_enterprise_managed_auth ' +
    'mcp_oauth_callback_port mcp_oauth_callback_url mcp_oauth_credentials_store mcp_optional_startup_grace_ms ' +
    'mcp_servers memories model model_auto_compact_token_limit model_auto_compact_token_limit_scope ' +
    'model_catalog_json model_context_window model_instructions_file model_post_turn_compact_threshold_percent ' +
    'model_provider model_providers model_reasoning_effort model_reasoning_summary model_verbosity notice notify ' +
    'openai_base_url orchestrator oss_provider otel permissions personality plan_mode_reasoning_effort plugins ' +
    'profile profiles project_doc_fallback_filenames project_doc_max_bytes project_root_markers projects realtime ' +
    'responses_api_metadata review_model sandbox_mode sandbox_workspace_write service_tier shell_environment_policy ' +
    'show_raw_agent_reasoning skills sqlite_home suppress_unstable_features_warning thread_unload_delay_secs ' +
    'tool_output_token_limit tool_suggest tools tui web_search windows'
  ).split(' '),
);

/** What Codex keeps among its keys for one machine, known to it or not. */
const ofTheMachine = /^(?:installation_id|windows_wsl_setup_acknowledged)$/;

/** Whether Codex reads a root key; experimental ones come and go. */
export function isCodexKey(root: string): boolean {
  return knownKeys.has(root) || root.startsWith('experimental_') || ofTheMachine.test(root);
}

/** What an import leaves of Codex's home. */
export const codexLeftovers: Leftovers = {
  folders: ['prompts', 'automations', 'themes'],
  of: (name) => {
    const prompt = /^prompts\/(.+\.md)$/.exec(name)?.[1];
    if (prompt !== undefined) return promptLeft(prompt);
    return fixed[name.split('/')[0]?.toLowerCase() ?? ''];
  },
  keys: (file, values) => (file === 'config.toml' ? configLeft(values) : []),
};

function promptLeft(name: string): Leftover {
  const reason = 'Codex reads prompts no more; as a command it would come to both clients';
  return { reason, remedy: `To have it as one, copy it to clients/shared/commands/${name}, then push.` };
}

const fixed: Readonly<Record<string, Leftover>> = {
  'agents.override.md': {
    reason: 'it takes the place of AGENTS.md on this machine',
    remedy: 'Put its text into clients/codex/instructions.md if other machines should have it.',
  },
  plugins: {
    reason: 'Codex installs plugins by itself, and keeps copies of them there',
    remedy: 'Install them on the other machine: codex plugin marketplace add, codex plugin add.',
  },
  automations: { reason: 'Codex keeps them for its app on this machine', remedy: 'Make them again in the app there.' },
  themes: {
    reason: 'clients/ has no place for themes of Codex but among its files',
    remedy: 'Copy them to clients/codex/files/themes/, then push.',
  },
  'environments.toml': { reason: 'it names places of this machine', remedy: 'Write it on the other machine as well.' },
};

function configLeft(values: Table): LeftoverKey[] {
  const unknown = Object.keys(values).filter((key) => !isCodexKey(key));
  return [
    ...unknown.map((key) => ({
      path: [key],
      reason: 'Codex does not know the key, and passes over it',
      remedy: 'See whether it is misspelt; in clients/codex/config-fragment.toml a later Codex gets it.',
    })),
    ...leftoverMembers(values, 'profiles', (name) => ({
      reason: 'Codex refuses profiles inside config.toml',
      remedy: `Write its keys to clients/codex/profiles/${name}.toml, then push; use it with codex -p ${/^[\w.-]+$/.test(name) ? name : shellWord(name)}.`,
    })),
    ...leftoverMembers(values, 'plugins', () => pluginLeft),
    ...leftoverMembers(values, 'marketplaces', () => pluginLeft),
  ];
}

const pluginLeft: Leftover = {
  reason: 'it goes with a copy that Codex keeps on this machine',
  remedy: 'Add it on the other machine: codex plugin marketplace add, codex plugin add.',
};
