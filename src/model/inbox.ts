import type { Address } from './unit.ts';

/** Something an agent learned by itself, as it is offered for the source. */
export interface InboxItem {
  /** `client:file`, for a part of a file `client:file#project`; unique. */
  readonly id: string;
  readonly client: string;
  /** As in unit ids: relative to the client's home where it stands there. */
  readonly file: string;
  /** Of a part of a file: the name of the project. */
  readonly address?: Address;
  /** The absolute path of the file. */
  readonly path: string;
  /** The name of the project it is about; absent: it is general. */
  readonly project?: string;
  /** As it stands in the runtime. Not masked. */
  readonly text: string;
  readonly lines: number;
  /** One line that says what it is about, secrets taken out. */
  readonly title: string;
  /** The source file that it would become, relative to the repository. */
  readonly destination: string;
  /** known: the destination says the same already. changed: it says something else. */
  readonly standing: 'new' | 'known' | 'changed';
}
