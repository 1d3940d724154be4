import type { Report } from './report.js';

/** A command, its lines as printed: all but the last end in a backslash. */
export type Command = readonly string[];

/**
 * What an outsider types to repeat the findings with openssl and poppler alone; files lie where the
 * text above the commands says. Empty when the file cannot be taken apart.
 */
export function repeatCommands({ facts, input, later }: Report): Command[] {
  const { signature, timestamp } = facts;
  const [, first, second] = signature?.byteRange ?? [];
  if (!signature || !timestamp || first === undefined || second === undefined) return [];
  const at = Math.floor(Date.parse(timestamp.genTime) / 1000);
  const isBundle = input.kind === 'bundle';
  const letter = isBundle ? 'letter/letter-signed.pdf' : 'letter-signed.pdf';
  const cms = (file: string, content: string, root: string): Command => [
    `openssl cms -verify -cades -purpose any -attime ${at} -inform DER -binary \\`,
    `  -in ${file} -content ${content} -CAfile ${root}-root.pem -out /dev/null`,
  ];
  return [
    [
      'for r in scene seal timestamp; do \\',
      '  openssl x509 -inform DER -in $r-root.crt -out $r-root.pem; done',
    ],
    ...(isBundle ? [['unzip -q evidence.asice']] : []),
    [`sha256sum ${isBundle ? 'evidence.asice letter/letter.pdf ' : ''}${letter}`],
    [`pdfsig -nocert ${letter}`],
    [`pdfsig -dump ${letter}`],
    [`(head -c ${first} ${letter}; \\`, `  tail -c +${second + 1} ${letter}) > signed-bytes`],
    cms('letter-signed.pdf.sig0', 'signed-bytes', 'scene'),
    ...(isBundle
      ? [
          [
            'openssl ts -verify -queryfile tokens/signature.tsq -in tokens/signature.tst \\',
            `  -token_in -attime ${at} -CAfile timestamp-root.pem`,
          ],
          [
            'openssl ocsp -sha256 -respin revocation/scene.ocsp.der -issuer keys/chain.pem \\',
            // The response was fresh when it was frozen; openssl compares it with today.
            `  -cert keys/scene.pem -CAfile scene-root.pem -attime ${at} -validity_period 999999999`,
          ],
          cms('META-INF/signature.p7s', 'META-INF/ASiCManifest.xml', 'seal'),
          [
            'sed -n \'s/.*ce URI="\\([^"]*\\)".*<ds:DigestValue>\\([^<]*\\)<.*/\\2 \\1/p\' \\',
            '  META-INF/ASiCManifest.xml | while read d f; do \\',
            '  test "$(openssl dgst -sha256 -binary $f | base64)" = "$d" || \\',
            '  { echo "changed: $f"; exit 1; }; done',
          ],
          ...(later ? [generations(later)] : []),
        ]
      : []),
  ];
}

/** The seals of what was added after signing, each over its own manifest. */
function generations({ generation }: NonNullable<Report['later']>): Command {
  const numbers = Array.from({ length: generation }, (_, i) => String(i + 1).padStart(3, '0'));
  // Each was sealed at another time, perhaps under another certificate: of when is asked elsewhere.
  return [
    `for n in ${numbers.length > 6 ? `$(seq -w 001 ${numbers.at(-1)})` : numbers.join(' ')}; do \\`,
    '  openssl cms -verify -cades -purpose any -no_check_time -inform DER -binary \\',
    '  -in META-INF/signature-$n.p7s -content META-INF/ASiCManifest-$n.xml \\',
    '  -CAfile seal-root.pem -out /dev/null || exit 1; done',
  ];
}

/** What the subject saw, once more; of a bundle that names the build of the page. */
export const PAGE_COMMAND = 'npx mandate report page evidence.asice --trust trust --out page.html';

/** The whole of it in one command of ours. */
export const mandateCommand = ({ input }: Report): string =>
  `npx mandate verify ${input.kind === 'bundle' ? 'evidence.asice' : 'letter-signed.pdf'} --trust trust`;
