import { Chalk } from 'chalk';

/** Functions that paint a text, or give it back as it is. Colour never carries a meaning alone. */
export interface Paint {
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** The paint for an output that shows colour or does not. */
export function paintFor(showsColour: boolean): Paint {
  const chalk = new Chalk({ level: showsColour ? 1 : 0 });
  return { good: chalk.green, warn: chalk.yellow, bad: chalk.red, strong: chalk.bold, faint: chalk.dim };
}
