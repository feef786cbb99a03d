import type { PlannedUnit } from '../../model/plan.ts';
import { visible } from '../../model/texts/visible.ts';
import type { Paint } from '../colour.ts';
import { plural } from '../plan-text.ts';
import { guardsText, powersText } from '../powers-text.ts';

const verbs: Readonly<Record<string, string>> = { create: 'add', update: 'change', remove: 'remove' };

/**
 * What a change of the source does to a home: the powers it gives and the guards it takes first, then every unit by client,
 * then what is so only with a layer. `diffs` stand below the lists.
 */
export function againstText(
  units: readonly PlannedUnit[],
  against: { readonly ref: string; readonly commit: string },
  diffs: string,
  paint: Paint,
): string {
  const name = `${visible(against.ref)} (${against.commit.slice(0, 12)})`;
  if (units.length === 0) return `Compared with ${name}: nothing changes in a home.\n`;
  const groups = [...new Set(units.map(groupOf))].map((group) => {
    const rows = units.filter((unit) => groupOf(unit) === group).map((unit) => unitRow(unit, paint));
    return `${paint.strong(group)}\n${rows.join('')}`;
  });
  const powers =
    powersText(units.map(inLayer), paint, 'New powers that a push of this change gives:') +
    guardsText(units.map(inLayer), paint);
  const head = `Compared with ${name}, a push would change in a home:\n\n`;
  return `${head}${powers}${groups.join('')}\n${diffs}${diffs === '' ? '' : '\n'}${countsText(units)}`;
}

function inLayer(unit: PlannedUnit): PlannedUnit {
  return unit.layer === undefined ? unit : { ...unit, id: `${unit.id} (with ${unit.layer})` };
}

function groupOf({ client, layer }: PlannedUnit): string {
  return layer === undefined ? visible(client) : `${visible(client)}, with the layer ${visible(layer)}`;
}

function unitRow({ id, action, source }: PlannedUnit, paint: Paint): string {
  const tone = action === 'remove' ? paint.warn : paint.good;
  const place = source ? `  (${visible(source.path)}${source.line === undefined ? '' : `:${source.line}`})` : '';
  return `  ${tone((verbs[action] ?? action).padEnd(7))} ${visible(id)}${place}\n`;
}

function countsText(units: readonly PlannedUnit[]): string {
  const count = (action: string) => units.filter((unit) => unit.action === action).length;
  const [added, changed, removed] = ['create', 'update', 'remove'].map(count) as [number, number, number];
  return `${added} ${plural('unit', added)} added, ${changed} changed, ${removed} removed.\n`;
}
