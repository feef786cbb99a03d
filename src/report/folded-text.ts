import type { PlannedUnit } from '../model/plan.ts';
import { visible } from '../model/texts/visible.ts';
import type { Paint } from './colour.ts';
import { pluralKind, unitsText } from './plan-text.ts';

/** Of how few new units of one client each has a row of its own. */
const few = 5;

/** One row for each unit that changes; of a client that gets many new ones, these are counted by kind. */
export function foldedText(units: readonly PlannedUnit[], paint: Paint): string {
  const created = units.filter(({ action }) => action === 'create');
  const folded = [...new Set(created.map(({ client }) => client))].filter(
    (name) => created.filter(({ client }) => client === name).length > few,
  );
  const rows = folded.map((name) => {
    const counts = kindCounts(created.filter(({ client }) => client === name));
    return `  ${paint.good('create'.padEnd(9))} ${visible(name)}: ${counts} (--verbose lists them)\n`;
  });
  const others = units.filter(({ action, client }) => action !== 'create' || !folded.includes(client));
  return rows.join('') + unitsText(others, 'will', paint);
}

function kindCounts(units: readonly PlannedUnit[]): string {
  const names = new Map<string, Set<string>>();
  for (const unit of units) {
    const [kind, name] = kindOf(unit);
    names.set(kind, (names.get(kind) ?? new Set()).add(name));
  }
  return [...names].map(([kind, { size }]) => `${size} ${pluralKind(kind, size)}`).join(', ');
}

/** What people call a unit, and the name by which it counts: all files of a skill are one. */
function kindOf({ kind, file, id, address }: PlannedUnit): readonly [kind: string, name: string] {
  const [first = '', second = ''] = file.split('/');
  if (kind === 'file') {
    if (first === 'skills') return ['skill', second];
    if (first === 'memories') return ['memory', file];
    return second !== '' && /^(?:commands|agents|rules|workflows|themes)$/.test(first)
      ? [first.slice(0, -1), file]
      : ['file', file];
  }
  if (kind === 'section') return ['memory', id];
  const [root = ''] = address?.path ?? [];
  return [valueKinds[root] ?? 'setting', id];
}

const valueKinds: Readonly<Record<string, string>> = {
  mcp_servers: 'server',
  mcpServers: 'server',
  model_providers: 'provider',
  permissions: 'permission',
  hooks: 'hook',
};
