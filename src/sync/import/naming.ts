import type { Value } from '../../model/value.ts';
import type { ClientState } from '../plan/client-state.ts';

/** A text of a home, and whose. */
export interface NamingText {
  /** The client's whose text it is. */
  readonly client: string;
  readonly text: string;
}

/** Whether a text names something of a client's home: by a path, with `~` or a variable, or, in a text of its own, by `@`. */
export function namesPlace({ client, text }: NamingText, { client: owner, home }: ClientState, name: string): boolean {
  const places = [`${home.root}/`, ...shortHomes(home.root, owner.checkup?.oracle?.homeVariable)];
  if (client === owner.name) places.push('@', '@./');
  return places.some((place) => namesAt(text, `${place}${name}`));
}

/** `~/.claude/`, also where the home was moved there by a variable. */
function shortHomes(root: string, variable: string | undefined): string[] {
  const folder = root.slice(root.lastIndexOf('/') + 1);
  const inHome = ['~', '$HOME', `$\{HOME}`, '"$HOME"'].map((home) => `${home}/${folder}/`);
  return variable === undefined ? inHome : [...inHome, `$${variable}/`, `\${${variable}}/`];
}

/** Not where the name only begins so: `hooks` is not named by `hooks2`. */
function namesAt(text: string, place: string): boolean {
  for (let at = text.indexOf(place); at !== -1; at = text.indexOf(place, at + 1)) {
    if (!/[\w-]/.test(text[at + place.length] ?? '')) return true;
  }
  return false;
}

/** The texts in a value. */
export function textsIn(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(textsIn);
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((item) => textsIn(item as Value))
    : [];
}
