import { utf8 } from '@mandate/core';

/** What the README must name so that its commands run as they stand. */
export interface ReadmeFacts {
  readonly letterNumber: string;
  /** The signature token's genTime. */
  readonly genTime: Date;
  /** `[start, length, start, length]` of the signed letter. */
  readonly byteRange: readonly [number, number, number, number];
}

/** For each line of a manifest: the file it names has the digest it states. */
const compareDigests = (manifest: string): string =>
  `sed -n 's|.*URI="\\([^"]*\\)".*<ds:DigestValue>\\(.*\\)</ds:DigestValue>.*|\\2 \\1|p' ${manifest} | while read -r d f; do test "$(openssl dgst -sha256 -binary "$f" | openssl base64)" = "$d" && echo "$f: OK" || echo "$f: CHANGED"; done`;

const verifySeal = (options: string, suffix: string): string =>
  `openssl cms -verify -cades -purpose any ${options} -inform DER -in META-INF/signature${suffix}.p7s -binary -content META-INF/ASiCManifest${suffix}.xml -CAfile SEAL_ROOT.pem -out /dev/null`;

/** README.txt: how to check the bundle with openssl and poppler, without our software. */
export function bundleReadme({ letterNumber, genTime, byteRange }: ReadmeFacts): Uint8Array {
  const seconds = Math.floor(genTime.getTime() / 1000);
  const [, firstLength, secondStart] = byteRange;
  // Sealed when nothing had been added yet: what later generations are called is not known, so they are looked for.
  const commands = `unzip -d evidence evidence.asice && cd evidence
${compareDigests('META-INF/ASiCManifest.xml')}
${verifySeal(`-attime ${seconds}`, '')}
pdfsig -nocert letter/letter-signed.pdf
(head -c ${firstLength} letter/letter-signed.pdf; tail -c +${secondStart + 1} letter/letter-signed.pdf) > signed-bytes
pdfsig -dump letter/letter-signed.pdf
openssl cms -verify -cades -purpose any -attime ${seconds} -inform DER -in letter-signed.pdf.sig0 -binary -content signed-bytes -CAfile SCENE_ROOT.pem -out /dev/null
openssl ts -verify -queryfile tokens/signature.tsq -in tokens/signature.tst -token_in -attime ${seconds} -CAfile TIMESTAMP_ROOT.pem
openssl ocsp -sha256 -no_nonce -respin revocation/scene.ocsp.der -issuer keys/chain.pem -cert keys/scene.pem -CAfile SCENE_ROOT.pem
head -c $(wc -c < letter/letter.pdf) letter/letter-signed.pdf | cmp - letter/letter.pdf
sha256sum letter/letter.pdf letter/letter-signed.pdf
for n in $(ls later 2>/dev/null); do ${verifySeal('-no_check_time', '-$n')} || echo "$n: FAILED"; done
for n in $(ls later 2>/dev/null); do ${compareDigests('META-INF/ASiCManifest-$n.xml')}; done
for f in $(ls later/*/letter-archived.pdf 2>/dev/null); do pdfsig -nocert $f; head -c $(wc -c < letter/letter-signed.pdf) $f | cmp - letter/letter-signed.pdf; done
for f in $(ls later/*/proofs/* proofs/* 2>/dev/null); do sed -n 's/^extra //p' $f | openssl base64 -d -A; echo; done`;
  return utf8(`授权书证据包 ${letterNumber} / Evidence bundle ${letterNumber}

中文
本证据包可用通用工具核验，无需使用我方软件。信任锚（根证书、日志公钥）请从我方公开渠道另行取得，
不要使用本包 anchors/ 目录内的副本（仅作记录）。将下列命令中的 SCENE_ROOT.pem、TIMESTAMP_ROOT.pem、
SEAL_ROOT.pem 换成您取得的文件，在同一目录下逐条执行。
META-INF/ASiCManifest.xml 列出签署时封存的各文件的 SHA-256 摘要值（base64）；第二条命令应对每个文件显示
OK，第三条核验封存签名。签署之后追加的材料（存档授权书、使用、撤回、争议的回执及存证证明、个人信息查阅登记）
在 later/001、later/002 …… 各目录，每期有自己的清单和封存签名，并载有前一期清单和封存签名的摘要值；
倒数第四至第二条命令逐期核验封存签名、摘要值和存档授权书，尚无追加材料时不显示任何内容；
最后一条显示存证日志中与本授权书有关的记录原文。
场景证书只有效数分钟，openssl ocsp 提示 “Status times invalid” 属正常，以 good 与 Response verify OK 为准。
本包含个人信息，请妥善保管。

English
Everything in this bundle can be checked with common tools, without our software. Obtain the trust
anchors (root certificates, ledger key) from where we publish them; the copies under anchors/ are a
record only. Put your files in place of SCENE_ROOT.pem, TIMESTAMP_ROOT.pem and SEAL_ROOT.pem below and
run the commands one after the other in the same folder.
META-INF/ASiCManifest.xml lists the SHA-256 digest (base64) of every file sealed at signing: the second
command must say OK of each, the third checks the seal. What was added after signing (the archived letter,
receipts and ledger proofs of uses, withdrawal and disputes, who opened the personal data) stands in
later/001, later/002 ...: each has a list and a seal of its own, and names the digests of list and seal of
the one before. The three commands before the last check seals, digests and archived letters one by one,
and say nothing while there are none; the last one shows what the ledger recorded about this letter.
A scene certificate is valid for minutes only, so openssl ocsp warns that status times are invalid:
what counts is "good" and "Response verify OK".
The bundle holds personal data: keep it safe.

${commands}
`);
}
