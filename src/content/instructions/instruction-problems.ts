import { type Finding, problem } from '../../model/finding.ts';
import { ownMarker, placeCounter } from '../text.ts';

/** Markers of ours in a text that stands in our block. */
export function markerProblems(text: string, path: string): Finding[] {
  const placeOf = placeCounter(text);
  return [...text.matchAll(ownMarker)].map(({ index }) => {
    const message = `"${path}" holds a marker of Syncline's own block ("<!-- >>> syncline … -->").`;
    const remedy = 'Take the marker out: Syncline sets it itself.';
    return problem('marker-in-source', message, remedy, { path, ...placeOf(index) });
  });
}

/** A line of text that Claude Code puts a file into. Names of packages and people have an "@", too, but no such ending. */
const importedFile = /(?<=^|\s)@~?[\w./-]+\.(?:md|txt)\b/g;

/** Files that a text names to have them read in, for a client that reads none in. */
export function importProblems(text: string, path: string, title: string): Finding[] {
  const placeOf = placeCounter(text);
  return [...text.matchAll(importedFile)].map(({ 0: name, index }) => {
    const message = `${title} does not put the content of "${name}" into its instructions: the agent only sees the name.`;
    const remedy =
      'Nothing, if the agent will read the file by itself; otherwise write the text here or into a memory.';
    return { ...problem('import-lost', message, remedy, { path, ...placeOf(index) }), severity: 'note' };
  });
}
