import { homedir } from 'node:os';

/** The user's home folder: HOME, else what the system says. */
export function homeFolder(): string {
  return homedir();
}
