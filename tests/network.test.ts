import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { realNetwork } from '../src/host/machine/network.ts';

/** A server of the test's own on this machine; gives where it listens. */
async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('an address answers with whatever status; it is not followed elsewhere, and gets no password', async () => {
  const asked: (string | undefined)[] = [];
  const place = await serving((request, response) => {
    asked.push(request.url, request.headers.authorization);
    response.writeHead(request.url === '/there' ? 302 : 401, { location: '/elsewhere' }).end('x');
  });
  expect(await realNetwork.reach(`http://${place}/mcp`, 10_000)).toEqual({ status: 401 });
  expect(await realNetwork.reach(`http://ana:secret@${place}/there`, 10_000)).toEqual({ status: 302 });
  expect(asked).toEqual(['/mcp', undefined, '/there', undefined]);
});

it('an endless answer is not read to its end', async () => {
  const place = await serving((_request, response) => void response.writeHead(200).write('data: x\n\n'));
  expect(await realNetwork.reach(`http://${place}/sse`, 10_000)).toEqual({ status: 200 });
});

it('no answer is told with its reason, and never with the address', async () => {
  const silent = await serving(() => {});
  expect(await realNetwork.reach(`http://${silent}/`, 50)).toEqual({ failure: 'no answer in 0.05 seconds' });
  const closed = createServer();
  await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  expect(await realNetwork.reach(`http://127.0.0.1:${port}/secret`, 10_000)).toEqual({ failure: 'ECONNREFUSED' });
});
