import type { SubIndication } from '@mandate/pki';
import type { NotCheckedId } from '../catalogue.js';
import type { Claim, Indication, Status } from '../verification.js';

interface Both {
  readonly zh: string;
  readonly en: string;
}

export const INDICATION_WORDS: Readonly<Record<Indication, Both>> = {
  'TOTAL-PASSED': { zh: '验证通过', en: 'valid' },
  INDETERMINATE: { zh: '无法判定', en: 'cannot be decided' },
  'TOTAL-FAILED': { zh: '验证不通过', en: 'not valid' },
};

export const STATUS_WORDS: Readonly<Record<Status, Both>> = {
  passed: { zh: '通过', en: 'passed' },
  failed: { zh: '不通过', en: 'failed' },
  indeterminate: { zh: '无法判定', en: 'indeterminate' },
  'not-checked': { zh: '未检查', en: 'not checked' },
};

export const CLAIM_WORDS: Readonly<Record<Claim, Both>> = {
  integrity: { zh: '完整：签署后未被改动', en: 'Integrity: nothing was changed after signing' },
  identity: {
    zh: '身份：由证书所载的人、为此事签署',
    en: 'Identity: signed by whom the certificate names, for this',
  },
  intent: { zh: '意愿：签署前本人作出确认', en: 'Intent: the subject confirmed before signing' },
  time: { zh: '时间：签署时间由时间戳证明', en: 'Time: a timestamp proves when' },
  scope: { zh: '范围：页面文字就是条款内容', en: 'Scope: the pages say what the terms say' },
  'single-signature': {
    zh: '唯一：该证书下只有这一个签名算数',
    en: 'Single signature: under this certificate only this one counts',
  },
  ledger: { zh: '存证：已收录于存证日志', en: 'Ledger: recorded in the append-only ledger' },
};

/** Sub-indications of ETSI EN 319 102-1 in plain words. */
export const SUB_INDICATION_WORDS: Readonly<Record<SubIndication, Both>> = {
  FORMAT_FAILURE: { zh: '格式不符合规定', en: 'not in the format due' },
  HASH_FAILURE: { zh: '内容与摘要值不符', en: 'content and digest do not match' },
  SIG_CRYPTO_FAILURE: { zh: '签名值无效', en: 'a signature value is wrong' },
  REVOKED: { zh: '证书在签署前已被吊销', en: 'the certificate was revoked before' },
  EXPIRED: { zh: '签署时证书已过期', en: 'signed after the certificate had expired' },
  NOT_YET_VALID: { zh: '签署时证书尚未生效', en: 'signed before the certificate was valid' },
  SIG_CONSTRAINTS_FAILURE: { zh: '签名不符合约束', en: 'the signature breaks a constraint' },
  CHAIN_CONSTRAINTS_FAILURE: { zh: '证书链不符合约束', en: 'the chain breaks a constraint' },
  CERTIFICATE_CHAIN_GENERAL_FAILURE: { zh: '证书链无法确认', en: 'the chain cannot be confirmed' },
  CRYPTO_CONSTRAINTS_FAILURE: {
    zh: '算法不受支持或强度不足',
    en: 'an algorithm is unsupported or too weak',
  },
  POLICY_PROCESSING_ERROR: { zh: '无法按规则处理', en: 'the rules could not be applied' },
  SIGNATURE_POLICY_NOT_AVAILABLE: {
    zh: '签名策略不可得',
    en: 'the signature policy is not available',
  },
  TIMESTAMP_ORDER_FAILURE: { zh: '时间顺序不成立', en: 'times are out of order' },
  NO_SIGNING_CERTIFICATE_FOUND: { zh: '找不到受信任的签名者', en: 'no trusted signer found' },
  NO_CERTIFICATE_CHAIN_FOUND: { zh: '没有通到信任锚的证书链', en: 'no chain to a trust anchor' },
  REVOKED_NO_POE: {
    zh: '证书已吊销，且没有时间证明',
    en: 'revoked, and nothing proves an earlier time',
  },
  REVOKED_CA_NO_POE: {
    zh: '签发者已吊销，且没有时间证明',
    en: 'issuer revoked, and nothing proves an earlier time',
  },
  OUT_OF_BOUNDS_NO_POE: {
    zh: '证书已过有效期，且没有时间证明',
    en: 'expired, and nothing proves an earlier time',
  },
  OUT_OF_BOUNDS_NOT_REVOKED: { zh: '证书已过有效期但未吊销', en: 'expired, not revoked' },
  REVOCATION_OUT_OF_BOUNDS_NO_POE: {
    zh: '吊销信息已过期，且没有时间证明',
    en: 'revocation data expired without proof of time',
  },
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: {
    zh: '算法已过时，且没有时间证明',
    en: 'algorithm out of date without proof of time',
  },
  NO_POE: { zh: '没有时间或存证证明', en: 'no proof of existence' },
  TRY_LATER: { zh: '状态信息不足', en: 'status data is not sufficient' },
  SIGNED_DATA_NOT_FOUND: { zh: '被签内容不可得', en: 'the signed data cannot be had' },
};

