import { drawRows, GRAY, rowsKeep, type Row } from '@mandate/letter';
import type { CertificateFacts, ChoiceFacts } from '@mandate/verify';
import { drawNotedTable } from './noted-table.js';
import type { Sheet } from './render-report.js';
import type { ReportTimestamp } from './report.js';
import type { ReportWords } from './words/report-words.js';

/** What another program must arrive at. */
export function drawFacts(sheet: Sheet): void {
  const { flow, report, words } = sheet;
  const labels = words.facts;
  const { facts } = report;
  flow.heading(words.parts.facts, 110);
  flow.paragraph(labels.note, { color: GRAY });

  drawGroup(sheet, labels.file, [
    [labels.digest, report.input.digest],
    [labels.size, String(report.input.size)],
    [labels.judgedAt, report.judgedAt],
    [labels.sealedBundle, facts.sealedBundleDigest],
    [
      labels.tools,
      Object.entries(report.tools)
        .map((it) => it.join(' '))
        .join(', '),
    ],
  ]);
  drawGroup(sheet, labels.records, [
    [labels.letter, facts.letter?.digest],
    [labels.checkCode, facts.letter?.checkCode],
    [labels.signedLetter, facts.letter?.signedDigest],
    [labels.terms, facts.termsDigest],
    [labels.scene, facts.authorization?.sceneDigest],
    [labels.presentation, facts.authorization?.presentationDigest],
    [labels.pageBuild, facts.authorization?.pageBuild],
    [labels.choices, choicesText(labels, facts.authorization?.choices)],
    [labels.set, facts.authorization?.set && labels.setText(facts.authorization.set)],
    [labels.challenge, facts.authorization?.challengeDigest],
    [labels.evidenceRoot, facts.authorization?.evidenceRoot],
    [labels.code, facts.authorization?.code && labels.codeText(facts.authorization.code)],
    [
      labels.passkey,
      facts.authorization?.passkey && labels.passkeyText(facts.authorization.passkey),
    ],
    ...(facts.authorization?.identity?.checks ?? []).map((it): Pair => [
      labels.identity,
      labels.identityText(it),
    ]),
  ]);
  const { signature, certificate, ledger, revocation } = facts;
  drawGroup(sheet, labels.signature, [
    [labels.byteRange, signature?.byteRange.join(' ')],
    [labels.messageDigest, signature?.messageDigest],
    [labels.signatureValue, signature?.valueDigest],
    [labels.claimedAt, signature?.claimedAt && `${signature.claimedAt}${labels.claimedNote}`],
  ]);
  drawGroup(sheet, labels.certificate, [
    ...certificateRows(labels, certificate),
    [
      labels.keyOrigin,
      certificate?.keyOrigin && (labels.keyOrigins[certificate.keyOrigin] ?? certificate.keyOrigin),
    ],
    ...(facts.chain ?? [])
      .slice(1)
      .map((it): Pair => [labels.issuers, `${it.subject}; ${it.serial}; ${it.digest}`]),
  ]);
  drawGroup(sheet, labels.token, timestampRows(labels, facts.timestamp));
  drawGroup(sheet, labels.revocation, [
    [labels.status, revocation && (labels.statuses[revocation.status] ?? revocation.status)],
    [labels.producedAt, revocation?.producedAt],
    [labels.nextUpdate, revocation?.nextUpdate],
  ]);
  drawGroup(sheet, labels.ledger, [
    [labels.origin, ledger?.origin],
    [labels.index, ledger && String(ledger.index)],
    [labels.checkpoint, ledger && String(ledger.size)],
    [labels.recordedAt, ledger?.at],
    [labels.root, ledger?.root],
    [labels.signers, ledger?.signers.join(', ')],
  ]);
  drawGroup(sheet, labels.seal, [
    ...certificateRows(labels, facts.seal?.certificate),
    [labels.sealedAt, facts.seal?.timestamp?.genTime],
  ]);
  drawFiles(sheet);
}

/** Nothing where the letter leaves nothing to choose. */
function choicesText(labels: ReportWords['facts'], choices?: ChoiceFacts): string | undefined {
  if (!choices) return undefined;
  const { accepted, refused } = choices;
  const open = [accepted, refused].flatMap(({ items, recipients }) => [...items, ...recipients]);
  return open.length === 0 ? undefined : labels.choicesText(choices);
}

type Pair = readonly [label: string, text: string | undefined];

/** A small heading and its grid; nothing at all when the file holds none of it. */
function drawGroup({ flow }: Sheet, title: string, pairs: readonly Pair[]): void {
  const rows = pairs.flatMap(([label, text]): Row[] => (text ? [{ label, text }] : []));
  if (rows.length === 0) return;
  const size = flow.bodySize;
  flow.need(size * 2 + rowsKeep(flow, rows));
  flow.paragraph(title, { bold: true, gapAfter: 1 });
  drawRows(flow, rows);
  flow.gap(4);
}

const certificateRows = (labels: ReportWords['facts'], facts?: CertificateFacts): Pair[] => [
  [labels.holder, facts?.subject],
  [labels.issuer, facts?.issuer],
  [labels.serial, facts?.serial],
  [labels.validity, facts && `${facts.notBefore} – ${facts.notAfter}`],
  [labels.digest, facts?.digest],
];

const timestampRows = (labels: ReportWords['facts'], facts?: ReportTimestamp): Pair[] => [
  [labels.time, facts?.genTime],
  [
    labels.accuracy,
    facts?.accuracyMilliseconds === undefined ? undefined : `${facts.accuracyMilliseconds} ms`,
  ],
  [labels.policy, facts?.policy],
  [labels.serial, facts?.serial],
  [labels.authority, facts?.authority?.subject],
  [labels.digest, facts?.authority?.digest],
];

function drawFiles({ flow, report, words }: Sheet): void {
  const parts = report.facts.parts ?? [];
  if (parts.length === 0) return;
  flow.heading(words.parts.files, 80);
  drawNotedTable(flow, {
    head: words.facts.fileHead,
    weights: [80, 20],
    rows: parts.map(({ name, size, digest }) => ({ cells: [name, String(size)], note: digest })),
  });
}
