import type { Context } from '../catalogue.js';
import type { Words } from './words-of.js';

const words = (
  zh: readonly [holds: string, fails: string],
  en: readonly [holds: string, fails: string],
): Words => ({ zh, en });

/** What a group of standard checks is about; stands before the check's own words. */
export const CONTEXT_WORDS: Readonly<
  Record<Context, { readonly zh: string; readonly en: string }>
> = {
  signature: { zh: '授权人签名', en: "Subject's signature" },
  timestamp: { zh: '签名时间戳', en: 'Signature timestamp' },
  'document-timestamp': { zh: '文档时间戳', en: 'Document timestamp' },
  certificate: { zh: '场景证书', en: 'Scene certificate' },
  ocsp: { zh: '证书状态', en: 'Certificate status' },
  crl: { zh: '证书吊销列表', en: 'Revocation list' },
  seal: { zh: '机构电子签章', en: "Organisation's seal" },
  'seal-timestamp': { zh: '签章时间戳', en: 'Seal timestamp' },
  'seal-certificate': { zh: '签章证书', en: 'Seal certificate' },
};

/** Words of the standard checks (package `pki`), by their ids. */
export const CHECK_WORDS: Readonly<Record<string, Words>> = {
  'cms-one-signer': words(
    ['恰有一个签名者', '签名者不是恰好一个'],
    ['exactly one signer', 'not exactly one signer'],
  ),
  'cms-signer': words(
    ['签名者的证书已找到', '找不到签名者的证书'],
    ["the signer's certificate is found", "the signer's certificate is not found"],
  ),
  'cms-signed-attributes': words(
    ['有签名属性', '没有签名属性'],
    ['signed attributes are there', 'signed attributes are missing'],
  ),
  'cms-content-type': words(
    ['内容类型正确', '内容类型不正确'],
    ['the content type is right', 'the content type is wrong'],
  ),
  'cms-attributes': words(
    ['签名属性恰为规定的几项', '签名属性不是规定的几项'],
    ['exactly the attributes due', 'other attributes than those due'],
  ),
  'cms-ess': words(
    ['签名所指的证书正是所用的证书', '签名所指的证书不是所用的证书'],
    ['it names the very certificate it was made with', 'it names another certificate'],
  ),
  'cms-message-digest': words(
    ['签名中的摘要值与内容一致', '签名中的摘要值与内容不一致：内容已被改动'],
    ['the digest is that of the content', 'the digest is not that of the content: it was changed'],
  ),
  'cms-signature': words(
    ['签名值有效', '签名值无效'],
    ['the signature value is valid', 'the signature value is not valid'],
  ),
  'token-format': words(
    ['编码严格符合规范', '编码不符合规范'],
    ['strictly encoded', 'not strictly encoded'],
  ),
  'token-status': words(
    ['时间戳服务已准予', '时间戳服务未准予'],
    ['granted by the authority', 'not granted by the authority'],
  ),
  'token-content-type': words(
    ['内容是时间戳信息', '内容不是时间戳信息'],
    ['the content is a timestamp', 'the content is no timestamp'],
  ),
  'token-one-signer': words(
    ['恰有一个签名者', '签名者不是恰好一个'],
    ['exactly one signer', 'not exactly one signer'],
  ),
  'token-signer': words(
    ['签名者的证书已找到', '找不到签名者的证书'],
    ["the signer's certificate is found", "the signer's certificate is not found"],
  ),
  'token-ess': words(
    ['所指的证书正是签名者的证书', '所指的证书不是签名者的证书'],
    ["it names the signer's very certificate", 'it names another certificate'],
  ),
  'token-key-purpose': words(
    ['证书只用于时间戳', '证书的用途不是（仅）时间戳'],
    ['the certificate is for timestamping alone', 'the certificate is not for timestamping alone'],
  ),
  'token-chain': words(
    ['证书链通到该服务的信任锚，当时有效', '证书链不能通到该服务的信任锚'],
    [
      "the chain leads to that authority's trust anchor and was valid then",
      "no valid chain leads to that authority's trust anchor",
    ],
  ),
  'token-signed-attributes': words(
    ['签名属性齐全', '签名属性缺失或不符'],
    ['signed attributes are in order', 'signed attributes are missing or wrong'],
  ),
  'token-message-digest': words(
    ['摘要值与时间戳信息一致', '摘要值与时间戳信息不一致'],
    ['the digest is that of the timestamp', 'the digest is not that of the timestamp'],
  ),
  'token-signature': words(
    ['签名值有效', '签名值无效'],
    ['the signature value is valid', 'the signature value is not valid'],
  ),
  'token-imprint': words(
    ['盖的正是所附的内容', '盖的不是所附的内容'],
    ['it stamps what it is attached to', 'it stamps something else'],
  ),
  'token-nonce': words(
    ['应答了所存的请求', '应答的是另一请求'],
    ['it answers the request that was kept', 'it answers another request'],
  ),
  'token-policy': words(
    ['策略为所允许', '策略不为所允许'],
    ['its policy is allowed', 'its policy is not allowed'],
  ),
  'token-gen-time': words(
    ['时间在签名证书有效期内', '时间不在签名证书有效期内'],
    [
      "its time lies within the signing certificate's validity",
      "its time lies outside the signing certificate's validity",
    ],
  ),
  'token-accuracy': words(
    ['精度在一秒以内', '精度不足或未载明'],
    ['accurate to a second', 'not accurate enough, or silent about it'],
  ),
  'token-not-future': words(
    ['时间不晚于核验时间和日志时间', '时间晚于核验时间或日志时间'],
    ['not from the future', 'from the future'],
  ),
  'path-chain': words(
    ['证书链通到信任锚', '证书链不能通到信任锚'],
    ['a chain leads to a trust anchor', 'no chain leads to a trust anchor'],
  ),
  'path-signatures': words(
    ['链上签名均有效', '链上有签名无效'],
    ['every signature on the chain is valid', 'a signature on the chain is not valid'],
  ),
  'path-validity': words(
    ['链上证书当时均在有效期内', '链上有证书当时不在有效期内'],
    [
      'every certificate on the chain was valid then',
      'a certificate on the chain was not valid then',
    ],
  ),
  'path-authorities': words(
    ['签发者均有权签发', '有签发者无权签发'],
    ['every issuer may issue', 'an issuer may not issue'],
  ),
  'path-critical-extensions': words(
    ['没有未知的关键扩展', '有未知的关键扩展'],
    ['no unknown critical extension', 'an unknown critical extension'],
  ),
  'path-key-usage': words(
    ['密钥用法正确', '密钥用法不正确'],
    ['the key usage is right', 'the key usage is wrong'],
  ),
  'path-purpose': words(
    ['证书用途正确', '证书用途不正确'],
    ['the certificate is for this purpose', 'the certificate is not for this purpose'],
  ),
  'crl-format': words(
    ['列表格式正确', '列表格式不正确'],
    ['the list is well-formed', 'the list is malformed'],
  ),
  'crl-issuer': words(
    ['列表由证书的签发者签发', '列表不是由证书的签发者签发'],
    ["the list is by the certificate's issuer", "the list is not by the certificate's issuer"],
  ),
  'crl-signature': words(
    ['列表签名有效', '列表签名无效'],
    ['the signature on the list is valid', 'the signature on the list is not valid'],
  ),
  'crl-fresh': words(
    ['列表在有效时间内', '列表不在有效时间内'],
    ['the list is timely', 'the list is not timely'],
  ),
  'crl-status': words(
    ['签署时证书不在吊销列表上', '签署时证书已在吊销列表上'],
    ['the certificate is not on the list', 'the certificate is on the list'],
  ),
  'ocsp-format': words(
    ['应答格式正确', '应答格式不正确'],
    ['the response is well-formed', 'the response is malformed'],
  ),
  'ocsp-certificate': words(
    ['应答针对本证书', '应答针对的是其他证书'],
    ['the response is about this certificate', 'the response is about another certificate'],
  ),
  'ocsp-responder': words(
    ['应答者为签发者所授权', '应答者未获签发者授权'],
    ['the responder is authorised by the issuer', 'the responder is not authorised'],
  ),
  'ocsp-signature': words(
    ['应答签名有效', '应答签名无效'],
    ['the signature on the response is valid', 'the signature on the response is not valid'],
  ),
  'ocsp-nonce': words(
    ['应答了所发的请求', '应答的是另一请求'],
    ['it answers the request', 'it answers another request'],
  ),
  'ocsp-fresh': words(
    ['应答在有效时间内', '应答不在有效时间内'],
    ['the response is timely', 'the response is not timely'],
  ),
  'ocsp-status': words(
    ['签署时证书未被吊销', '签署时证书已被吊销或状态不明'],
    ['the certificate was not revoked', 'the certificate was revoked or its status is unknown'],
  ),
};
