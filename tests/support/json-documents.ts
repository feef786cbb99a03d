import fc from 'fast-check';
import { type KeyPath, leavesOf, type Value } from '../../src/model/value.ts';

/** A file of the user's, and what a test needs to know to tell that nothing of it was lost. */
export interface JsonDocument {
  readonly text: string;
  /** Every value with its key path, exactly as spelled; lists are one value. */
  readonly values: readonly (readonly [path: KeyPath, value: Value])[];
}

/** A value as it is spelled, with what that means; tables and lists hold more of these. */
type Spelled = { readonly text: string; readonly value: Value } | { readonly list: readonly Spelled[] } | Members;
interface Members {
  readonly members: readonly (readonly [key: string, value: Spelled, keyText?: string])[];
}

interface Layout {
  readonly indent: string | undefined;
  readonly eol: string;
  readonly colon: string;
  readonly bom: string;
  readonly end: string;
}

const as = (value: Value, text: string = JSON.stringify(value)): Spelled => ({ value, text });
const table = (members: Record<string, Spelled | undefined>): Members => ({
  members: Object.entries(members).flatMap(([key, value]) => (value ? [[key, value] as const] : [])),
});
const list = (values: readonly string[]): Spelled => ({ list: values.map((value) => as(value)) });

function print(spelled: Spelled, how: Layout, depth = 0): string {
  if ('text' in spelled) return spelled.text;
  const [open, close] = 'list' in spelled ? '[]' : '{}';
  const items =
    'list' in spelled
      ? spelled.list.map((item) => print(item, how, depth + 1))
      : spelled.members.map(
          ([key, value, text]) => `${text ?? JSON.stringify(key)}${how.colon}${print(value, how, depth + 1)}`,
        );
  if (items.length === 0 || how.indent === undefined) return `${open}${items.join(',')}${close}`;
  const line = how.eol + how.indent.repeat(depth + 1);
  return open + line + items.join(`,${line}`) + how.eol + how.indent.repeat(depth) + close;
}

function meaning(spelled: Spelled): Value {
  if ('text' in spelled) return spelled.value;
  if ('list' in spelled) return spelled.list.map(meaning);
  return Object.fromEntries(spelled.members.map(([key, value]) => [key, meaning(value)]));
}

const layout: fc.Arbitrary<Layout> = fc.record({
  indent: fc.constantFrom('  ', '  ', '    ', '\t', undefined),
  eol: fc.constantFrom('\n', '\n', '\r\n'),
  colon: fc.constantFrom(': ', ': ', ':', ' : '),
  bom: fc.constantFrom('', '', '', '\uFEFF'),
  end: fc.constantFrom('', '\n', '\n\n'),
});

function document(root: fc.Arbitrary<Members>): fc.Arbitrary<JsonDocument> {
  return fc.tuple(root, layout).map(([spelled, how]) => ({
    text: how.bom + print(spelled, how) + how.end.replaceAll('\n', how.eol),
    values: leavesOf(meaning(spelled)),
  }));
}

/** Some of these members, in any order. */
function someOf(known: Record<string, fc.Arbitrary<Spelled>>): fc.Arbitrary<Members> {
  return fc
    .shuffledSubarray(Object.keys(known))
    .chain((keys) =>
      fc
        .tuple(...keys.map((key) => known[key] as fc.Arbitrary<Spelled>))
        .map((values) => ({ members: keys.map((key, at) => [key, values[at] as Spelled] as const) })),
    );
}

/** Numbers and strings that a parse and a print would spell anew, or make another number of. */
const odd = fc.constantFrom<Spelled>(
  as(1, '1.0'),
  as(1000, '1e3'),
  as(12345678901234567890n, '12345678901234567890'),
  as(1.5, '1.50'),
  as('café', '"caf\\u00e9"'),
  as('a/b', '"a\\/b"'),
  as(null),
  as('日本語 😀'),
  list(['x', 'y']),
  table({ '2': as(9), '10': as(3), empty: table({}), list: list([]) }),
);

const rules = (all: readonly string[]) => fc.subarray([...all]).map(list);
const hook = (extra: Record<string, Spelled>) =>
  table({
    matcher: as('Edit|Write'),
    hooks: { list: [table({ type: as('command'), command: as('true'), ...extra })] },
  });

