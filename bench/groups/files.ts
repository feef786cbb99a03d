import { join } from 'node:path';
import { claudeState, codexState, normalHome } from '../data/runtime.ts';
import type { Files } from '../data/skills.ts';
import { fragments } from '../data/source.ts';
import { atMost } from '../goals.ts';
import type { Bench, Goal, Group, Program } from '../group.ts';
import { baseline, checks, idlePush, ours, syncline } from '../programs.ts';
import { commitAll, deploy, rewriting, type Sandbox, sandboxAt, settle, writeBelow } from '../sandbox.ts';

const rewritten = 'check-sync, the file has been rewritten since';
const written = 'push-runtime, one server has changed';

/** A `.claude.json` in which years have gathered. */
export function jsonGroup(bench: Bench): Group {
  const parse = 'read and JSON.parse it once in Node';
  const change = (text: string, time: number) => text.replace(/"numStartups": \d+/, `"numStartups": ${200_000 + time}`);
  return fileGroup(bench, {
    ...{ name: 'json', title: 'A large `.claude.json`', limit: 3, parse, change, path: '.claude.json' },
    data: `${megabytes(bench.sizes.jsonBytes)} of projects, four servers of ours in it.`,
    text: () => claudeState(bench.sizes.jsonBytes),
    bases: (place, file) => [baseline(bench, place, parse, 'parse-json', [file])],
  });
}

/** A `config.toml` as large as nobody has it. */
export function tomlGroup(bench: Bench): Group {
  const parse = 'read and parse it once with smol-toml in Node';
  const change = (text: string, time: number) => text.replace(/"--port", "\d+"/, `"--port", "${100_000 + time}"`);
  return fileGroup(bench, {
    ...{ name: 'toml', title: 'A large `config.toml`', limit: 2, parse, change, path: '.codex/config.toml' },
    data: `${megabytes(bench.sizes.tomlBytes)} of projects and servers, four servers and some keys of ours in it.`,
    text: () => codexState(bench.sizes.tomlBytes),
    bases: (place, file) => [
      baseline(bench, place, parse, 'parse-toml', [file]),
      baseline(bench, place, 'the same with @iarna/toml', 'parse-toml-iarna', [file]),
    ],
  });
}

interface LargeFile {
  readonly name: string;
  readonly title: string;
  readonly data: string;
  readonly path: string;
  readonly text: () => string;
  readonly change: (text: string, time: number) => string;
  readonly parse: string;
  readonly limit: number;
  readonly bases: (place: Sandbox, file: string) => Program[];
}

function fileGroup(bench: Bench, large: LargeFile): Group {
  const place = sandboxAt(`${bench.folder}/${large.name}`);
  const busy = sandboxAt(`${bench.folder}/${large.name}-busy`);
  const file = join(place.home, large.path);
  const rewrite = rewriting(join(busy.home, large.path), large.change);
  return {
    ...{ name: large.name, title: large.title, data: large.data, seconds: 35 },
    programs: [
      ...checks(bench, place),
      { ...syncline(bench, busy, rewritten, ['check-sync']), before: rewrite },
      idlePush(bench, place),
      pushOfServer(bench, busy),
      ...large.bases(place, file),
    ],
    goals: goalsOf(large),
    prepare: () => {
      for (const each of [place, busy]) prepareFile(bench, each, [large.path, large.text()]);
      settle(bench.folder);
    },
  };
}

function goalsOf({ limit, parse }: LargeFile): Goal[] {
  return [
    ...[ours.check, ours.all, rewritten].map((name) => atMost(limit, name, parse)),
    atMost(1.2, ours.push, ours.check),
  ];
}

/** A push that has something to write: an argument of one server is another each time. */
function pushOfServer(bench: Bench, place: Sandbox): Program {
  const path = join(place.repo, 'clients/shared/mcp.json');
  const change = (text: string, time: number) => text.replace(/"--(?:quiet|level=\d+)"/, `"--level=${time}"`);
  return { ...syncline(bench, place, written, ['push-runtime', '--allow-powers']), before: rewriting(path, change) };
}

function prepareFile(bench: Bench, place: Sandbox, large: readonly [path: string, text: string]): void {
  const home: Files = [...normalHome()].map((file) => (file[0] === large[0] ? large : file));
  writeBelow(place.home, home);
  writeBelow(join(place.repo, 'clients'), fragments());
  commitAll(place);
  deploy(bench.bin, place);
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${Math.round(bytes / 1_000_000)} MB`;
}
