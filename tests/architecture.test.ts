import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, normalize } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';

// The rules of ARCHITECTURE.md. Each failure lists the places, and its message says what to do about them.

const root = join(import.meta.dirname, '..');

/** Which rooms a room may import from, besides itself. `main.ts` may import from all. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  cli: ['engine', 'sync', 'host', 'report', 'adapters', 'formats', 'content', 'model'],
  hub: ['engine', 'sync', 'host', 'report', 'adapters', 'formats', 'content', 'model'],
  engine: ['sync', 'host', 'adapters', 'formats', 'content', 'model'],
  sync: ['adapters', 'formats', 'content', 'model'],
  host: ['model'],
  report: ['model'],
  adapters: ['formats', 'content', 'model'],
  formats: ['model'],
  content: ['model'],
  model: [],
};
/** Rooms that may be reached only by a lazy `import()`, and from where. */
const lazyRooms: Readonly<Record<string, readonly string[]>> = { hub: ['cli'] };
const pureRooms = ['sync', 'report', 'adapters', 'formats', 'content', 'model'];
const builtinsForAll = ['node:crypto', 'node:path'];

interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly lazy: boolean;
}

interface SourceText {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly room: string;
  readonly text: string;
  /** Without comments and types. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const sources = filesBelow('src').filter(isTypeScript).map(readSource);

test('every file of src/ stands in a room', () => {
  const homeless = sources
    .filter(({ path, room }) => path !== 'src/main.ts' && !(room in rooms))
    .map(({ path }) => path);
  expect(
    homeless,
    `Move each file into one of src/{${Object.keys(rooms).join(',')}}/; only main.ts stands alone.`,
  ).toEqual([]);
});

test('rooms import only what stands below them', () => {
  const wrong = ourImports().flatMap(({ source, target, line, lazy }) => {
    const allowed = lazy && lazyRooms[target]?.includes(source.room) ? [target] : (rooms[source.room] ?? []);
    if (source.path === 'src/main.ts' || target === source.room || allowed.includes(target)) return [];
    return [
      `${source.path}:${line} imports from ${target}/; ${source.room}/ may import ${allowed.join(', ') || 'nothing'}`,
    ];
  });
  const remedy =
    'Pass the value in as an argument, or move what both need down into model/. Types count: a shared type belongs to ' +
    'model/. The hub is reached from cli/ by import() only.';
  expect(wrong, remedy).toEqual([]);
});

test('no room holds more files than can be overlooked', () => {
  const counts = new Map<string, string[]>();
  for (const { path } of sources) {
    const room = path.split('/').slice(0, -1).join('/');
    counts.set(room, [...(counts.get(room) ?? []), path]);
  }
  const crowded = [...counts].flatMap(([room, files]) => (files.length > 20 ? [`${room}: ${files.length} files`] : []));
  expect(crowded, 'Give those that belong together a room of their own.').toEqual([]);
});

test('rooms within a room that do not know each other', () => {
  const strangers = [
    ['src/adapters/codex/', 'src/adapters/claude/'],
    ['src/adapters/claude/', 'src/adapters/codex/'],
    ...['adopt', 'import', 'doctor', 'inbox'].map((other) => ['src/sync/plan/', `src/sync/${other}/`] as const),
  ];
  const wrong = ourImports().flatMap(({ source, path, line }) =>
    strangers.some(([from = '', to = '']) => source.path.startsWith(from) && path.startsWith(to))
      ? [`${source.path}:${line} imports ${path}`]
      : [],
  );
  expect(wrong, 'Move what both need up into the room around them.').toEqual([]);
});

test('no files import each other in a circle; types count', () => {
  const files = new Map(sources.map(({ path, imports }) => [path, imports.map(({ specifier }) => specifier)]));
  const targets = (path: string) =>
    (files.get(path) ?? [])
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => normalize(join(path, '..', specifier)));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const target of targets(path)) visit(target, [...above, path]);
  };
  for (const path of files.keys()) visit(path, []);
  expect(
    circles,
    'Move what both need, often one type, into a file of its own that neither of them imports back.',
  ).toEqual([]);
});

test('only host/ touches the machine', () => {
  const wrong = sources.flatMap(({ path, room, imports }) =>
    imports
      .filter(({ specifier }) => isBuiltin(specifier) && room !== 'host' && !builtinsForAll.includes(specifier))
      .map(({ specifier, line }) => `${path}:${line} imports ${specifier}`),
  );
  const remedy =
    'Give the effect a function in src/host/ and hand in its result. Elsewhere only node:path and node:crypto.';
  expect(wrong, remedy).toEqual([]);
});

test('process.* stands in main.ts only', () => {
  const members = ['on', 'once', 'off', 'emit', ...Object.keys(process)].filter((name) => /^[a-z]/i.test(name));
  const use = new RegExp(`\\bprocess\\.(?:${members.join('|')})\\b|= process;`, 'g');
  const found = matchesIn(
    sources.filter(({ path }) => path !== 'src/main.ts'),
    use,
  );
  expect(found, 'Read it in src/main.ts and pass the value in: arguments, environment, streams, exit code.').toEqual(
    [],
  );
});

test('the core is synchronous and gets time, chance and environment as values', () => {
  const core = sources.filter(({ room }) => pureRooms.includes(room));
  const impure =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bconsole\.\w+|\bset(?:Timeout|Interval|Immediate)\(|\brandom(?:UUID|Bytes|Int)\b|\bawait\s|\basync\s*(?:function|\(|\w+\s*=>)|\bresolve\([^(),]*\)/g;
  const remedy =
    'Take the value as an argument; effects and waiting belong to src/host/ and src/cli/. path.resolve with one argument ' +
    'reads the working directory: give it an absolute start.';
  expect(matchesIn(core, impure), remedy).toEqual([]);
});

test('a third-party package is imported in one file', () => {
  const users = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    for (const { specifier } of imports.filter((found) => !isOurs(found) && !isBuiltin(found.specifier))) {
      const name = packageOf(specifier);
      users.set(name, (users.get(name) ?? new Set()).add(path));
    }
  }
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const actual = Object.fromEntries([...users].map(([name, paths]) => [name, [...paths].sort()]));
  const shared = Object.entries(actual).filter(([, paths]) => paths.length > 1);
  expect(shared, 'Import it in one file and export from there what the others need.').toEqual([]);
  // All are bundled: an installed Syncline loads nothing of them, so nobody has to install them with it.
  expect(manifest.dependencies, 'Move them to devDependencies: what src/ imports is bundled.').toBeUndefined();
  const known = manifest.devDependencies as Record<string, string>;
  const loose = Object.keys(actual).filter((name) => !/^\d/.test(known[name] ?? ''));
  expect(loose, 'Each package that src/ imports stands in devDependencies, with its exact version.').toEqual([]);
});

test('names are exported, and from where they are made', () => {
  const exported = /\bexport\s+default\b|\bexport\s*\*|\bexport\s*(?:type\s*)?\{[^}]*\}\s*from\b/g;
  expect(matchesIn(sources, exported, 'text'), 'Export by name, and let users import from the file itself.').toEqual(
    [],
  );
  const barrels = sources.filter(({ path }) => path.endsWith('/index.ts')).map(({ path }) => path);
  expect(barrels, 'Name the file after what it holds; an index.ts hides that.').toEqual([]);
});

test('there is no class but failures', () => {
  const classes = matchesIn(sources, /\bclass\s+\w+(?!\w)(?!\s+extends\s+(?:Error|Failure)\b)/g);
  const remedy =
    'Use a plain object or a function. Only what is thrown and told apart by instanceof is a class: extend Error.';
  expect(classes, remedy).toEqual([]);
});

test('folders are named after what is in them', () => {
  const vague = /\/(?:utils?|helpers?|common|misc|lib|shared)(?:\/|\.ts$)/;
  const wrong = sources.map(({ path }) => path).filter((path) => vague.test(path));
  expect(wrong, 'Put the function next to what it serves, in a file named after its subject.').toEqual([]);
});

test('files and functions stay small', () => {
  const lengths = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
  const long = lengths.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines} lines`);
  expect(long, 'At most 300 lines a file: take one subject out into a file of its own.').toEqual([]);
  const medium = lengths.filter(({ lines }) => lines > 150).map(({ path, lines }) => `${path}: ${lines} lines`);
  const tooMany = medium.length > lengths.length * 0.15 ? medium : [];
  expect(tooMany, 'At least 85 of 100 files have at most 150 lines: split the longest.').toEqual([]);
  expect(sources.flatMap(longFunctions), 'At most 70 lines a function: name its steps.').toEqual([]);
});

test('no file names a machine or a package registry', () => {
  const folders = [
    ['', 'work', ''],
    ['', 'root', ''],
    ['', 'opt', 'clients'],
  ].map((parts) => parts.join('/'));
  const machine = new RegExp(`(?<![\\w.~*/-])(?:${folders.join('|')})|\\bregistry\\.[a-z0-9-]+\\.[a-z]{2,}`);
  const found = filesBelow('.').flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (machine.test(line) ? [`${path}:${index + 1}`] : [])),
  );
  expect(found, 'Compute the path from the file itself or use a temporary folder; leave registries to npm.').toEqual(
    [],
  );
});

function ourImports() {
  return sources.flatMap((source) =>
    source.imports.filter(isOurs).map(({ specifier, line, lazy }) => {
      const path = normalize(join(source.path, '..', specifier)).replaceAll('\\', '/');
      return { source, path, target: roomOf(path), line, lazy };
    }),
  );
}

function readSource(path: string): SourceText {
  const text = read(path);
  const code = transformSync(text, { loader: 'ts', format: 'esm', target: 'es2022' }).code;
  return { path, room: roomOf(path), text, code, imports: importsOf(text) };
}

/** Static, dynamic, side-effect and type-only imports alike. */
function importsOf(text: string): Import[] {
  const statics = /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"]+)\1/gm;
  const lazies = /\bimport\(\s*(['"`])([^'"`]+)\1/g;
  const found = (pattern: RegExp, lazy: boolean) =>
    [...text.matchAll(pattern)].map(({ 0: whole, 2: specifier, index }) => {
      const start = index + whole.length - whole.trimStart().length;
      return { specifier: specifier as string, line: text.slice(0, start).split('\n').length, lazy };
    });
  return [...found(statics, false), ...found(lazies, true)];
}

function roomOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? '';
}

function isOurs({ specifier }: { specifier: string }): boolean {
  return specifier.startsWith('.');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function matchesIn(files: readonly SourceText[], pattern: RegExp, of: 'code' | 'text' = 'code'): string[] {
  return files.flatMap((file) => [...file[of].matchAll(pattern)].map(([found]) => `${file.path}: ${found}`));
}

/** The formatter indents evenly, so a function ends at the first line that closes at the indent it began with. */
function longFunctions({ path, text }: SourceText): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const indent = /^(\s*).*(?:\bfunction\b|=>|^\s+\w+\().*\{$/.exec(line)?.[1];
    if (indent === undefined) return [];
    const length = lines.slice(index).findIndex((later, after) => after > 0 && later.startsWith(`${indent}}`)) + 1;
    return length > 70 ? [`${path}:${index + 1}: ${length} lines`] : [];
  });
}

/** Every text file of the repository below a folder, without what tools make. */
function filesBelow(folder: string): string[] {
  const made = /^(?:node_modules|dist|coverage|\.git|\.clients|\.nodes|\.bench)$/;
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (made.test(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function isTypeScript(path: string): boolean {
  return path.endsWith('.ts');
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
