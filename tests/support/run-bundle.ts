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
 * a process runs; in CI every test starts real processes. Node options in the environment have no effect here.
 */
export function runBundle(run: BundleRun): BundleRan {
  thread ??= startThread();
  return thread.post(run);
}

/** The tests are synchronous: the thread works while this one waits for its signal. */
function startThread(): { post: (run: BundleRun) => BundleRan } {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { port: port2, signal };
  const worker = new Worker(join(import.meta.dirname, 'bin-worker.mjs'), { workerData, transferList: [port2] });
  worker.unref();
  port1.unref();
  return {
    post: (run) => {
      port1.postMessage(run);
      const waited = Atomics.wait(signal, 0, 0, 60_000);
      Atomics.store(signal, 0, 0);
      const answer = receiveMessageOnPort(port1);
      if (waited === 'timed-out' || !answer) throw new Error(`the bundle did not end: ${run.words.join(' ')}`);
      return answer.message as BundleRan;
    },
  };
}
