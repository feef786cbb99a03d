import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** One run of the bundle. */
export interface BundleRun {
  readonly bin: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input: string;
}

/** What it printed, and the exit code it set. */
export interface BundleRan {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let thread: { readonly post: (run: BundleRun) => BundleRan } | undefined;

/**
 * Runs a built bundle without starting a process, which would take most of the time of a test. It is the same file that
 * a process runs; in CI every eighth test starts real processes. Node options in the environment have no effect here.
 */
export function runBundle(run: BundleRun): BundleRan {
  thread ??= startThread();
  return thread.post(run);
}

/** The tests are synchronous: this thread sleeps until the answer with its number is there. */
function startThread(): { post: (run: BundleRun) => BundleRan } {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { port: port2, signal };
  const worker = new Worker(join(import.meta.dirname, 'bin-worker.mjs'), { workerData, transferList: [port2] });
  worker.unref();
  port1.unref();
  let number = 0;
  return {
    post: (run) => {
      number += 1;
      port1.postMessage({ number, ...run });
      for (let seen = Atomics.load(signal, 0); ; seen = Atomics.load(signal, 0)) {
        const answer = receiveMessageOnPort(port1)?.message as (BundleRan & { number: number }) | undefined;
        if (answer?.number === number) return answer;
        if (answer) continue;
        if (Atomics.wait(signal, 0, seen, patience) === 'timed-out') throw new Error(`no end: ${run.words.join(' ')}`);
      }
    },
  };
}

/** Milliseconds. */
const patience = 60_000;
