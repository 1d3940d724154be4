import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of what was added to a bundle after signing. */
export const LATER_WORDS = {
  'later-readable': words(
    ['签署后追加的各期材料可读', '签署后追加的某期材料不可读'],
    [
      'Everything that was added after signing is readable',
      'Something that was added after signing cannot be read',
    ],
  ),
  'later-chain': words(
    ['各期追加材料前后相链，没有缺漏或替换', '某期追加材料与清单不符，或与前一期不相衔接'],
    [
      'What was added after signing is a chain without gap or exchange',
      'Something that was added after signing does not fit its list, or the one before',
    ],
  ),
  'later-seal': words(
    ['各期追加材料均经封存', '某期追加材料的封存不成立'],
    ['Every later generation is sealed', 'The seal of a later generation does not hold'],
  ),
  'later-order': words(
    ['各期封存先后有序', '某期封存早于其前一期'],
    [
      'Later generations were sealed one after the other',
      'A later generation was sealed before the one it follows',
    ],
  ),
  'later-letter': words(
    [
      '存档授权书是已签授权书的延续，每次续期均有存证',
      '存档授权书不是已签授权书的延续，或与存证的续期不符',
    ],
    [
      'The archived letter extends the signed one, and the ledger names every renewal',
      'The archived letter does not extend the signed one, or is not the one the ledger names',
    ],
  ),
  'later-receipts': words(
    ['各项回执针对的正是本授权书', '有回执不是针对本授权书，或内容与其摘要不符'],
    [
      'The receipts are about this letter',
      'A receipt is about something else, or does not have the digest it states',
    ],
  ),
  'later-receipt-signature': words(
    ['各项回执的签名成立', '有回执的签名不成立或签名者不受信任'],
    [
      'The signatures of the receipts hold',
      'The signature of a receipt is wrong, or by nobody who is trusted',
    ],
  ),
  'later-receipt-time': words(
    ['回执的时间戳成立', '有回执的时间戳不成立'],
    ['The timestamps of the receipts hold', 'The timestamp of a receipt does not hold'],
  ),
  'later-checkpoint': words(
    ['后续存证所在的检查点由受信任的日志签名', '后续存证所在的检查点未经受信任的日志签名'],
    [
      'The checkpoints of later entries are signed by the trusted ledger',
      'A checkpoint of later entries is not signed by the trusted ledger',
    ],
  ),
  'later-proofs': words(
    ['后续各项均已收录于存证日志', '有后续事项的存证证明不成立'],
    [
      'What happened later is recorded in the ledger',
      'A ledger proof of something that happened later is wrong',
    ],
  ),
  'later-entries': words(
    ['回执与存证一一对应', '有回执没有存证，或有存证与回执不符、不属于本授权书'],
    [
      'Receipts and ledger entries belong to each other',
      'A receipt has no ledger entry, or an entry no receipt, or one is about another letter',
    ],
  ),
  'later-state': words(
    ['运营方陈述的状态与回执和存证一致', '运营方陈述的状态与回执和存证不一致'],
    [
      'What the operator states is what receipts and ledger say',
      'What the operator states is not what receipts and ledger say',
    ],
  ),
  'later-accesses': words(
    ['个人信息的查阅登记没有缺号', '个人信息的查阅登记有缺号或时间倒退'],
    [
      'The extract of the access register has no gap',
      'The extract of the access register has a gap, or its times run backwards',
    ],
  ),
} satisfies Partial<Record<OwnFindingId, Words>>;
