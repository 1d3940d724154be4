import { bytesEqual, concat, isDomainError, sha256Hex, toUtcSeconds } from '@mandate/core';
import {
  FILING_FIELD,
  FILING_FILE,
  parseFilingList,
  readFiling,
  type Filing,
  type FilingLines,
  type FilingList,
} from '@mandate/evidence';
import { checkSignatureUpdate, embeddedFile, readPdf, readSignatures } from '@mandate/pdf';
import { REPORT_SEAL_POLICY } from '@mandate/pki';
import { checkKeyEnds, sealUse } from '../checks/key-ends.js';
import { checkSeal, type SealJudgement } from '../checks/seal.js';
import { coveredBytes } from '../covered-bytes.js';
import { check, fail, pass } from '../finding.js';
import { inflate } from '../inflate.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';

const RULE = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;

interface FilingJudgement {
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

/**
 * Several reports under a sealed list of evidence: each list is sealed for reports and holds the CSV beside it, and
 * every file is one that all lists name, with its digest; of the same letters there is none. What the files say themselves nobody judges here.
 */
export function verifyFiling(bytes: Uint8Array, trust: Trust, at: Date): FilingJudgement {
  let filing: Filing;
  try {
    filing = readFiling(bytes);
  } catch (error) {
    return { findings: [refusal('filing-readable', error, RULE)], facts: {} };
  }
  const lists = filing.lists.map((list) => judgeList(list, trust, at));
  const said = lists.flatMap(({ lines }) => (lines ? [lines] : []));
  return {
    findings: [
      pass('filing-readable'),
      ...lists.flatMap(({ findings }) => findings),
      ...said.flatMap((lines) => compareFiles(filing, lines)),
      ...compareMissing(said),
    ],
    facts: {
      filing: {
        files: filing.files.length,
        missing: said[0]?.missing.length ?? 0,
        lists: filing.lists.map(({ language, pdf }, i) => {
          const time = lists[i]!.seal?.token?.info.genTime;
          const digest = sha256Hex(pdf);
          return { language, digest, ...(time ? { sealedAt: toUtcSeconds(time) } : {}) };
        }),
      },
    },
  };
}

interface ListJudgement {
  readonly findings: readonly Finding[];
  readonly lines?: FilingLines;
  readonly seal?: SealJudgement;
}

function judgeList({ language, csv, pdf }: FilingList, trust: Trust, at: Date): ListJudgement {
  const params = { list: language };
  const findings: Finding[] = [];
  let lines: FilingLines | undefined;
  try {
    lines = parseFilingList(csv);
    findings.push(pass('filing-list', params));
  } catch (error) {
    findings.push(refusal('filing-list', error, RULE));
  }
  try {
    const file = readPdf(pdf, { inflate });
    const [signature, ...others] = readSignatures(file);
    const drawn = pdf.subarray(0, signature?.letterLength ?? 0);
    const expected = { field: FILING_FIELD, certify: true };
    if (
      !signature?.coversWholeFile ||
      others.length > 0 ||
      checkSignatureUpdate(drawn, pdf.subarray(drawn.length), expected).length > 0
    )
      return { findings: [...findings, fail('filing-paper', 'FORMAT_FAILURE', params)] };
    const inside = embeddedFile(file, FILING_FILE);
    const covered = { manifest: concat(...coveredBytes(pdf, signature)) };
    const sealed = { ...covered, signature: signature.contents };
    const seal = checkSeal(sealed, trust, at, at, [REPORT_SEAL_POLICY]);
    findings.push(
      pass('filing-paper', params),
      check('filing-list-inside', bytesEqual(inside, csv), 'HASH_FAILURE', params),
      sealSummary(seal, language),
      ...checkKeyEnds(sealUse(signature.contents, at), trust.keyEnds),
    );
    return { findings, seal, ...(lines ? { lines } : {}) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { findings: [...findings, refusal('filing-paper', error, RULE)] };
  }
}

/** One finding for a whole seal: what is wrong with it, failures first. */
function sealSummary({ findings }: SealJudgement, list: string): Finding {
  const worst =
    findings.find(({ status }) => status === 'failed') ??
    findings.find(({ status }) => status === 'indeterminate');
  return worst
    ? fail('filing-seal', worst.subIndication!, { list, check: worst.id })
    : pass('filing-seal', { list });
}

/** Lists in two languages say of the same letters that there is no report. */
function compareMissing([first, second]: readonly FilingLines[]): Finding[] {
  if (!first || !second) return [];
  const [letters, theirs] = [first.missing, second.missing];
  const same = letters.length === theirs.length && letters.every((it, i) => it === theirs[i]);
  return [check('filing-lists-agree', same, 'FORMAT_FAILURE')];
}

/** The files are those of the list, in its order, and unchanged. */
function compareFiles({ files }: Filing, lines: FilingLines): Finding[] {
  const at = Math.max(files.length, lines.files.length);
  const odd = Array.from({ length: at }, (_, i) => i).find(
    (i) => files[i]?.[0] !== lines.files[i]?.file,
  );
  if (odd !== undefined) {
    const file = files[odd]?.[0] ?? lines.files[odd]!.file;
    return [fail('filing-complete', 'FORMAT_FAILURE', { file })];
  }
  const changed = files.find(([, bytes], i) => sha256Hex(bytes) !== lines.files[i]!.digest);
  return [
    pass('filing-complete'),
    changed
      ? fail('filing-digests', 'HASH_FAILURE', { file: changed[0] })
      : pass('filing-digests', { files: String(files.length) }),
  ];
}
