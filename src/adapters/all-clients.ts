import { claude } from './claude/claude.ts';
import type { Client } from './client.ts';
import { codex } from './codex/codex.ts';

/** Every client Syncline knows, in the order of reports. */
export const allClients: readonly Client[] = [codex, claude];
