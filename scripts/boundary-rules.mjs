/** Who may import whom, and who owns what: docs/architecture.md as data. */

const FORMATS = ['terms', 'pki', 'pdf', 'letter', 'evidence', 'ledger'];
const PACKAGES = [
  'core',
  ...FORMATS,
  ...[
    'subject',
    'sign',
    'ceremony',
    'verify',
    'report',
    'store',
    'adapters',
    'runtime',
    'pages',
    'client',
    'cli',
  ],
];
const SERVICES = ['web', 'authority', 'worker', 'desk', 'all', 'sample-institution'];

/**
 * Packages of ours each workspace may import. `core/errors` allows that entry point alone,
 * `core` allows all of them. Types are erased, so they may come from a whole package wherever
 * one of its entry points is allowed.
 */
export const MAY_IMPORT = {
  core: [],
  terms: ['core'],
  pki: ['core'],
  pdf: ['core/errors', 'core/encoding'],
  letter: ['core', 'terms'],
  evidence: ['core'],
  ledger: ['core'],
  subject: [
    ...['core/errors', 'core/encoding', 'core/canonical'],
    ...['pki/der', 'pki/ecdsa', 'pki/signed-attributes', 'pki/certificate-fields', 'pki/oids'],
    'pdf',
  ],
  sign: ['core', ...FORMATS],
  ceremony: ['core', ...FORMATS],
  verify: ['core', ...FORMATS],
  report: ['core', ...FORMATS, 'verify'],
  store: ['core', ...FORMATS, 'ceremony'],
  adapters: ['core', ...FORMATS],
  runtime: ['core'],
  pages: ['core'],
  client: [],
  cli: ['core', ...FORMATS, 'sign', 'verify', 'report', 'store', 'adapters', 'runtime'],
  ...Object.fromEntries(SERVICES.map((name) => [name, PACKAGES])),
  all: [...PACKAGES, ...SERVICES],
};

/** Packages of ours that only these places may import, whatever the table says. */
export const RESTRICTED = {
  // private keys: one process opens them; the two others make the first ones, once
  sign: ['services/authority/', 'services/all/', 'packages/cli/src/commands/set-up.ts'],
  // the subject's own side runs in the browser, not on the server it must be able to distrust
  subject: ['services/web/pages/'],
};

const services = ['services/'];
/** Page code of services. */
const PAGES = ['services/web/pages/', 'services/desk/pages/'];
/** Third-party packages and their single owners (path prefixes). What is not listed is refused. */
export const OWNERS = {
  'pdf-lib': ['packages/letter/', 'packages/report/'],
  '@pdf-lib/fontkit': ['packages/letter/', 'packages/report/'],
  'subset-font': ['packages/letter/'],
  qr: ['packages/letter/'],
  '@peculiar/x509': ['packages/sign/'],
  'reflect-metadata': ['packages/sign/'],
  // its signature checks were forged more than once: containers of our own keys, nothing else
  'node-forge': ['packages/adapters/src/keys/'],
  bullmq: ['packages/adapters/'],
  ioredis: ['packages/adapters/'],
  // native code that decodes strangers' pictures: in a child process
  sharp: ['packages/adapters/src/images/'],
  pg: ['packages/store/', 'packages/adapters/'],
  kysely: ['packages/store/'],
  express: ['packages/runtime/', 'packages/pages/src/send-compressed.ts', ...services],
  helmet: ['packages/runtime/'],
  pino: ['packages/runtime/'],
  'pino-http': ['packages/runtime/'],
  'swagger-ui-dist': ['packages/runtime/'],
  '@asteasolutions/zod-to-openapi': ['packages/runtime/'],
  zod: ['packages/terms/', 'packages/runtime/', ...services],
  lit: ['packages/pages/src/browser/', ...PAGES],
  'pdfjs-dist': ['packages/pages/src/browser/', 'services/web/pages/'],
  '@simplewebauthn/server': ['packages/adapters/src/passkeys/'],
  'openid-client': ['packages/adapters/src/staff/'],
  '@simplewebauthn/browser': ['packages/pages/src/browser/', ...PAGES],
  // the wrapper alone; whoever uses it has it already
  react: ['packages/client/src/react'],
};

