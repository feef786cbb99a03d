import type { KeyPath } from '../model/value.ts';
import type { FragmentProblem } from './client.ts';

/** A value that is not what a file may hold there. */
export function wrongShape(path: KeyPath, message: string): FragmentProblem {
  return {
    code: 'wrong-shape',
    path,
    message: `${path.length > 0 ? `"${path.join('.')}"` : 'the file'} ${message}`,
    remedy: 'Correct the value; docs/targets.md and docs/mappings.md say what each file holds.',
  };
}

/** A key that no client knows at that place. */
export function unknownKey(path: KeyPath): FragmentProblem {
  return {
    code: 'unknown-key',
    path,
    message: `unknown key "${path.join('.')}"`,
    remedy: 'Remove it or correct its spelling: the client would ignore it without a word.',
  };
}

/** A type as people call it, with its article. */
export function aOrAn(type: string): string {
  const name = type === 'record' || type === 'object' ? 'table' : type === 'array' ? 'list' : type;
  return `a ${name}`;
}
