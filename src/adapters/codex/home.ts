import type { HomeFilesTarget } from '../client.ts';

/** What Codex 0.171 itself keeps in its home, and what it reads there as configuration, as its binary names it. */
export const codexHomeFiles: HomeFilesTarget = {
  kind: 'home-files',
  owned: {
    names: [
      ...[
        'auth.json',
        'gateway_oauth.json',
        'secrets',
        'environments.toml',
        'agents.override.md',
        'plugins',
        'marketplaces',
      ],
      ...[
        'managed_config.toml',
        'requirements.toml',
        'version.json',
        'installation_id',
        'internal_storage.json',
        'packages',
      ],
      ...[
        'history.jsonl',
        'session_index.jsonl',
        'sessions',
        'archived_sessions',
        'shell_snapshots',
        'generated_images',
      ],
      ...[
        'models_cache.json',
        'cloud_requirements_cache.json',
        'cloud-config',
        'cache',
        'log',
        'logs',
        'tmp',
        'app-server-control',
      ],
      ...[
        'app-server-daemon',
        'loaded-threads.json',
        'attachments',
        'worktrees',
        'automations',
        'vendor_imports',
        'sqlite',
      ],
      ...['process_manager', 'remote-control', 'daemon', 'cap_sid'],
    ],
    endings: ['.sqlite', '.sqlite-wal', '.sqlite-shm', '.sqlite-journal', '.lock', '.sock', '.pid', '.log'],
  },
};