/** Entry points that must run in a browser: nothing they import, however far, may need Node. */
export const BROWSER_ENTRIES = [
  'packages/core/src/errors.ts',
  'packages/core/src/encoding.ts',
  'packages/core/src/canonical.ts',
  'packages/pki/src/der.ts',
  'packages/pki/src/ecdsa.ts',
  'packages/pki/src/signed-attributes.ts',
  'packages/pki/src/certificate-fields.ts',
  'packages/pki/src/oids.ts',
  'packages/pdf/src/index.ts',
  'packages/subject/src/index.ts',
];
/** Page code: every file of these folders counts as an entry point. */
export const BROWSER_FOLDERS = ['packages/pages/src/browser/', ...PAGES];
export const BROWSER_LIBRARIES = ['lit', 'pdfjs-dist', '@simplewebauthn/browser', 'react'];

const KEY_OWNERS = [
  'packages/sign/',
  'packages/subject/',
  'packages/adapters/src/keys/',
  // public keys and a shared secret, to check with
  'packages/client/src/verify-key.ts',
  // a sender's one-time key of one sealed message: it signs nothing and is not kept
  'packages/core/src/sealed-message.ts',
];

/** Names that may appear in code only where they belong. Comments and strings do not count. */
export const USES = [
  {
    rule: 'environment',
    what: /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/,
    where: ['packages/runtime/src/config.ts'],
    why: 'only runtime/config reads the environment',
  },
  {
    rule: 'clock',
    what: /\bnew\s+Date\s*\(\s*\)|\bnew\s+Date\b(?!\s*\()|\bDate\s*\.\s*now\b|(?<!new\s+)(?<![.\w$])Date\s*\(/,
    where: ['packages/core/src/time.ts', 'packages/client/src/system.ts', ...BROWSER_FOLDERS],
    why: 'time is a parameter: take a Clock',
  },
  {
    rule: 'randomness',
    what: /\bMath\s*\.\s*random\b|\brandom(?:Bytes|Int|UUID|Fill|FillSync)\b|\bgetRandomValues\b/,
    where: ['packages/core/src/time.ts', 'packages/client/src/system.ts', ...BROWSER_FOLDERS],
    why: 'randomness is a parameter: take a Random',
  },
  {
    rule: 'private-keys',
    what: /\b(?:createPrivateKey|createSign|generateKeyPair(?:Sync)?|createECDH)\b|\bcrypto\s*\.\s*sign\b|\bsubtle\s*\.\s*(?:sign|generateKey|importKey)\b/,
    where: KEY_OWNERS,
    why: 'private keys are made and used only in sign, subject and adapters/keys',
  },
  {
    rule: 'default-export',
    what: /(?:^|\n)\s*export\s+default\b/,
    where: [],
    why: 'exports have names',
  },
];

/** Names from node:crypto that are as good as the uses above. */
export const KEY_IMPORTS = { names: ['sign'], where: KEY_OWNERS };

/** In whole text, strings included. */
export const TEXT_RULES = [
  {
    rule: 'jwk-export',
    files: /\.ts$/,
    what: /format:\s*['"]jwk['"]/,
    why: "KeyObject.export({ format: 'jwk' }) deadlocks under load in Node 20",
  },
  {
    rule: 'database-clock',
    files: /^packages\/store\/.*\.(sql|ts)$/,
    // its retention begins and ends by the database's clock: whoever writes a moment into a row shortens nothing
    except: [
      'packages/store/migrations/0036-report-codes.sql',
      'packages/store/migrations/0040-query-logs.sql',
    ],
    what: /(?<![.\w])now\(\)(?!\s*:)|\bcurrent_(?:timestamp|date|time)\b|\b(?:clock|statement|transaction)_timestamp\b/i,
    why: 'what decides takes its time as a parameter',
  },
];

export const FORBIDDEN_NAMES =
  /(?:^|[-/])(?:utils?|helpers?|managers?|impl|misc|common)(?:[-./]|$)/;
