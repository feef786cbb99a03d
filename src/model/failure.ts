import type { Finding } from './finding.ts';

/** The command cannot do its job (exit 2). Carries every reason at once. */
export class Failure extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[], options?: ErrorOptions) {
    super(findings.map((finding) => finding.message).join('\n'), options);
    this.name = 'Failure';
    this.findings = findings;
  }
}
