import { fstatSync, statSync, writeSync } from 'node:fs';
import { errorCode } from '../system-error.ts';
import { pause } from './machine.ts';

/**
 * Whether standard input (0), output (1) or error (2) may be a terminal: it is a device, and not the one for nothing. To ask Node
 * for more takes a tenth of its start.
 */
export function mayBeTerminal(stream: 0 | 1 | 2): boolean {
  try {
    const device = fstatSync(stream);
    return device.isCharacterDevice() && device.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    return false;
  }
}

/**
 * Prints without the streams of the process, which take another tenth of its start to make. Gives whether all is well: a
 * reader that has seen enough (`| head`) is no failure.
 */
export function printTo(stream: 1 | 2, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(stream, bytes, at);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'EAGAIN') return code === 'EPIPE';
      // A pipe that is full, and does not wait.
      pause(1);
    }
  }
  return true;
}
