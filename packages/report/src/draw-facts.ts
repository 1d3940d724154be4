import type { Build } from '@mandate/core';
import { drawRows, GRAY, rowsKeep, type Row } from '@mandate/letter';
import { LETTER_WORDS } from '@mandate/terms';
import type { CertificateFacts, ChoiceFacts } from '@mandate/verify';
import { drawNotedTable } from './noted-table.js';
import type { Sheet } from './render-report.js';
import type { ReportTimestamp } from './report.js';
import type { ReportWords } from './words/report-words.js';

/** Who the subject is as far as the file tells, and how that was checked. */
export function drawIdentityFacts(sheet: Sheet): void {
  const { report, words, language } = sheet;
  const labels = words.facts;
  const { authorization } = report.facts;
  const { later, statement } = report;
  drawGroup(sheet, '', [
    [words.statementRows.subject, statement?.subject.name],
    [
      words.statementRows.idType,
      statement && LETTER_WORDS[language].idTypes[statement.subject.idType],
    ],
    [words.statementRows.idNumber, statement?.subject.idNumber],
    [words.statementRows.phone, statement?.subject.phone],
    ...(authorization?.identity?.checks ?? []).map((it): Pair => [
      labels.identity,
      labels.identityText(it),
    ]),
    [labels.code, authorization?.code && labels.codeText(authorization.code)],
    [labels.passkey, authorization?.passkey && labels.passkeyText(authorization.passkey)],
    ...(later?.registration?.cosigners ?? []).map(({ name, at }): Pair => [
      labels.registration,
      `${name}; ${at}`,
    ]),
  ]);
}

/** The scene certificate, its issuers, its status. */
export function drawIssuanceFacts(sheet: Sheet): void {
  const { report, words } = sheet;
  const labels = words.facts;
  const { certificate, chain, revocation } = report.facts;
  drawGroup(sheet, labels.certificate, [
    ...certificateRows(labels, certificate),
    [
      labels.keyOrigin,
      certificate?.keyOrigin && (labels.keyOrigins[certificate.keyOrigin] ?? certificate.keyOrigin),
    ],
    ...(chain ?? [])
      .slice(1)
      .map((it): Pair => [labels.issuers, `${it.subject}; ${it.serial}; ${it.digest}`]),
  ]);
  drawGroup(sheet, labels.revocation, [
    [labels.status, revocation && (labels.statuses[revocation.status] ?? revocation.status)],
    [labels.producedAt, revocation?.producedAt],
    [labels.nextUpdate, revocation?.nextUpdate],
  ]);
}

/** The signature and its timestamps. */
export function drawSignatureFacts(sheet: Sheet): void {
  const { report, words } = sheet;
  const labels = words.facts;
  const { signature, timestamp, documentTimestamps } = report.facts;
  drawGroup(sheet, labels.signature, [
    [labels.byteRange, signature?.byteRange.join(' ')],
    [labels.messageDigest, signature?.messageDigest],
    [labels.signatureValue, signature?.valueDigest],
    [labels.claimedAt, signature?.claimedAt && `${signature.claimedAt}${labels.claimedNote}`],
  ]);
  drawGroup(sheet, labels.token, timestampRows(labels, timestamp));
  drawGroup(
    sheet,
    labels.documentTimestamps,
    (documentTimestamps ?? []).map(({ genTime, authority }): Pair => [
      genTime.slice(0, 10),
      [genTime, authority?.subject].filter(Boolean).join('; '),
    ]),
  );
}

/** The ledger's record and the seal over everything. */
export function drawLedgerFacts(sheet: Sheet): void {
  const { report, words } = sheet;
  const labels = words.facts;
  const { ledger, ledgerCopy, seal } = report.facts;
  drawGroup(sheet, labels.ledger, [
    [labels.origin, ledger?.origin],
    [labels.index, ledger && String(ledger.index)],
    [labels.checkpoint, ledger && String(ledger.size)],
    [labels.recordedAt, ledger?.at],
    [labels.root, ledger?.root],
    [labels.signers, ledger?.signers.join(', ')],
    ...(ledger?.cosigners ?? []).map(({ name, at }): Pair => [labels.cosigner, `${name}; ${at}`]),
    [labels.cosigner, ledger?.cosigners.length === 0 ? labels.noCosigner : undefined],
  ]);
  drawGroup(sheet, labels.ledgerCopy, [
    [labels.origin, ledgerCopy?.origin],
    [labels.checkpoint, ledgerCopy && String(ledgerCopy.size)],
    [labels.root, ledgerCopy?.root],
    [labels.recorded, ledgerCopy && recordedText(ledgerCopy.recorded)],
    [
      labels.copyStamp,
      ledgerCopy?.stamp && `${ledgerCopy.stamp.at}; ${ledgerCopy.stamp.authority}`,
    ],
  ]);
  drawGroup(sheet, labels.seal, [
    ...certificateRows(labels, seal?.certificate),
    [labels.sealedAt, seal?.timestamp?.genTime],
  ]);
}

/** Entries by kind, each with how many there are. */
const recordedText = (recorded: Readonly<Record<string, number>>): string =>
  Object.entries(recorded)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');

/** What another program must arrive at, beyond what stands with the three reports. */
export function drawFacts(sheet: Sheet): void {
  const { flow, report, words } = sheet;
  const labels = words.facts;
  const { facts } = report;
  sheet.outline.begin(flow, 'facts', 110);
  flow.paragraph(labels.note, { color: GRAY });

  drawGroup(sheet, labels.file, [
    [labels.digest, report.input.digest],
    [labels.size, String(report.input.size)],
    [labels.judgedAt, report.judgedAt],
    [labels.sealedBundle, facts.sealedBundleDigest],
  ]);
  drawGroup(sheet, labels.records, [
    [labels.letter, facts.letter?.digest],
    [labels.checkCode, facts.letter?.checkCode],
    [labels.signedLetter, facts.letter?.signedDigest],
    [labels.terms, facts.termsDigest],
    [labels.scene, facts.authorization?.sceneDigest],
    [labels.presentation, facts.authorization?.presentationDigest],
    [labels.pageBuild, facts.authorization?.pageBuild],
    [labels.serverBuild, buildText(facts.authorization?.builds?.server)],
    [labels.choices, choicesText(labels, facts.authorization?.choices)],
    [labels.set, facts.authorization?.set && labels.setText(facts.authorization.set)],
    [labels.challenge, facts.authorization?.challengeDigest],
    [labels.evidenceRoot, facts.authorization?.evidenceRoot],
  ]);
  drawFiles(sheet);
}

const buildText = (build?: Build): string | undefined =>
  build && `${build.digest}; ${build.commit}`;

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
  if (title) flow.paragraph(title, { bold: true, gapAfter: 1 });
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

function drawFiles(sheet: Sheet): void {
  const { flow, report, words } = sheet;
  const parts = report.facts.parts ?? [];
  if (parts.length === 0) return;
  sheet.outline.begin(flow, 'files', 80);
  drawNotedTable(flow, {
    head: words.facts.fileHead,
    weights: [80, 20],
    rows: parts.map(({ name, size, digest }) => ({ cells: [name, String(size)], note: digest })),
  });
}
