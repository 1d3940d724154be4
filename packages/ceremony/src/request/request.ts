import {
  addSeconds,
  checkCode,
  DomainError,
  newId,
  newLookupCode,
  sha256,
  testBehaviour,
  toHex,
  toUtcSeconds,
} from '@mandate/core';
import { renderLetter } from '@mandate/letter';
import {
  buildTerms,
  newLetterNumber,
  parseTemplate,
  termsDigest,
  type AuthorizationRequest,
  type Terms,
} from '@mandate/terms';
import { checkRegistry } from '../templates/check-registry.js';
import { checkNotOverdue, templateEvidence } from '../templates/template-evidence.js';
import type { DataDeps } from '../deps.js';
import { sealTerms, storeLetter } from '../letter-box.js';
import type { AuthorizationRow, Institution, NewAuthorization, WebRecord } from '../ports.js';

export interface RequestDeps extends DataDeps {
  readonly record: WebRecord;
  readonly publicUrl: string;
  /** How long the subject has to sign, seconds. */
  readonly signWithin: number;
  /** Messages go to the sandbox alone, whose test numbers may stand in letters. */
  readonly testNumbers?: boolean;
}

/**
 * An institution asks: terms are built and salted, the letter is rendered once, encrypted, stored.
 * Throws `template-unknown`, `template-overdue`, `internal` for a template whose text was changed, `source-…`, `recipient-…`, `combination-not-allowed`, `terms-invalid`, `term-in-past`, `glyph-missing`, `text-…`.
 */
export async function requestAuthorization(
  deps: RequestDeps,
  input: { institution: Institution; request: AuthorizationRequest; idempotencyKey?: string },
): Promise<RequestedAuthorization> {
  const { row, data, termsBox, searchKey, deskIndex, view } = await prepareAuthorization(
    deps,
    input,
  );
  await deps.record.createAuthorization(
    { row, data, termsBox, searchKey, ...(deskIndex ? { deskIndex } : {}) },
    input.idempotencyKey ? { key: input.idempotencyKey, status: 201, body: view } : undefined,
  );
  return view;
}

/** Everything but the record's own transaction: terms, letter, data key. What is never recorded is never reached. */
export async function prepareAuthorization(
  deps: RequestDeps,
  { institution, request }: { institution: Institution; request: AuthorizationRequest },
): Promise<PreparedAuthorization> {
  const { record, clock, random } = deps;
  const template = await record.findTemplate(
    institution.id,
    request.template,
    request.version,
    'published',
  );
  if (!template)
    throw new DomainError(
      'template-unknown',
      'the institution has no such published template version',
    );
  const now = clock.now();
  checkNotOverdue(template, now);
  const body = parseTemplate(JSON.parse(template.body));

  const id = newId('authorization', clock, random);
  const { id: _, ...party } = institution;
  const terms = buildTerms({
    template: { id: template.id, version: template.version, digest: template.digest, body },
    institution: party,
    request,
    drawn: {
      salt: random.bytes(32),
      letterNumber: newLetterNumber(now, random),
      lookupCode: newLookupCode(random),
      verifyUrl: `${deps.publicUrl}/verify`,
    },
    now,
  });
  if (!deps.testNumbers && testBehaviour(terms.subject.phone))
    throw new DomainError('terms-invalid', 'subject.phone: a test number, for the sandbox alone');
  await checkRegistry(record, terms, now);
  const evidence = templateEvidence(template);
  await record.keepEvidence({ id: template.id, version: template.version, ...evidence });
  const letter = await renderLetter(terms, body.title[terms.language]);
  const digest = sha256(letter);

  const { dataKey } = await deps.vault.create({
    authorizationId: id,
    actor: `institution:${institution.id}`,
  });
  await storeLetter(deps.objects, dataKey, id, letter, random);
  const { idType, idNumber, name, phone } = terms.subject;
  const { searchKey, deskIndex } = await deps.vault.searchKey({
    institutionId: institution.id,
    person: { idType, idNumber, name },
    letter: { authorizationId: id, phone, lookupCode: terms.lookupCode },
  });

  const row = {
    id,
    institutionId: institution.id,
    templateId: template.id,
    templateVersion: template.version,
    businessReference: terms.businessReference,
    letterNumber: terms.letterNumber,
    language: terms.language,
    termsDigest: termsDigest(terms),
    letterDigest: toHex(digest),
    letterSize: letter.length,
    endAt: new Date(terms.end.kind === 'date' ? terms.end.at : terms.end.latest),
    signBy: addSeconds(now, deps.signWithin),
    createdAt: now,
  };
  const view = requestedAuthorization({ ...row, state: 'requested' });
  return {
    row,
    data: {
      terms: row.termsDigest,
      letter: row.letterDigest,
      template: `${template.id}/${template.version}`,
      templateDigest: template.digest,
      templateRecord: evidence.digest,
    },
    termsBox: sealTerms(dataKey, id, terms, random),
    searchKey,
    ...(deskIndex ? { deskIndex } : {}),
    view,
    terms,
    dataKey,
  };
}

export interface PreparedAuthorization extends NewAuthorization {
  readonly view: RequestedAuthorization;
  readonly terms: Terms;
  /** Never leaves the use case. */
  readonly dataKey: Uint8Array;
}

/** What the institution sees of its authorization; no personal data. */
export function requestedAuthorization(
  row: Omit<AuthorizationRow, 'version' | 'head' | 'updatedAt'>,
): RequestedAuthorization {
  return {
    id: row.id,
    state: row.state,
    template: row.templateId,
    templateVersion: row.templateVersion,
    businessReference: row.businessReference,
    letterNumber: row.letterNumber,
    language: row.language,
    termsDigest: row.termsDigest,
    letterDigest: row.letterDigest,
    checkCode: checkCode(Uint8Array.from(Buffer.from(row.letterDigest, 'hex'))),
    endAt: toUtcSeconds(row.endAt),
    signBy: toUtcSeconds(row.signBy),
    createdAt: toUtcSeconds(row.createdAt),
  };
}

export interface RequestedAuthorization {
  readonly id: string;
  readonly state: AuthorizationRow['state'];
  readonly template: string;
  readonly templateVersion: number;
  readonly businessReference: string;
  readonly letterNumber: string;
  readonly language: string;
  readonly termsDigest: string;
  readonly letterDigest: string;
  readonly checkCode: string;
  readonly endAt: string;
  readonly signBy: string;
  readonly createdAt: string;
}
