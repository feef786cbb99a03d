import type { Finding } from './finding.ts';

/** Who makes links into a folder in which nobody else may write. */
const stores: readonly (readonly [folder: string, by: string])[] = [
  ['/nix/store/', 'home-manager or NixOS made this link: take the file out of its configuration, switch, and push'],
  ['/gnu/store/', 'Guix Home made this link: take the file out of its configuration, reconfigure, and push'],
];

/** That a file cannot be written: `place` is where it really stands. The remedy names who may manage it. */
export function readOnlyTarget(path: string, place: string, reason: string): Omit<Finding, 'severity'> {
  const by = stores.find(([folder]) => place.startsWith(folder))?.[1];
  const leads = path === place ? '' : `: it leads to ${JSON.stringify(place)}, where nothing may be written`;
  const message = `${reason}${leads}`;
  const remedy =
    path === place
      ? 'Give yourself the right to write in its folder, then push.'
      : `${by ?? 'Whoever made this link manages the file. Change it there, or replace the link by a copy of what it leads to, and push'}.`;
  return { code: 'read-only-target', message, remedy, path };
}
