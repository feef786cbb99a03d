/** What came of calling an address: the status of the answer, or why there was none. */
export type Reached = { readonly status: number } | { readonly failure: string };

/** The network. Only `doctor --online` uses it. */
export interface Network {
  /** Asks an address once, without following it elsewhere and without reading what it sends. Never throws. */
  reach(url: string, timeout: number): Promise<Reached>;
}

/** The network of this machine; proxies of the environment are not used. */
export const realNetwork: Network = {
  reach: async (url, timeout) => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), timeout);
    try {
      const answer = await fetch(withoutUser(url), { redirect: 'manual', signal: stop.signal });
      await answer.body?.cancel();
      return { status: answer.status };
    } catch (error) {
      return { failure: stop.signal.aborted ? `no answer in ${timeout / 1000} seconds` : reasonOf(error) };
    } finally {
      clearTimeout(late);
    }
  },
};

/** `fetch` refuses an address with a user and a password in it. */
function withoutUser(text: string): URL {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url;
}

/** The code (`ENOTFOUND`) where there is one: the text may repeat the address, with what is secret in it. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'the call failed';
}
