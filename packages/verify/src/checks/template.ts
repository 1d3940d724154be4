import { kindDigestHex } from '@mandate/core';
import { check } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Finding } from '../verification.js';

/**
 * How the template version of the letter came about: the record is the one that the trail's first event names, it is
 * about the version of the terms, nobody approved or waived what they wrote, and it was published before the letter
 * was asked for. What the linter's rules are worth is not judged.
 */
export function checkTemplate({ template, terms, trail }: AuthorizationMaterial): Finding[] {
  const requested = trail[0];
  const { authors, approver, lint } = template;
  const { id, version, digest } = terms.template;
  const seconds = [approver, ...lint.waivers.map(({ by }) => by)];
  return [
    check(
      'template-record',
      requested?.data['templateRecord'] === kindDigestHex('template-record', template),
      'HASH_FAILURE',
    ),
    check(
      'template-version',
      template.id === id && template.version === version && template.digest === digest,
      'HASH_FAILURE',
    ),
    check(
      'template-second-person',
      authors.length > 0 && seconds.every((person) => !authors.includes(person)),
      'SIG_CONSTRAINTS_FAILURE',
      {
        pack: lint.newestPack,
        waived: String(lint.waivers.length),
        open: String(lint.open.length),
      },
    ),
    check(
      'template-published',
      requested !== undefined && Date.parse(template.publishedAt) <= Date.parse(requested.at),
      'SIG_CONSTRAINTS_FAILURE',
      { publishedAt: template.publishedAt },
    ),
  ];
}