export const NOT_CHECKED_WORDS: Readonly<Record<NotCheckedId, Both>> = {
  'bundle-claims': {
    zh: '只有授权书本身，没有证据包：意愿、范围、唯一性和存证未检查；仅凭授权书本身，无法区分它是已正式签署完成，还是从未放行或已被拒绝',
    en: 'Only the letter was given, no bundle: intent, scope, single signature and ledger. Without the bundle a letter that was never released, or was declined, cannot be told from one that was released',
  },
  'ledger-uniqueness': {
    zh: '存证日志中是否另有同一证书的记录（需要完整日志）',
    en: 'Whether the ledger holds another entry for the same certificate (needs the whole ledger)',
  },
  'ledger-witnesses': {
    zh: '见证方看到的是否为同一日志（未指定受信任的见证方）',
    en: 'Whether witnesses saw the same ledger (no witness is trusted)',
  },
  'authority-revocation': {
    zh: '签发机构和时间戳服务自身证书的吊销状态',
    en: "Revocation of the issuing authority's and the timestamp authority's own certificates",
  },
  rendering: {
    zh: '由条款逐字节重新生成授权书（另有命令）',
    en: 'Byte-for-byte re-rendering of the letter from its terms (a separate command)',
  },
  person: {
    zh: '当时手持手机、输入验证码的是谁',
    en: 'Who held the phone and typed the code',
  },
  'later-events': {
    zh: '签署以后的使用、撤回和争议',
    en: 'Uses, withdrawal and disputes after signing',
  },
  'later-newest': {
    zh: '所给最新一期追加材料之后是否又有使用、撤回或争议（需要完整日志）',
    en: 'Whether anything happened after the newest generation given (needs the whole ledger)',
  },
  'desk-openings': {
    zh: '日志所载争议处理人员的开启记录是否都列于证据包（证据包中没有可与之核对的内容）',
    en: 'Whether the bundle lists the openings for the disputes desk that the ledger records (it has nothing to compare them with)',
  },
  'signer-identity': {
    zh: '证书所载名称背后的实际签署人',
    en: 'Who stands behind the name in the certificate',
  },
  'current-revocation': {
    zh: '文件以外的证书吊销信息（离线核验，不联网查询）',
    en: 'Revocation data that is not in the file (nothing is fetched)',
  },
  'receipt-letter': {
    zh: '回执属于哪一份授权书（请同时提供授权书或证据包）',
    en: 'Which letter the receipt belongs to (give the letter or bundle with it)',
  },
  'receipt-status': {
    zh: '此后是否被撤回、提出异议或退回（请同时提供状态清单）',
    en: 'Whether it was withdrawn, disputed or given back since (give the status list with it)',
  },
  'receipt-ledger': {
    zh: '这一事实是否已收录于存证日志（请同时提供存证证明）',
    en: 'Whether the fact stands in the ledger (give its ledger proof with it)',
  },
  'ledger-content': {
    zh: '日志的内容，以及它是否只在旧检查点之上增长（需要日志本身）',
    en: 'What the ledger holds, and that it only grew since older checkpoints (needs the ledger)',
  },
  'proof-subject': {
    zh: '证明针对的是哪一个文件（请同时提供该文件）',
    en: 'Which file the proof is about (give that file with it)',
  },
  'report-content': {
    zh: '报告的结论是否正确（请同时提供报告所针对的文件，即可重新核验）',
    en: 'Whether the conclusion of the report is right (give the file it is about: it is verified anew)',
  },
  'report-details': {
    zh: '报告在结论、完整性和各项判断以外的内容（包括证据等级、使用情况、时间线和逐项检查），以及报告印出的页面',
    en: 'What the report says beyond verdict, integrity and claims (level of evidence, uses, timeline and single checks among it), and its printed pages',
  },
  'filing-content': {
    zh: '目录所列各文件自身的内容，以及目录印出的页面（请对各文件分别核验）',
    en: 'What the files of the filing say themselves, and the printed pages of its lists (verify each file by itself)',
  },
};
