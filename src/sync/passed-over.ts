import type { Finding } from '../model/finding.ts';
import type { PassedOver } from '../model/passed-over.ts';
import { unitId } from '../model/unit.ts';
import { type ClientState, runtimePath } from './plan/client-state.ts';

/** What of a client's home was not imported or copied because nobody would put it into a repository. */
export function passedOverFindings(states: readonly ClientState[]): Finding[] {
  const all = states.flatMap((state) =>
    [...state.runtime.passedOver].map(([file, why]) => ({ id: unitId(state.client.name, file), why })),
  );
  return reasons.flatMap(([why, words]) => {
    const ids = all.filter((one) => one.why === why).map(({ id }) => id);
    return ids.length === 0 ? [] : [passedOverFinding(ids, words)];
  });
}

const reasons: readonly (readonly [PassedOver, string])[] = [
  ['version control', 'it is the history of another repository, and git would commit a link in its place'],
  ['made by a program', 'a program made it and can make it again'],
  ['left by a system or an editor', 'a system or an editor left it there'],
];

/** More would be a list that nobody reads. */
const mostNamed = 3;

function passedOverFinding(ids: readonly string[], reason: string): Finding {
  const named = ids.slice(0, mostNamed).map((id) => `"${id}"`);
  const more = ids.length > named.length ? ` and ${ids.length - named.length} more` : '';
  const message = `left out, with all that is in it: ${named.join(', ')}${more} (${ids.length} in all): ${reason}`;
  return { code: 'passed-over', severity: 'note', message, remedy: 'Nothing is to be done.' };
}

/** Folders of the home that are clones of a repository, and where each was cloned from, if that is known. */
export function clonesFound(
  { client, home, runtime }: ClientState,
  originOf: (folder: string) => string | undefined,
): Finding[] {
  return [...runtime.passedOver].flatMap(([file, why]): Finding[] => {
    if (why !== 'version control' || !/\/\.git$/i.test(file)) return [];
    const folder = file.slice(0, file.lastIndexOf('/'));
    const origin = originOf(runtimePath(home, folder));
    const of = origin === undefined ? 'of another repository' : `of ${origin}`;
    const message = `"${unitId(client.name, folder)}" is a clone ${of}; its files are imported, without its history`;
    const remedy = 'To update it later, import its files again.';
    return [{ code: 'clone', severity: 'note', message, remedy }];
  });
}
