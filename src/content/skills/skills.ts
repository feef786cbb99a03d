import { type Finding, problem } from '../../model/finding.ts';
import type { SourceTree } from '../../model/source.ts';
import { type ExpandedFile, expandedFile } from '../files/expanded-file.ts';
import { scriptLineEnds } from '../files/scripts.ts';
import { splitFrontmatter } from '../frontmatter.ts';
import { caseTwins } from '../names.ts';
import { type OverlayFile, overlayFiles } from '../overlay.ts';
import { cutPieces, type Piece, sourcePieces } from '../pieces/pieces.ts';
import { expandPieces, expandTokens, type TokenValues } from '../placeholders.ts';
import { decodeText, encodeText, plainBody } from '../text.ts';
import { openaiYamlProblems } from './openai-yaml.ts';
import { looseFiles, mainFileProblems, type Skill, skillProblems } from './skill-problems.ts';

/** One file of a skill as a client gets it. */
export interface SkillFile {
  readonly skill: string;
  /** Below the skills folder: `review/SKILL.md`. */
  readonly relative: string;
  /** With the tokens expanded and, in `SKILL.md`, `inject.md` injected. */
  readonly bytes: Uint8Array;
  readonly executable: boolean;
  /** The source file, relative to the repository. */
  readonly source: string;
  /** Where each part of the deployed text comes from; absent: the file is copied byte by byte. */
  pieces?(): Piece[];
}

/** What our injection into a SKILL.md starts with. */
export const injectionBegin = '<!-- >>> syncline inject >>> -->';
const end = '<!-- <<< syncline inject <<< -->';

/** The skills of a client, ready to deploy, with everything that is wrong with them. */
export function skillFiles(
  tree: SourceTree,
  client: string,
  values: Omit<TokenValues, 'skillName'>,
): { files: SkillFile[]; findings: Finding[] } {
  const entries = overlayFiles(tree, client, 'skills');
  const inject = injectText(entries.find(({ relative }) => relative === 'inject.md'));
  const unread = new Set((tree.unreadable ?? []).flatMap(({ path }) => path ?? []));
  const skills = skillsOf(entries).map((skill) => deploySkill(skill, unread, inject, values));
  const findings = [
    ...looseFiles(entries),
    ...caseTwins(entries.map(({ relative, file }) => ({ relative, path: file.path }))),
    ...inject.findings,
    ...expandTokens(inject.text, { ...values, skillName: 'x' }, inject.path).findings,
    ...skills.flatMap((skill) => skill.findings),
  ];
  return { files: skills.flatMap((skill) => skill.files), findings };
}

interface Inject {
  readonly text: string;
  readonly path: string;
  readonly findings: readonly Finding[];
}

function injectText(entry: OverlayFile | undefined): Inject {
  if (!entry) return { text: '', path: '', findings: [] };
  const { path } = entry.file;
  const text = decodeText(entry.file.bytes);
  if (text === undefined) {
    return { text: '', path, findings: [notText(path)] };
  }
  const line = text.split('\n').findIndex((one) => one.includes(injectionBegin) || one.includes(end)) + 1;
  if (line === 0) return { text, path, findings: [] };
  const message = `"${path}" holds a marker of the injection ("${injectionBegin}").`;
  return {
    text: '',
    path,
    findings: [problem('marker-in-source', message, 'Take the marker out: Syncline sets it itself.', { path, line })],
  };
}

function notText(path: string): Finding {
  return problem('not-utf8', `"${path}" is not UTF-8 text.`, 'Save it as UTF-8.', { path, line: 1 });
}

function skillsOf(entries: readonly OverlayFile[]): Skill[] {
  const skills = new Map<string, OverlayFile[]>();
  for (const entry of entries) {
    const slash = entry.relative.indexOf('/');
    if (slash === -1) continue;
    const name = entry.relative.slice(0, slash);
    const files = skills.get(name);
    if (files) files.push(entry);
    else skills.set(name, [entry]);
  }
  return [...skills].map(([name, files]) => ({ name, files }));
}

function deploySkill(
  skill: Skill,
  unread: ReadonlySet<string>,
  inject: Inject,
  base: Omit<TokenValues, 'skillName'>,
): { files: SkillFile[]; findings: Finding[] } {
  const values = { ...base, skillName: skill.name };
  const findings = skillProblems(skill, unread);
  const files = skill.files.map(({ relative, file }) => {
    const { bytes, findings: found, ...more } = deployFile(relative, file, inject, values);
    findings.push(...found, ...scriptLineEnds(file, 'warning'));
    if (relative === `${skill.name}/agents/openai.yaml`) {
      findings.push(...openaiYamlProblems(decodeText(bytes) ?? '', file.path, skill.name));
    }
    return { skill: skill.name, relative, bytes, executable: file.executable, source: file.path, ...more };
  });
  return { files, findings };
}

function deployFile(relative: string, file: OverlayFile['file'], inject: Inject, values: TokenValues): ExpandedFile {
  const { bytes } = file;
  if (!relative.endsWith('/SKILL.md')) return expandedFile(file, values);
  const source = decodeText(bytes);
  if (source === undefined) return { bytes, findings: [notText(file.path)] };
  const { text, findings } = expandTokens(source, values, file.path);
  const isTop = relative.split('/').length === 2;
  const problems = isTop
    ? [...findings, ...mainFileProblems(text, file.path, values.skillName ?? '', injectionBegin)]
    : findings;
  const deployed = withInjection(text, expandTokens(inject.text, values, inject.path).text);
  const pieces = () => {
    const own = expandPieces(sourcePieces(file.path, decodeText(bytes) as string), values);
    return deployed === text ? own : injectedPieces(own, text, deployed, inject.path);
  };
  return { bytes: deployed === source ? bytes : encodeText(deployed), findings: problems, pieces };
}

function injectedPieces(pieces: readonly Piece[], text: string, deployed: string, path: string): Piece[] {
  const at = text.length - (splitFrontmatter(text) as { body: string }).body.length;
  const block = deployed.slice(at, at + deployed.length - text.length);
  const instead = `Edit "${path}" instead: it stands in every skill.`;
  return [...cutPieces(pieces, 0, at), { text: block, instead }, ...cutPieces(pieces, at, text.length)];
}

/** Puts a text between markers right after the frontmatter, with the line ends of the file. */
export function withInjection(text: string, injected: string): string {
  const split = splitFrontmatter(text);
  const lines = plainBody(injected);
  if (!split || lines === '') return text;
  const head = text.slice(0, text.length - split.body.length);
  const eol = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
  const block = [injectionBegin, ...lines.split('\n'), end].join(eol);
  return head.endsWith('\n') ? `${head}${block}${eol}${split.body}` : `${head}${eol}${block}`;
}

/** The exact inverse of the injection. A text without one is given back as it is. */
export function withoutInjection(text: string): string {
  const split = splitFrontmatter(text);
  if (!split?.body.startsWith(injectionBegin)) return text;
  const close = split.body.indexOf(`\n${end}`);
  if (close === -1) return text;
  const head = text.slice(0, text.length - split.body.length);
  const rest = split.body.slice(close + 1 + end.length);
  // Nothing after the end marker: the file ended right after the frontmatter, without a line end.
  return rest === '' ? head.replace(/\r?\n$/, '') : head + rest.replace(/^\r?\n/, '');
}
