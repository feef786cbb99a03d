import type { Target } from '../../adapters/client.ts';
import type { Environment } from '../../model/paths.ts';
import type { RuntimeFile } from '../../model/runtime.ts';
import { unitId } from '../../model/unit.ts';
import type { SourceChange } from '../adopt/change.ts';
import { placesOfFile } from '../adopt/lift-unmanaged.ts';
import { learnedAmong } from '../inbox/learned-files.ts';
import type { ClientState } from '../plan/client-state.ts';
import { unmanagedUnits } from '../plan/unmanaged.ts';
import { powersOfRuntime } from '../powers/unit-powers.ts';
import { type Find, powerHint, sourceFolder } from './find.ts';
import { bytesWithHomeToken } from './home-token.ts';

/** The files of a client that could be taken: commands, agents, rules, memories, and each skill as a whole. */
export function findFiles(state: ClientState, environment: Environment): FoundFiles {
  const isLearned = learnedAmong(state, environment);
  const rows = unmanagedUnits(state).filter(({ kind, file }) => kind === 'file' && !isBeyond(state, file));
  const found: { finds: Find[]; learned: string[]; unread: string[] } = { finds: [], learned: [], unread: [] };
  for (const { id, file } of rows) {
    const target = targetOf(state, file);
    const find = target && fileFind(state, { id, file, target });
    if (isLearned(file)) found.learned.push(id);
    else if (find) found.finds.push(find);
    else if (target) found.unread.push(id);
  }
  return found;
}

/** What was found among the files of a client; ids of what is no find. */
export interface FoundFiles {
  readonly finds: readonly Find[];
  /** What the client learned by itself: it is the inbox's. */
  readonly learned: readonly string[];
  /** What was not read, for its name. */
  readonly unread: readonly string[];
}

/** The names of what is a link to somewhere outside the client's home, which is not read. */
export function findBeyond(state: ClientState): string[] {
  const rows = unmanagedUnits(state).filter(({ kind, file }) => kind === 'file' && isBeyond(state, file));
  return rows.map(({ id }) => id);
}

function isBeyond({ runtime: { beyond } }: ClientState, file: string): boolean {
  return file.endsWith('/') || [...beyond].some((name) => isAtOrIn(name, file) || isAtOrIn(file, name));
}

function isAtOrIn(name: string, file: string): boolean {
  return file === name || file.startsWith(name.endsWith('/') ? name : `${name}/`);
}

function targetOf({ client }: ClientState, file: string): Target | undefined {
  return client.targets.find((target) => {
    if (target.kind === 'files' && target.relative?.(file) !== undefined) return true;
    return 'folder' in target && target.folder !== undefined && file.startsWith(`${target.folder}/`);
  });
}

interface FileRow {
  readonly id: string;
  readonly file: string;
  readonly target: Target;
}

/** The variant with the home as a token first; where the file would not come back from it, the bytes as they are. */
function fileFind(state: ClientState, row: FileRow): Find | undefined {
  const { client, runtime } = state;
  const alone = topFile(state, row);
  if (alone) return { ...described(state, row), client: client.name, own: [[alone]] };
  const below = [...runtime.files].filter(([name]) => isAtOrIn(row.file, name));
  const placesWith = (change: (file: RuntimeFile) => RuntimeFile) =>
    below.map(([name, file]) => placesOfFile(client, row.id, name, change(file)));
  const [tokens, literal] = [placesWith((file) => withToken(file, state)), placesWith((file) => file)];
  const at = (places: typeof tokens, index: number) => places.flatMap((each) => each[index] ?? []);
  const last = (tokens[0]?.length ?? 0) - 1;
  if (last < 0) return undefined;
  const own = [at(tokens, last), at(literal, last)];
  return {
    ...described(state, row),
    client: client.name,
    ...(last > 0 ? { shared: [at(tokens, 0), at(literal, 0)] } : {}),
    own,
  };
}

/** A file at the top of the home, among others of the client. */
function topFile({ client, runtime }: ClientState, { id, file, target }: FileRow): SourceChange | undefined {
  const relative = target.kind === 'files' ? target.relative?.(file) : undefined;
  const standing = runtime.files.get(file);
  if (target.kind !== 'files' || relative === undefined || !standing) return undefined;
  const edit = { kind: 'whole', content: standing.bytes, executable: (standing.mode & 0o100) !== 0 } as const;
  return { id, path: `${sourceFolder(client.name)}/${target.source}/${relative}`, edit };
}

function withToken(file: RuntimeFile, { home }: ClientState): RuntimeFile {
  return { ...file, bytes: bytesWithHomeToken(file.bytes, home.root) };
}

function described(state: ClientState, { id, file, target }: FileRow): Pick<Find, 'id' | 'kind' | 'memory' | 'power'> {
  if (target.kind === 'memory') return { id, kind: 'memory', memory: file.slice(target.folder.length + 1) };
  const hint = powerHint(powersOfRuntime(state, file));
  if (target.kind !== 'files') return { id, kind: 'skill', ...hint };
  const kind = target.source.replace(/s$/, '').replace('-', ' ');
  return { id, kind, ...hint };
}

/** The text that a person wrote into a client's instructions file. */
export function findInstructions(state: ClientState): Find[] {
  return state.client.targets.flatMap((target): Find[] => {
    const file = target.kind === 'instructions' ? state.runtime.files.get(target.file) : undefined;
    const document = target.kind === 'instructions' ? state.documents.get(target.file) : undefined;
    if (target.kind !== 'instructions' || !file || !document || document.text.trim() === '') return [];
    const id = unitId(state.client.name, target.file, { path: ['block'] });
    const at = (place: string, content: Uint8Array): readonly SourceChange[] => [
      {
        id,
        path: `${sourceFolder(place)}/${target.source}`,
        edit: { kind: 'whole', content, executable: false },
      },
    ];
    const tokens = bytesWithHomeToken(file.bytes, state.home.root);
    const own = [at(state.client.name, tokens), at(state.client.name, file.bytes)];
    return [
      {
        id,
        client: state.client.name,
        kind: 'instructions',
        shared: [at('shared', tokens), at('shared', file.bytes)],
        own,
      },
    ];
  });
}
