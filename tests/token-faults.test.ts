import { describe, expect, it } from 'vitest';
import { sized } from './support/hostile.ts';
import { systemError } from './support/memory-disk.ts';
import { type Around, home, makeWorld, repo, stateFolder, type World } from './support/memory-world.ts';
import { tokenClient } from './support/token-client.ts';

/** Each disk call of a push that makes a token fails once, or is the last before a kill. */
const clients = [tokenClient('north'), tokenClient('south')];
const push = ['push-runtime', '--json'];
const token = `${stateFolder}/tokens/hub`;
const configs = ['north', 'south'].map((name) => `${home}/.${name}/config.json`);

function teamWorld(): World {
  const world = makeWorld();
  const servers = { hub: { url: 'https://hub.example.com/mcp', token: { name: 'hub', variable: 'HUB_TOKEN' } } };
  world.memory.write(`${repo}/clients/shared/mcp.json`, JSON.stringify({ mcpServers: servers }));
  return world;
}

/** The calls of a push that are tried: those about tokens, and some others. */
async function triedCalls(step = sized(1, 11)): Promise<number[]> {
  const paths: string[] = [];
  const note: Around = (_call, _name, path) => void paths.push(path);
  expect((await teamWorld().run(push, note, { clients })).code).toBe(0);
  const isTried = (path: string, call: number) => /\/(?:tokens|bin)(?:\/|$)/.test(path) || call % step === 0;
  return paths.flatMap((path, index) => (isTried(path, index + 1) ? [index + 1] : []));
}

function standing({ memory }: World): { token: boolean; configs: boolean[]; staged: string[] } {
  const names = Object.keys(memory.exists(`${stateFolder}/tokens`) ? memory.snapshot(`${stateFolder}/tokens`) : {});
  return {
    token: memory.exists(token),
    configs: configs.map((path) => memory.exists(path)),
    staged: names.filter((name) => name.includes('.syncline-')),
  };
}

const none = { token: false, configs: [false, false], staged: [] };
const all = { token: true, configs: [true, true], staged: [] };

describe('a push that makes a token', () => {
  it('whichever call fails: all is there and told, or nothing is, and the next push makes it', async () => {
    const ends = new Set<string>();
    for (const failing of await triedCalls()) {
      const world = teamWorld();
      const fail: Around = (call, _, path) => {
        if (call === failing) throw systemError('ENOSPC', path);
      };
      const { code, json } = await world.run(push, fail, { clients });
      const isMade = json.findings.some((finding) => finding.code === 'token-made');
      expect([failing, isMade, standing(world)]).toEqual([failing, code === 0, code === 0 ? all : none]);
      ends.add(String(code));
      const next = await world.run(push, undefined, { clients });
      expect([failing, next.code, standing(world)]).toEqual([failing, 0, all]);
      expect(next.json.findings.some((finding) => finding.code === 'token-made')).toBe(code !== 0);
    }
    expect([...ends].sort()).toEqual(['0', '2']);
  });

  it('killed at any call: the next push has one token, and no copy of it is left', async () => {
    for (const last of await triedCalls()) {
      const world = teamWorld();
      const kill: Around = (call) => {
        if (call >= last) throw new Error('killed');
      };
      await world.run(push, kill, { clients });
      expect([last, (await world.run(push, undefined, { clients })).code]).toEqual([last, 0]);
      expect([last, standing(world)]).toEqual([last, all]);
    }
  });

  it('is for its server or for nobody, whichever call fails', async () => {
    const servers = { hub: { url: 'https://hub.example.com/mcp', token: 'hub' } };
    const origins = `${stateFolder}/token-origins/hub`;
    const world = (): World => {
      const made = makeWorld();
      made.memory.write(`${repo}/clients/shared/mcp.json`, JSON.stringify({ mcpServers: servers }));
      made.memory.write(token, 'old\n', 0o600);
      return made;
    };
    const failAt =
      (failing: number): Around =>
      (call, _, path) => {
        if (call === failing) throw systemError('ENOSPC', path);
      };
    const paths: string[] = [];
    expect((await world().run([...push, '--yes'], (_call, _name, path) => void paths.push(path))).code).toBe(0);
    const tried = paths.flatMap((path, index) =>
      /token-origins/.test(path) || (index % 5 === 0 && /journal/.test(path)) ? [index + 1] : [],
    );
    expect(tried.length).toBeGreaterThan(5);
    for (const failing of tried) {
      const one = world();
      const { code } = await one.run([...push, '--yes'], failAt(failing));
      const isBound = one.memory.exists(origins);
      expect([failing, isBound, one.memory.exists(`${home}/.codex/config.toml`)]).toEqual([
        ...[failing, code === 0, code === 0],
      ]);
      expect([failing, one.memory.read(token)]).toEqual([failing, 'old\n']);
      expect((await one.run([...push, '--yes'])).code).toBe(0);
      expect(one.memory.read(origins)).toBe('https://hub.example.com\n');
      const left = Object.keys(one.memory.snapshot(`${stateFolder}/token-origins`));
      expect([failing, left.filter((name) => name.includes('.syncline-'))]).toEqual([failing, []]);
    }
  });

  it('replaced with a call that fails: the old one stands or the new one, and nothing beside it', async () => {
    for (let failing = 1, isDone = false; !isDone; failing += 1) {
      const world = makeWorld();
      world.memory.write(token, 'old\n', 0o600);
      let isReached = false;
      const fail: Around = (call, _, path) => {
        if (call !== failing) return;
        isReached = true;
        throw systemError('EIO', path);
      };
      const { code } = await world.run(['token', 'new', 'hub', '--overwrite'], fail);
      isDone = !isReached;
      const text = world.memory.read(token);
      expect(text === 'old\n' || /^made-token-\d+\n$/.test(text)).toBe(true);
      if (code === 0) expect(text).not.toBe('old\n');
      expect(standing(world).staged).toEqual([]);
    }
  });

  it('says the value of the token nowhere, whichever call fails', async () => {
    const variables = { HUB_TOKEN: 'canary-of-the-variable' };
    for (const failing of await triedCalls(11)) {
      const world = teamWorld();
      const fail: Around = (call, _, path) => {
        if (call === failing) throw systemError('EACCES', path);
      };
      const words = failing % 2 === 0 ? push : ['push-runtime', '--verbose'];
      const { out, err } = await world.run(words, fail, { clients, variables });
      expect([failing, (out + err).includes('canary')]).toEqual([failing, false]);
    }
  });
});
