import type { Disk } from './disk.ts';

/** The same disk for reading; writes are taken and do nothing. What a dry run gets. */
export function dryDisk(disk: Disk): Disk {
  const nothing = () => undefined;
  return {
    ...disk,
    makeFolders: nothing,
    makeFolder: nothing,
    removeFolder: nothing,
    writeNew: nothing,
    makeLink: nothing,
    setOwner: nothing,
    rename: nothing,
    exchange: () => 'exchanged',
    unlink: nothing,
    writeLoose: nothing,
    syncFolder: nothing,
  };
}
