import { expect } from 'vitest';
import type { Ran } from './sandbox.ts';

/** Made-up characters, put together at run time so that no scanner takes a test for a leak. */
export function made(length: number, salt: number): string {
  const alphabet = 'aZ3kQ9xB7mW2pL5vN8cR4tY6';
  const at = (index: number) => (index * 7 + (index >> 2) * (salt + 1) + salt * 5) % alphabet.length;
  return Array.from({ length }, (_, index) => alphabet[at(index)]).join('');
}

/** A secret that can be told by its shape; each salt gives another one. */
export function shapedSecret(salt: number): string {
  return ['ghp', made(36, salt)].join('_');
}

/** Expects that nothing a command printed holds one of the secrets, nor a part of one. */
export function expectNoneIn(ran: Pick<Ran, 'out' | 'err'> | string, secrets: readonly string[]): void {
  const text = typeof ran === 'string' ? ran : ran.out + ran.err;
  const shown = secrets.filter((secret) => text.includes(secret) || text.includes(secret.slice(-16)));
  expect(shown.map((secret) => secrets.indexOf(secret))).toEqual([]);
}
