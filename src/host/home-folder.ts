import { homedir } from 'node:os';

/** The user's home folder: HOME (on Windows USERPROFILE), else what the system says. */
export function homeFolder(variables: Readonly<Record<string, string | undefined>>, platform: string): string {
  return variables[platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();
}
