import type { Power } from '../../model/power.ts';
import { isTable, leavesOf, type Value } from '../../model/value.ts';
import { valueText } from './power-rules.ts';

/** Keys of a model provider that say how often and how long, and what it is called. */
const harmless = [
  ...[
    'name',
    'wire_api',
    'request_max_retries',
    'stream_max_retries',
    'stream_idle_timeout_ms',
    'websocket_connect_timeout_ms',
  ],
  ...['supports_websockets', 'base_url', 'env_key', 'env_key_instructions', 'requires_openai_auth'],
];

/** The powers of a model provider of Codex: where conversations go, and what goes with them. */
export function providerPowers(name: string, value: Value): Power[] {
  if (!isTable(value)) return [{ what: 'model provider', does: `${name}: ${valueText(value)}` }];
  const { base_url: url, env_key: key, requires_openai_auth: login } = value;
  const where = url === undefined ? name : valueText(url as Value);
  return [
    { what: 'model provider', does: `${name} gets conversations at ${where}` },
    ...(key === undefined ? [] : [{ what: 'sends', does: `$${valueText(key as Value)} to ${where}` }]),
    ...(login === true ? [{ what: 'sends', does: `your OpenAI login to ${where}` }] : []),
    ...Object.keys(value)
      .filter((one) => !harmless.includes(one))
      .flatMap((one) => leavesOf(value[one] as Value, [one]))
      .map(([path, each]) => ({
        what: path[0] === 'auth' ? 'runs a program' : 'model provider',
        does: `${name}: ${path.join('.')} = ${valueText(each)}`,
      })),
  ];
}