/** A `settings.json` as people have it; Claude Code takes every one of them without a complaint. */
export const settingsJson: fc.Arbitrary<JsonDocument> = document(
  someOf({
    $schema: fc.constant(as('https://json.schemastore.org/claude-code-settings.json')),
    model: fc.constantFrom(as('opus'), as('sonnet')),
    theme: fc.constant(as('light')),
    cleanupPeriodDays: fc.constantFrom(as(40), as(40, '40.0'), as(40, '4e1')),
    includeCoAuthoredBy: fc.boolean().map((value) => as(value)),
    outputStyle: fc.constant(as('Explanatory')),
    env: someOf({ EDITOR: fc.constant(as('vi')), 'B é': fc.constant(as('1')) }),
    permissions: someOf({
      deny: rules(['Read(./.env)', 'Bash(rm:*)', 'Read(./secrets/**)']),
      allow: rules(['Bash(git status)', 'Bash(npm test:*)', 'WebFetch']),
      defaultMode: fc.constant(as('acceptEdits')),
      ownKey: odd,
    }),
    hooks: someOf({
      PostToolUse: fc.constantFrom<Spelled>(
        { list: [hook({})] },
        { list: [hook({ timeout: as(5, '5.0') }), hook({})] },
      ),
      SessionStart: fc.constant<Spelled>({ list: [] }),
    }),
    statusLine: fc.constant(table({ type: as('command'), command: as('~/bin/line') })),
    enabledPlugins: fc.constant(table({ 'b@x': as(true), 'a@x': as(false) })),
    ownKey: odd,
    ownOther: odd,
  }),
);

const historyLine = (number: number): Spelled => {
  const more = 'lorem ipsum '.repeat(8);
  const display = `"step ${number}: caf\\u00e9 \\/ na\\u00efve ${more}"`;
  return table({
    display: as(`step ${number}: café / naïve ${more}`, display),
    pastedContents: number % 3 === 0 ? table({ '10': as('ten'), '9': as('nine') }) : table({}),
  });
};

const project = fc
  .record({ lines: fc.nat({ max: 12 }), trusted: fc.boolean(), more: odd })
  .map(({ lines, trusted, more }) =>
    table({
      allowedTools: list(['Bash(git:*)', 'Edit']),
      history: { list: Array.from({ length: lines }, (_, at) => historyLine(at)) },
      mcpServers: table({}),
      hasTrustDialogAccepted: as(trusted),
      lastCost: as(1, '1.0'),
      ownKey: more,
    }),
  );

const server = fc.constantFrom<Spelled>(
  table({ command: as('mine'), args: list(['-y', 'mine']), env: table({ A: as('1') }), customKey: as(100, '1e2') }),
  table({ type: as('http'), url: as('https://mine.example/mcp', '"https:\\/\\/mine.example\\/mcp"') }),
);

/** What Claude Code leaves in every `.claude.json` it has started with. */
const started = table({
  firstStartTime: as('2025-06-01T10:00:00.000Z'),
  machineID: as('fedcba9876543210'.repeat(4)),
  opusProMigrationComplete: as(true),
  seenNotifications: table({}),
  hasResetAutoModeOptInForDefaultOffer: as(true),
  migrationVersion: as(15),
  userID: as('0123456789abcdef'.repeat(4)),
});

/** A `.claude.json` as people have it: much history, odd numbers, before the first start of this version or after it. */
export const claudeJson: fc.Arbitrary<JsonDocument> = document(
  fc
    .tuple(
      someOf({
        numStartups: fc.constantFrom(as(412), as(412, '412.0')),
        tipsHistory: fc.constant(table({ 'new-user-warmup': as(1), '10': as(3), '2': as(9) })),
        memoryUsageCount: fc.constant(as(7)),
        cachedFeatureFlags: fc.constant(table({ a: as(true) })),
        mcpServers: someOf({ mine: server, 'with space': server }),
        projects: someOf({ '/home/u/p': project, '/home/u/ü': project, '/home/u/q': project }),
        oauthAccount: fc.constant(table({ emailAddress: as('u@example.org') })),
        hasCompletedOnboarding: fc.constant(as(true)),
        ownKey: odd,
        ownOther: odd,
      }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([own, isStarted, isFirst]) => {
      const [before, after] = isFirst ? [started, own] : [own, started];
      return isStarted ? { members: [...before.members, ...after.members] } : own;
    }),
);
