import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Terminal } from './host.ts';
import { progressBar } from './progress-bar.ts';

/** The streams of a process, as far as a terminal needs them. */
export interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly errors: Writable & { readonly isTTY?: boolean };
}

/** A terminal on the streams of a process. `now` gives milliseconds. */
export function streamTerminal({ input, output, errors }: Streams, now: () => number): Terminal {
  return {
    showsColour: output.isTTY === true,
    isInteractive: input.isTTY === true && output.isTTY === true,
    out: (text) => void output.write(text),
    error: (text) => void errors.write(text),
    progress: errors.isTTY ? progressBar(errors, now) : () => {},
    ask: (question) => ask(input, output, question),
    chooseMany: async (question, choices) =>
      (await import('./choose-many.ts')).chooseMany({ input, output, errors }, question, choices),
    readSecret: (question) => (input.isTTY ? askUnseen(input, errors, question) : readAll(input)),
  };
}

function ask(input: Readable, output: Writable, question: string): Promise<string | undefined> {
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
function askUnseen(input: Readable, errors: Writable, question: string): Promise<string | undefined> {
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
