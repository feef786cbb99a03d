import type { Readable, Writable } from 'node:stream';
import type { Terminal } from '../host.ts';
import type { Streams } from '../streams.ts';
import { progressBar } from './progress-bar.ts';
import { mayBeTerminal } from './standard-streams.ts';

/** A terminal on the streams of a process. `print` writes to standard output (1) or error (2); `now` gives milliseconds. */
export function streamTerminal(
  streams: Streams,
  print: (stream: 1 | 2, text: string) => void,
  now: () => number,
): Terminal {
  const showsColour = mayBeTerminal(1) && streams.output.isTTY === true;
  return {
    showsColour,
    isInteractive: showsColour && mayBeTerminal(0) && streams.input.isTTY === true,
    out: (text) => print(1, text),
    error: (text) => print(2, text),
    progress: mayBeTerminal(2) && streams.errors.isTTY ? progressBar(streams.errors, now) : () => {},
    ask: (question) => ask(streams.input, streams.output, question),
    chooseMany: async (question, choices) => (await import('./choose-many.ts')).chooseMany(streams, question, choices),
    readSecret: (question) =>
      streams.input.isTTY ? askUnseen(streams.input, streams.errors, question) : readAll(streams.input),
  };
}

async function ask(input: Readable, output: Writable, question: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  return new Promise((answered) => {
    const lines = createInterface({ input, output });
    lines.once('close', () => answered(undefined));
    lines.question(question, (answer) => {
      answered(answer);
      lines.close();
    });
  });
}

/** Without an output readline shows nothing of what is typed, from when it is made on: the question comes after that. */
async function askUnseen(input: Readable, errors: Writable, question: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  return new Promise((answered) => {
    const lines = createInterface({ input, terminal: true });
    let line: string | undefined;
    errors.write(question);
    lines.once('close', () => {
      errors.write('\n');
      answered(line);
    });
    lines.once('line', (typed) => {
      line = typed;
      lines.close();
    });
  });
}

async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
