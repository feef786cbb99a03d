import { join } from 'node:path';
import type { Learned } from '../../adapters/client.ts';
import { readRuntime } from '../../host/reading/read-runtime.ts';
import type { Finding } from '../../model/finding.ts';
import type { InboxItem } from '../../model/inbox.ts';
import type { SourceTree } from '../../model/source.ts';
import { inboxCopy, inboxItems, type LearnedText } from '../../sync/inbox/inbox.ts';
import { type LearnedListing, learnedFiles, learnedListings, learnedOf } from '../../sync/inbox/learned-files.ts';
import { type InspectionCopy, leftOutOfCopy } from '../../sync/inspection.ts';
import type { ClientState } from '../../sync/plan/client-state.ts';
import type { World } from '../world.ts';

/** What one client learned by itself, its copy without secrets, and what of it must not be read. */
export interface Inbox {
  readonly items: readonly InboxItem[];
  readonly copy: InspectionCopy;
  readonly findings: readonly Finding[];
}

/** Lists and reads what a client learned. Throws `Failure` for what cannot be read. */
export function readInbox(world: World, state: ClientState, tree: SourceTree): Inbox {
  const learned = learnedOf(state, world.environment);
  if (!learned) return { items: [], copy: new Map(), findings: [] };
  const read = learnedListings(state, learned, world.environment).map((listing) =>
    readListing(world, state, learned, listing),
  );
  const texts = read.flatMap((each) => each.texts);
  const items = inboxItems(state, learned, texts, tree);
  return { items, copy: inboxCopy(state, items), findings: read.flatMap((each) => each.findings) };
}

function readListing({ host }: World, state: ClientState, learned: Learned, listing: LearnedListing) {
  const { request } = listing;
  const { files, left } = learnedFiles(state, learned, listing, readRuntime(host.disk, request));
  const wanted = { ...request, files: files.map(({ at }) => at), trees: [] };
  const { files: contents } = readRuntime(host.disk, wanted);
  const texts = files.flatMap(({ at, name }): LearnedText[] => {
    const bytes = contents.get(at)?.bytes;
    return bytes ? [{ name, at, path: join(request.root, at), bytes }] : [];
  });
  return { texts, findings: leftOutOfCopy(left, join(request.root, listing.folder.folder)) };
}
