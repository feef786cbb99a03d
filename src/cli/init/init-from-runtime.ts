import { basename } from 'node:path';
import { identityFile, type StarterFile } from '../../content/files/new-repository-files.ts';
import { isListed } from '../../content/instructions/instructions.ts';
import { decodeText, isBinary } from '../../content/text.ts';
import { namedHome } from '../../engine/adopt/home-names.ts';
import { keepWrite } from '../../engine/adopt/keep-always.ts';
import { withFreeFiles } from '../../engine/source/free-files.ts';
import { gatherSetup, gatherStates } from '../../engine/source/gather.ts';
import { judgeSource } from '../../engine/source/judge-source.ts';
import { withLinkedContent } from '../../engine/source/linked-content.ts';
import { withEverything, withTopFiles } from '../../engine/source/read-contents.ts';
import { cloneOrigin } from '../../host/git/git-remotes.ts';
import { realHome } from '../../host/reading/read-runtime.ts';
import { headersHelper } from '../../host/state/state-directory.ts';
import { Failure } from '../../model/failure.ts';
import { type Finding, problem } from '../../model/finding.ts';
import type { FileWrite, Plan } from '../../model/plan.ts';
import type { SourceTree } from '../../model/source.ts';
import { type ImportRow, importText } from '../../report/commands/init-text.ts';
import { machinePaths } from '../../sync/adopt/consequences.ts';
import { applyChanges } from '../../sync/adopt/join-changes.ts';
import { assembled } from '../../sync/import/assemble.ts';
import type { Proposal } from '../../sync/import/find.ts';
import { type Owner, withFoundInstructions } from '../../sync/import/found-record.ts';
import { planImport } from '../../sync/import/plan-import.ts';
import { proposals } from '../../sync/import/propose.ts';
import {
  type PlaceInSource,
  type Sound,
  secretInside,
  soundProposal,
  type Trial,
} from '../../sync/import/proven-proposals.ts';
import { clonesFound, passedOverFindings } from '../../sync/passed-over.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { Context } from '../context.ts';
import { choose, rowsOf } from './init-choose.ts';

/** What goes into a new source from the homes. */
export interface ImportedHomes {
  /** All that stands below `clients/`. */
  readonly files: readonly StarterFile[];
  /** The memories that the instructions do not name yet, by their paths below `memory/`. */
  readonly unlisted: readonly string[];
  /** Writes records only. */
  readonly plan: Plan;
  /** The write that keeps what still holds its secrets, on this machine. */
  readonly keeping?: FileWrite;
  readonly variables: readonly string[];
  readonly waiting: readonly string[];
  readonly rows: readonly ImportRow[];
  /** The report of what was taken. */
  readonly found: string;
  readonly findings: readonly Finding[];
}

/**
 * `--from-runtime`: what the clients have, as far as it is chosen, in the words of a source with this id. An exit code
 * where nobody chose. Throws `Failure` for homes that cannot be read or are managed already.
 */
export async function importHomes(
  context: Context,
  folder: string,
  id: string,
): Promise<ImportedHomes | { readonly exitCode: number }> {
  const free = gatherStates(context, new Map()).map((state) =>
    withFreeFiles(context, withEverything(context, withTopFiles(context, withLinkedContent(context, state)))),
  );
  const states = free.map(({ state }) => state);
  const homes = states.map((state) => namedHome(context, state));
  refuseManaged(states);
  const { environment } = context;
  const found = proposals({ states, homes, free, environment, helper: headersHelper(context.state) });
  // As long as the instructions name no memory, they are what the homes have.
  const trial = trialOf(context, { folder, id, unlisted: unlistedOf(found.proposals), states });
  const tried = found.proposals.map((proposal) => soundProposal(trial, proposal));
  const { sound, refused } = await scanned(trial, tried);
  const told = [
    ...found.findings,
    ...states.flatMap((state) => clonesFound(state, (path) => cloneOrigin(context.host.disk, path))),
    ...passedOverFindings(states),
    ...refused,
    ...(tried.length === 0 ? [nothingFound] : []),
  ];
  const chosen = await choose(context, sound, told);
  if ('exitCode' in chosen) return chosen;
  return taken(context, { trial, id }, chosen.taken, told);
}

