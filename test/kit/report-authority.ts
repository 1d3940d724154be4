import type { ReportAuthority } from '@mandate/report';
import { emptyList } from './archived-letter.js';
import type { TestAuthority, TestIdentity } from './authority.js';
import { makeToken } from './build-bundle.js';
import { sealDigest } from './seal-digest.js';

/** What seals and stamps reports in tests, at seconds after START. */
export function reportAuthority(
  authority: TestAuthority,
  seconds = 3700,
  stamp: TestIdentity = authority.stamp,
): ReportAuthority {
  const { reportSeal, root, stampRoot, ca } = authority;
  return {
    seal: {
      report: async ({ digest }) => ({
        cms: sealDigest(digest, reportSeal, authority, seconds),
        operator: 'built-in',
      }),
      stampReport: async ({ digest }) => ({ token: makeToken(stamp, digest, seconds + 2).token }),
    },
    ca: {
      anchors: async () => ({
        ...authority.anchors,
        intermediates: [],
        crls: [emptyList(root, ca), emptyList(stampRoot, authority.stamp)],
      }),
    },
  };
}
