import { expect, it } from 'vitest';
import { scanTexts } from '../src/engine/source/scanner.ts';
import { made } from './support/canary.ts';

const upper = (length: number) => made(length, 3).toUpperCase();
const sendGrid = ['SG', made(22, 1), made(43, 2)].join('.');
const gitHub = ['ghp', made(36, 4)].join('_');
const gitLab = ['glpat', made(20, 5)].join('-');
const aws = `AKIA${upper(16)}`;

it('finds secrets in each of many texts, with their places', async () => {
  const texts = [
    { path: 'a', text: `one\r\nkey ${sendGrid} and ${gitHub}\n` },
    { path: 'b', text: '' },
    { path: 'c', text: 'nothing\u0000here\n\u0000\n' },
    { path: 'd', text: `é\n\n${gitLab}` },
    { path: 'e', text: aws },
  ];
  expect(await scanTexts(texts)).toEqual([
    { path: 'a', line: 2, column: 5, kind: 'sendgrid', secret: sendGrid },
    { path: 'a', line: 2, column: 5 + sendGrid.length + 5, kind: 'github', secret: gitHub },
    { path: 'd', line: 3, column: 1, kind: 'gitlab', secret: gitLab },
    { path: 'e', line: 1, column: 1, kind: 'aws', secret: aws },
  ]);
});

it('takes only the password out of a URL, or the token that stands for one', async () => {
  const [password, token] = [made(12, 6), made(30, 7)];
  const text = `postgres://ada:${password}@db.host.io/x\nhttps://${token}:x-oauth-basic@github.com/\n`;
  const hits = await scanTexts([{ path: 'a', text }]);
  expect(hits.map(({ line, column, secret }) => [line, column, secret])).toEqual([
    [1, 16, password],
    [2, 9, token],
  ]);
});

it.each([
  'AKIAIOSFODNN7EXAMPLE',
  'postgres://user:password@localhost/db',
  'https://user:<password>@host.io/x',
  `mongodb://ada:$\{PASSWORD}@host/x`,
  'AWS_ACCOUNT_ID=123456789012',
  '//npm.example.com/:_authToken=$NPM_TOKEN',
  'Read the key file, then the token of the user.',
])('lets %s pass, as an example', async (text) => {
  expect(await scanTexts([{ path: 'a', text }])).toEqual([]);
});

it('cannot be switched off by a comment', async () => {
  const text = `<!-- secretlint-disable -->\n${gitHub} // secretlint-disable-line\n`;
  expect(await scanTexts([{ path: 'a', text }])).toMatchObject([{ line: 2, secret: gitHub }]);
});

it('takes one pass for ten thousand texts', async () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => ({ path: `${index}`, text: `Some words of ${index}.\n` }));
  const started = performance.now();
  expect(await scanTexts([...texts, { path: 'last', text: gitHub }])).toMatchObject([{ path: 'last', line: 1 }]);
  expect(performance.now() - started).toBeLessThan(3000);
});