/** The memories that the instructions would name. */
function unlistedOf(all: readonly Proposal[]): string[] {
  return [...new Set(all.flatMap(({ memory }) => memory ?? []))].filter(isListed).sort();
}

const nothingFound: Finding = {
  code: 'nothing-found',
  severity: 'note',
  message: 'nothing was found in the clients that could be imported',
  remedy: 'Fill clients/ by hand: README.md says what goes where.',
};

/** A trial that knows whose records will be written. */
type OwnedTrial = Trial & { readonly owner: Owner; readonly homes: readonly ClientState[] };

interface TrialBase {
  readonly folder: string;
  readonly id: string;
  readonly unlisted: readonly string[];
  readonly states: readonly ClientState[];
}

function trialOf(context: Context, { folder, id, unlisted, states }: TrialBase): OwnedTrial {
  const path = realHome(context.host.disk, folder);
  const owner = { repository: { id, name: basename(path), path, commit: null }, version: context.version };
  return {
    ...{ owner, homes: states, tree: { files: [identityFile(id, unlisted)], layers: ['clients'] } },
    states: states.map((state) => withFoundInstructions(state, owner)),
    judge: (tree: SourceTree) => judgeSource({ ...context, clients: context.allClients }, tree),
  };
}

function refuseManaged(states: readonly ClientState[]): void {
  const findings = states.flatMap(({ record, home }) => {
    if (!record) return [];
    const message = `a repository deploys to this home already: ${record.repository.path}`;
    const remedy =
      'Add to it with pull-runtime --adopt, or give the home back there first: clean-runtime --remove-only.';
    return [problem('other-repository', message, remedy, { path: home.root })];
  });
  if (findings.length > 0) throw new Failure(findings);
}

/** Those proposals in which the scanner finds no secret either, and why the others are left out. */
async function scanned(
  trial: Trial,
  tried: readonly (Sound | Finding)[],
): Promise<{ sound: Sound[]; refused: Finding[] }> {
  const sound = tried.filter((one): one is Sound => 'changes' in one);
  const files = sound.flatMap((proposal) =>
    applyChanges({ files: [], layers: [] }, proposal.changes).files.flatMap(({ path, after }) =>
      after && !isBinary(after.bytes) ? [{ proposal, source: path, text: decodeText(after.bytes) ?? '' }] : [],
    ),
  );
  const texts = files.map(({ text }, index) => ({ path: `${index}`, text }));
  const hits = texts.length > 0 ? await (await import('../../engine/source/scanner.ts')).scanTexts(texts) : [];
  const secret = new Map<Sound, PlaceInSource>();
  for (const { path, line } of hits) {
    const file = files[Number(path)];
    if (file && !secret.has(file.proposal)) secret.set(file.proposal, { path: file.source, line });
  }
  return {
    sound: sound.filter((one) => !secret.has(one)),
    refused: [
      ...tried.filter((one): one is Finding => !('changes' in one)),
      ...[...secret].map(([one, at]) => secretInside(trial, one, at)),
    ],
  };
}

function taken(
  context: Context,
  { trial, id }: { trial: OwnedTrial; id: string },
  chosen: readonly Sound[],
  told: readonly Finding[],
): ImportedHomes {
  const { host, options, paint } = context;
  const made = assembled(trial, chosen);
  const setup = gatherSetup(context);
  const plan = planImport(made, trial.homes, trial.owner, setup.path);
  const waiting = made.taken.flatMap((one) => one.waiting);
  const added = waiting.filter((id) => !setup.keep.includes(id));
  const rows = rowsOf(made.taken);
  const unlisted = unlistedOf(made.taken);
  const files = made.files.flatMap(({ path, after }) => (after ? [{ path, ...after }] : []));
  return {
    ...{ files: [identityFile(id, unlisted), ...files], unlisted, plan, waiting, rows },
    ...(added.length > 0 ? { keeping: keepWrite(host, setup, added) } : {}),
    variables: [...new Set(made.taken.flatMap(({ variables }) => variables))].sort(),
    found: importText(rows, options.dryRun ? 'Would import' : 'Imported', paint),
    findings: [...told, ...made.findings, ...machinePaths(trial.tree, made.files, trial.homes)],
  };
}
