// Builds dist/: the bin, which knows only how to answer again what was answered before, and the parts that it loads when
// that does not do. Each part is loaded once, when it is needed: reading code that is not run takes longer than all else.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, transform } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Modules that are loaded together, though each is imported for itself: a file takes as long to find as to read. */
const groups = {
  check: ['cli/check/check-sync', 'cli/session-check', 'cli/show'],
  push: ['cli/push-runtime', 'cli/clean-runtime', 'cli/uninstall', 'cli/restore'],
  adopt: ['cli/pull-runtime', 'engine/adopt/adopt-chosen', 'cli/prompts/ask-conflicts'],
  look: [
    'cli/status',
    'cli/diff',
    'cli/explain',
    'cli/doctor',
    'cli/token/token',
    'cli/check/report',
    'cli/check/check-against',
  ],
  more: [
    ...['cli/init/init', 'cli/completion/completion', 'cli/completion/complete', 'cli/completion/complete-values'],
    'cli/check/check-source',
  ],
};

/** How code is written, for each step: names stay whole, so that the stack of a crash can be read. */
const written = { platform: 'node', target: 'node20', minifySyntax: true, minifyWhitespace: true };

const common = {
  ...written,
  absWorkingDir: root,
  bundle: true,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  metafile: true,
  logLevel: 'warning',
};

/** Packages that few runs need, each with what is used of it: functions and classes, that load it when they are called. */
const packages = {
  chalk: ['Chalk'],
  yaml: ['parseDocument'],
  '@iarna/toml': ['parse'],
  diff: ['createTwoFilesPatch'],
};

const partOf = (name) => name.split('/').at(-1);

const onCall = {
  name: 'on-call',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^.]/ }, ({ path }) =>
      Object.hasOwn(packages, path) ? { path, namespace: 'package' } : undefined,
    );
    onResolve({ filter: /\.cjs$/, namespace: 'package' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({
      contents: packages[path].map((name) => loadingOnCall(name, `${partOf(path)}.cjs`)).join('\n'),
    }));
  },
};

function loadingOnCall(name, file) {
  return `export function ${name}(...words) {
    const { ${name}: loaded } = require('./${file}');
    return new.target ? new loaded(...words) : loaded(...words);
  }`;
}

const grouping = {
  name: 'grouping',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const module = resolve(resolveDir, path);
      const group = Object.keys(groups).find((name) => groups[name].some((each) => module.endsWith(`/src/${each}.ts`)));
      return group && { path: group, namespace: 'group' };
    });
    onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
      contents: groups[path].map((name) => `export * from './${name}.ts';`).join('\n'),
      resolveDir: join(root, 'src'),
    }));
  },
};

/** The bin is whole in itself: for an answer that was given before nothing else is loaded. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/cli\/run\.ts$/ }, () => ({ path: './run.cjs', external: true }));
  },
};

mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) rmSync(join(dist, name));
const bin = await build({
  ...common,
  entryPoints: { syncline: 'src/main.ts' },
  ...{ format: 'cjs', supported: { 'dynamic-import': false }, plugins: [apart] },
});
const parts = await build({
  ...common,
  entryPoints: { run: 'src/cli/run.ts' },
  // esbuild splits only ES modules, which Node starts more slowly: they are made CommonJS afterwards.
  ...{ splitting: true, format: 'esm', chunkNames: 'part-[hash]', plugins: [grouping, onCall] },
});
const called = await build({
  ...common,
  entryPoints: Object.fromEntries(Object.keys(packages).map((name) => [partOf(name), name])),
  format: 'cjs',
});
for (const path of Object.keys(parts.metafile.outputs).map((each) => join(root, each))) {
  const options = { ...written, format: 'cjs', supported: { 'dynamic-import': false } };
  const { code } = await transform(readFileSync(path, 'utf8'), options);
  writeFileSync(path, code);
}
const inputs = [bin, parts, called].flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync(join(dist, 'LICENSES.txt'), licences(inputs));

/** The parts hold code of others: their licences ask for their texts to go with it. Fails when a package has no text. */
function licences(inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} ${version} has no licence text`);
    return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
