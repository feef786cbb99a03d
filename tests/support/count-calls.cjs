// Loaded before the bin (`node --require`): counts what a run does that no clock has to tell. Written to $COUNTS at the end.
const fs = require('node:fs');
const Module = require('node:module');

const names = ['readFileSync', 'lstatSync', 'statSync', 'readdirSync', 'realpathSync', 'readlinkSync'];
const calls = Object.fromEntries(names.map((name) => [name, {}]));
const parses = {};
let bytes = 0;

function count(table, key) {
  table[key] = (table[key] ?? 0) + 1;
}

for (const name of names) {
  const real = fs[name];
  fs[name] = Object.assign((path, ...rest) => {
    const result = real(path, ...rest);
    if (typeof path === 'string') count(calls[name], path);
    if (name === 'readFileSync' && Buffer.isBuffer(result)) bytes += result.length;
    return result;
  }, real);
}
const native = fs.realpathSync.native;
fs.realpathSync.native = (path, ...rest) => {
  count(calls.realpathSync, path);
  return native(path, ...rest);
};

const parse = JSON.parse;
JSON.parse = (text, ...rest) => {
  if (typeof text === 'string') count(parses, text);
  return parse(text, ...rest);
};

const builtins = new Set();
const load = Module._load;
Module._load = (name, ...rest) => {
  if (Module.isBuiltin(name)) builtins.add(name.replace('node:', ''));
  return load(name, ...rest);
};

process.on('exit', () => {
  const modules = Object.keys(require.cache).filter((path) => path !== __filename);
  fs.writeFileSync(process.env.COUNTS, JSON.stringify({ calls, parses, bytes, modules, builtins: [...builtins] }));
});
