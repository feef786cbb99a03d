import type { SourceFile, SourceTree } from '../model/source.ts';

/** A source file with its path below the area. */
export interface OverlayFile {
  readonly relative: string;
  readonly file: SourceFile;
}

// What systems, editors, Python and git leave behind. A `.gitignore` inside a skill is content, so only git's own names are here.
const dropping =
  /^(?:\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|.*~|\.#.*|#.*#|\..*\.sw[a-p]|__pycache__|.*\.pyc|\.git|\.gitkeep)$/i;
const gitFileAtTop = /^\.git[^/]*$/;

/** The folders that hold something for a client, lowest first: what every client shares and its own, layer by layer. */
export function placesOf({ layers }: SourceTree, client: string): string[] {
  return layers.flatMap((layer) => [`${layer}/shared`, `${layer}/${client}`]);
}

/**
 * The files of an area for one client: the shared ones, replaced file by file by the client's own, sorted by path. What a
 * layer holds replaces what stands below it in the same way.
 * Droppings of systems and editors are left out, and so are git's own files at the top of the area.
 */
export function overlayFiles(tree: SourceTree, client: string, area: string): OverlayFile[] {
  const files = new Map<string, SourceFile>();
  for (const place of placesOf(tree, client)) {
    const folder = `${place}/${area}/`;
    for (const file of tree.files) {
      if (!file.path.startsWith(folder)) continue;
      const relative = file.path.slice(folder.length);
      if (!isDropping(relative)) files.set(relative, file);
    }
  }
  return [...files].map(([relative, file]) => ({ relative, file })).sort(byPath);
}

/** The file of the tree at a path. */
export function fileAt(tree: SourceTree, path: string): SourceFile | undefined {
  return tree.files.find((file) => file.path === path);
}

/** Whether a file is what systems, editors and git leave behind; `relative` is its path below the area. */
export function isDropping(relative: string): boolean {
  return gitFileAtTop.test(relative) || relative.split('/').some((name) => dropping.test(name));
}

function byPath(a: OverlayFile, b: OverlayFile): number {
  return a.relative < b.relative ? -1 : a.relative > b.relative ? 1 : 0;
}
