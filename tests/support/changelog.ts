/** The section of a version, without its heading: what is said of a release. Throws when there is none. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const own = sections.find((section) => section.split(/[\s(]/)[0] === version);
  if (own === undefined) throw new Error(`CHANGELOG.md has no section "## ${version}"`);
  return `${own.slice(own.indexOf('\n')).trim()}\n`;
}
