import { utf8 } from '@mandate/core';

/** What the README must name so that its commands run as they stand. */
export interface ReadmeFacts {
  readonly letterNumber: string;
  /** The signature token's genTime. */
  readonly genTime: Date;
  /** `[start, length, start, length]` of the signed letter. */
  readonly byteRange: readonly [number, number, number, number];
}

/** README.txt: how to check the bundle with openssl and poppler, without our software. */
export function bundleReadme({ letterNumber, genTime, byteRange }: ReadmeFacts): Uint8Array {
  const seconds = Math.floor(genTime.getTime() / 1000);
  const [, firstLength, secondStart] = byteRange;
  const commands = `unzip -d evidence evidence.asice && cd evidence
pdfsig -nocert letter/letter-signed.pdf
(head -c ${firstLength} letter/letter-signed.pdf; tail -c +${secondStart + 1} letter/letter-signed.pdf) > signed-bytes
pdfsig -dump letter/letter-signed.pdf
openssl cms -verify -cades -purpose any -attime ${seconds} -inform DER -in letter-signed.pdf.sig0 -binary -content signed-bytes -CAfile SCENE_ROOT.pem -out /dev/null
openssl ts -verify -queryfile tokens/signature.tsq -in tokens/signature.tst -token_in -attime ${seconds} -CAfile TIMESTAMP_ROOT.pem
openssl ocsp -sha256 -no_nonce -respin revocation/scene.ocsp.der -issuer keys/chain.pem -cert keys/scene.pem -CAfile SCENE_ROOT.pem
openssl cms -verify -cades -purpose any -attime ${seconds} -inform DER -in META-INF/signature.p7s -binary -content META-INF/ASiCManifest.xml -CAfile SEAL_ROOT.pem -out /dev/null
sha256sum letter/letter.pdf letter/letter-signed.pdf`;
  return utf8(`授权书证据包 ${letterNumber} / Evidence bundle ${letterNumber}

中文
本证据包可用通用工具核验，无需使用我方软件。信任锚（根证书、日志公钥）请从我方公开渠道另行取得，
不要使用本包 anchors/ 目录内的副本（仅作记录）。将下列命令中的 SCENE_ROOT.pem、TIMESTAMP_ROOT.pem、
SEAL_ROOT.pem 换成您取得的文件。META-INF/ASiCManifest.xml 列出各文件的 SHA-256 摘要值（base64）。
场景证书只有效数分钟，openssl ocsp 提示 “Status times invalid” 属正常，以 good 与 Response verify OK 为准。
本包含个人信息，请妥善保管。

English
Everything in this bundle can be checked with common tools, without our software. Obtain the trust
anchors (root certificates, ledger key) from where we publish them; the copies under anchors/ are a
record only. Put your files in place of SCENE_ROOT.pem, TIMESTAMP_ROOT.pem and SEAL_ROOT.pem below.
META-INF/ASiCManifest.xml lists the SHA-256 digest (base64) of every file.
A scene certificate is valid for minutes only, so openssl ocsp warns that status times are invalid:
what counts is "good" and "Response verify OK".
The bundle holds personal data: keep it safe.

${commands}
`);
}
