import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of the ledger: the letter’s entry, its proof, and a whole copy. */
export const LEDGER_WORDS = {
  'ledger-proof-present': words(
    ['附有存证日志的收录证明', '没有存证日志的收录证明'],
    ['A ledger proof is there', 'There is no ledger proof'],
  ),
  'ledger-proof-readable': words(
    ['收录证明结构正确', '收录证明结构不正确'],
    ['The ledger proof is well-formed', 'The ledger proof is malformed'],
  ),
  'ledger-origin': words(
    ['收录证明来自证书指定的存证日志', '收录证明来自其他日志'],
    ['The proof is of the ledger the certificate names', 'The proof is of another ledger'],
  ),
  'ledger-checkpoint': words(
    ['日志检查点由受信任的日志密钥签名', '日志检查点没有受信任日志密钥的有效签名'],
    [
      'A trusted ledger key signed the checkpoint',
      'No trusted ledger key made a valid signature on the checkpoint',
    ],
  ),
  'ledger-inclusion': words(
    ['记录确已收录在存证日志中', '收录证明与检查点不符'],
    ['The entry stands in the ledger', 'The inclusion proof does not lead to the checkpoint'],
  ),
  'ledger-cosigned': words(
    ['受信任的见证方已为该检查点作证', '为该检查点作证的受信任见证方不足，或其签名无效'],
    [
      'Trusted witnesses cosigned the checkpoint',
      'Too few trusted witnesses cosigned the checkpoint, or a cosignature of theirs is wrong',
    ],
  ),
  'entry-serial': words(
    ['日志记录对应本证书', '日志记录对应的是其他证书'],
    ['The ledger entry is about this certificate', 'The ledger entry is about another certificate'],
  ),
  'entry-signature': words(
    ['日志所载正是这一个签名', '日志所载的是另一个签名'],
    ['The ledger recorded exactly this signature', 'The ledger recorded another signature'],
  ),
  'entry-letter': words(
    ['日志所载正是这份授权书', '日志所载的是另一份授权书'],
    ['The ledger recorded this letter', 'The ledger recorded another letter'],
  ),
  'entry-scene': words(
    ['日志所载正是本次签署场景', '日志所载的是另一场景'],
    ['The ledger recorded this scene', 'The ledger recorded another scene'],
  ),
  'entry-bundle': words(
    ['日志所载正是这份证据包', '日志所载的是另一份证据包'],
    ['The ledger recorded this bundle', 'The ledger recorded another bundle'],
  ),
  'ledger-copy': words(
    [
      '所给的存证日志副本完整，并由受信任的密钥签名',
      '所给的存证日志副本不完整、未经信任的密钥签名，或属于其他日志',
    ],
    [
      'The copy of the ledger is whole, and signed by a trusted key',
      'The copy of the ledger is not whole, not signed by a trusted key, or another ledger',
    ],
  ),
  'ledger-copy-extends': words(
    ['收录证明所依据的日志正是该副本的开头部分', '收录证明所依据的日志与该副本不是同一部历史'],
    [
      'The head in the letter’s proof is the beginning of this ledger',
      'The head in the letter’s proof is not the beginning of this ledger: another history, or a copy that ends before',
    ],
  ),
  'intent-announced': words(
    ['签发证书之前，日志中恰有一条签发预告', '日志中没有、不止一条或不符的签发预告'],
    [
      'The ledger announced exactly this certificate, once, before it was used',
      'The ledger announced this certificate not at all, more than once, or as another',
    ],
  ),
  'letter-recorded-once': words(
    ['整部日志中，该证书下只有这一份授权书', '整部日志中，该证书下没有这份授权书，或不止一份'],
    [
      'In the whole ledger there is one letter under this certificate, and it is this one',
      'In the whole ledger there is no letter, another one, or more than one under this certificate',
    ],
  ),
  'serial-not-void': words(
    ['日志未将该证书作废', '日志已将该证书作废'],
    ['The ledger does not void this certificate', 'The ledger voids this certificate'],
  ),
  'later-told': words(
    [
      '证据包后续部分所述与日志的全部相关记录一致（争议处理人员的开启记录除外）',
      '日志另有证据包未述的记录，或证据包所述不在日志中',
    ],
    [
      'What the bundle tells of later events is all that the ledger recorded about the letter, openings for the disputes desk apart',
      'The ledger recorded something about the letter that the bundle leaves out, or not what it tells',
    ],
  ),
  'receipt-recorded': words(
    ['该回执的记录在存证日志中', '存证日志中没有该回执的记录'],
    [
      'The entry of this receipt is in the ledger',
      'The entry of this receipt is not in the ledger',
    ],
  ),
} satisfies Partial<Record<OwnFindingId, Words>>;
