import { Chalk } from 'chalk';

/** Functions that paint a text, or give it back as it is. Colour never carries a meaning alone. */
export interface Paint {
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

const as = (text: string) => text;
const plain: Paint = { good: as, warn: as, bad: as, strong: as, faint: as };

/** The paint for an output that shows colour or does not. */
export function paintFor(showsColour: boolean): Paint {
  if (!showsColour) return plain;
  const chalk = new Chalk({ level: 1 });
  return { good: chalk.green, warn: chalk.yellow, bad: chalk.red, strong: chalk.bold, faint: chalk.dim };
}
