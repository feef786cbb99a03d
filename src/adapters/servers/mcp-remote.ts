import { referencesIn } from './references.ts';

/** A server that is started, as far as its words say what runs. */
interface Started {
  readonly command?: string | undefined;
  readonly args?: readonly string[] | undefined;
}

/** `mcp-remote`, with or without a version, by name, by path, or as the script of the package. */
const program = /^(?:.*[\\/]|npm:)?mcp-remote(?:@[^\s\\/]+)?(?:\.(?:cmd|exe|ps1))?$|[\\/]mcp-remote[\\/].*\.[cm]?js$/;
/** What starts a package or a script, and the words that may stand between. */
const runner = /^(?:.*[\\/])?(?:npx|npm|pnpm|pnpx|yarn|bunx|bun|deno|node|cmd)(?:\.(?:cmd|exe|ps1))?$/i;
const between = /^(?:-.*|\/[cds]|exec|dlx|x|run|npx|npm|pnpm|pnpx|yarn|bunx|bun|deno|node)$/i;

/**
 * The arguments in which the started program itself puts the values of variables: mcp-remote does so in the value of each
 * `--header`, with `${NAME}` and nothing else.
 */
export function expandedByProgram({ command, args = [] }: Started): ReadonlySet<number> {
  const words = [command ?? '', ...args];
  const at = words.findIndex((word) => program.test(word));
  const starts =
    at === 0 || (runner.test(words[0] as string) && words.slice(1, at).every((word) => between.test(word)));
  if (at < 0 || !starts) return new Set();
  const indexes = args.map((_, index) => index);
  return new Set(
    indexes.filter((index) => index >= at && args[index - 1] === '--header' && isPlain(args[index] ?? '')),
  );
}

/** It knows no defaults. */
function isPlain(text: string): boolean {
  return referencesIn(text).every(({ fallback }) => fallback === undefined);
}

/** The variables that the program needs for that, each once. */
export function variablesOfProgram(server: Started): string[] {
  const texts = [...expandedByProgram(server)].map((index) => server.args?.[index] ?? '');
  return [...new Set(texts.flatMap((text) => referencesIn(text).map(({ name }) => name)))];
}
