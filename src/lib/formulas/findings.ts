/** What a check has to say: each sentence with the place it speaks of, errors apart from warnings. */

export interface Finding {
  /** Path into the document, as 'steps.2.rate.otherwise'. */
  at: string;
  /** A Japanese sentence that names the place and says how to mend it. */
  message: string;
}
/** With errors nothing may be stored as approved or computed; warnings are for the officer to weigh. */
export interface Findings { errors: Finding[]; warnings: Finding[] }

/** Collects findings below one place: `at` is put before every path, `place` (「手順3「上限」」) before every sentence. */
export interface Report {
  error(at: string, sentence: string): void;
  warn(at: string, sentence: string): void;
  /** A report for a place further in. */
  below(at: string, place?: string): Report;
}

const joined = (above: string, below: string): string => (above === '' || below === '' ? above + below : `${above}.${below}`);

export function reportInto(findings: Findings, above = '', place = ''): Report {
  const finding = (at: string, sentence: string): Finding => ({ at: joined(above, at), message: place === '' ? sentence : `${place}: ${sentence}` });
  return {
    error: (at, sentence) => { findings.errors.push(finding(at, sentence)); },
    warn: (at, sentence) => { findings.warnings.push(finding(at, sentence)); },
    below: (at, inner = place) => reportInto(findings, joined(above, at), inner)
  };
}
