/**
 * The words of a command as somebody gives them who has looked at what the source lets agents do and allows it. Tests that are about
 * something else push sources with servers and hooks without a terminal; those about the question say `asks`.
 */
export function withConsent(words: readonly string[], asks: boolean | undefined): readonly string[] {
  const [command = '', ...rest] = words;
  const deploys = command === 'push-runtime' || command === 'clean-runtime';
  const isOwn = ['--', '--help', '--remove-only', '--yes', '--allow-powers'].some((word) => rest.includes(word));
  return deploys && !isOwn && !asks ? [command, '--allow-powers', ...rest] : words;
}
