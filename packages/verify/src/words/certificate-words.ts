import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of the scene certificate: what it binds, whether it and its keys were good. */
export const CERTIFICATE_WORDS = {
  'certificate-profile': words(
    ['签名证书是短时有效的场景证书', '签名证书不符合场景证书的规格'],
    [
      'The signing certificate is a short-lived scene certificate',
      'The signing certificate does not have the profile of a scene certificate',
    ],
  ),
  'binding-present': words(
    ['证书载明其唯一场景', '证书未载明场景'],
    ['The certificate names its one scene', 'The certificate names no scene'],
  ),
  'binding-letter': words(
    ['证书只为这份授权书签发', '证书不是为这份授权书签发的'],
    ['The certificate was issued for this letter', 'The certificate was issued for another letter'],
  ),
  'certificate-subject': words(
    ['证书载明的正是条款中的授权人', '证书载明的不是条款中的授权人'],
    [
      'The certificate names the subject of the terms',
      'The certificate does not name the subject of the terms',
    ],
  ),
  'binding-scene': words(
    ['证书只为本次签署场景签发', '证书不是为本次签署场景签发的'],
    ['The certificate was issued for this scene', 'The certificate was issued for another scene'],
  ),
  'binding-evidence': words(
    ['证书所载的确认时证据清单与证据包一致', '证书所载的确认时证据清单与证据包不一致'],
    [
      'The evidence that stood at confirmation is the evidence in the bundle',
      'The evidence that stood at confirmation is not the evidence in the bundle',
    ],
  ),
  'binding-origin': words(
    ['证书与场景指向同一存证日志', '证书与场景指向不同的存证日志'],
    ['Certificate and scene name the same ledger', 'Certificate and scene name different ledgers'],
  ),
  'key-origin-allowed': words(
    ['密钥来源为场景所允许', '密钥来源不为场景所允许'],
    ['The scene allows this kind of key', 'The scene does not allow this kind of key'],
  ),
  'signature-algorithms': words(
    ['签名算法在签署时可靠', '签名算法已不可靠，且没有更早的时间证明'],
    [
      'The algorithms of the signature were reliable when it is known to have existed',
      'The algorithms of the signature are no longer reliable and nothing proves it is older',
    ],
  ),
  'proof-of-existence': words(
    ['可信时间戳证明签名当时已存在', '没有可信的时间证明，无法认定签名时证书有效'],
    [
      'A trusted timestamp proves when the signature existed',
      'No trusted timestamp proves that the signature existed while the certificate was valid',
    ],
  ),
  'revocation-assured': words(
    ['证书短时有效，按规格无须查询吊销状态', '缺少证书状态信息'],
    [
      'The certificate is assured as short-term: its profile needs no revocation data',
      'Revocation data is missing',
    ],
  ),
  'ocsp-readable': words(
    ['证书状态应答可读', '证书状态应答不可读或无法核对'],
    [
      'The certificate status response is readable',
      'The status response cannot be read or matched',
    ],
  ),
  'ocsp-after-timestamp': words(
    ['证书状态是在时间戳之后取得的', '证书状态不是在时间戳之后取得的'],
    [
      'The certificate status was obtained after the timestamp',
      'The certificate status was not obtained after the timestamp',
    ],
  ),
  'keys-not-ended': words(
    ['所用密钥在使用时均未终止', '有签名或回执作于其密钥终止之后'],
    [
      'No key had ended when it was used',
      'Something was signed with a key after the ledger says that key had ended',
    ],
  ),
} satisfies Partial<Record<OwnFindingId, Words>>;
