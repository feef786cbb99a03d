import { homedir } from 'node:os';

/** The variable that names the user's home folder. */
export function homeVariable(platform: string): string {
  return platform === 'win32' ? 'USERPROFILE' : 'HOME';
}

/** The user's home folder: HOME (on Windows USERPROFILE), else what the system says. */
export function homeFolder(variables: Readonly<Record<string, string | undefined>>, platform: string): string {
  return variables[homeVariable(platform)] ?? homedir();
}
