const schemes: readonly string[] = ['http:', 'https:', 'ws:', 'wss:'];

/**
 * Where a URL leads: its scheme, host and port in one spelling, as browsers and both clients read URLs. A dot at the end of the host
 * stays: names with and without it are looked up differently. Undefined where that is known only when a client connects (a variable
 * in front of the path), and for what is no such URL.
 */
export function originOf(url: string): string | undefined {
  const front = /^[a-z]+:\/\/([^/?#\\]*)/i.exec(url);
  if (!front || front[0].includes('$') || !URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return schemes.includes(protocol) && host !== '' ? `${protocol}//${host}` : undefined;
}

/** The same as one line of printable ASCII, for every text: what has no known origin stands for itself, as it is written. */
export function destinationOf(url: string): string {
  return originOf(url) ?? url.replace(/[^!-~]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
}

/**
 * Whether the script that gives the clients a token reads the origin of a URL as we do. It has no more than the words of a shell, so
 * it takes no letters but ASCII, no backslash, and a host and a port that are spelled as they are kept.
 */
export function isPlain(url: string): boolean {
  const [, scheme = '', authority = ''] = /^([a-z]+):\/\/([^/?#]*)/i.exec(url) ?? [];
  if (!/^[!-[\]-~]*$/.test(url)) return false;
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const usual = /s$/i.test(scheme) ? ':443' : ':80';
  const spelled = host.endsWith(usual) ? host.slice(0, -usual.length) : host.replace(/:$/, '');
  return originOf(url) === `${scheme.toLowerCase()}://${spelled}`;
}
