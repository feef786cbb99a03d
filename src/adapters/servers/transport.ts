import type { KeyPath, Table } from '../../model/value.ts';

/** Whether a server is reached in another way than the one it goes over: by a command there, by a URL here. */
export function changesTransport(path: KeyPath, below: Table, above: Table): boolean {
  if (path.length !== 2) return false;
  return (
    (Object.hasOwn(above, 'command') && Object.hasOwn(below, 'url')) ||
    (Object.hasOwn(above, 'url') && Object.hasOwn(below, 'command'))
  );
}
