import type { ArtefactFindingId } from '../artefacts/artefact-findings.js';
import type { Claim } from '../verification.js';
import { words, type Words } from './words-of.js';

/** Words of the checks of receipts, status lists, checkpoints, proofs and reports. */
export const ARTEFACT_WORDS: Readonly<Record<ArtefactFindingId, Words>> = {
  'receipt-readable': words(
    ['回执格式正确', '回执格式不正确'],
    ['The receipt is well-formed', 'The receipt is malformed'],
  ),
  'receipt-algorithm': words(
    ['签名算法是规定的 ES256', '签名算法不是规定的 ES256'],
    ['It is signed with ES256, as prescribed', 'It names another algorithm than ES256'],
  ),
  'receipt-type': words(
    ['类型与所载事实一致', '类型未知，或与所载事实不一致'],
    ['Its type is that of the fact in it', 'Its type is unknown or not that of the fact in it'],
  ),
  'receipt-key': words(
    ['由您信任的回执密钥签署', '签署密钥不在您信任的回执密钥之列'],
    ['Signed with a receipt key you trust', 'Not signed with a receipt key you trust'],
  ),
  'receipt-signature': words(
    ['签名有效，内容未被改动', '签名无效：内容或签名被改动'],
    [
      'The signature is good: nothing was changed',
      'The signature is wrong: it was changed or forged',
    ],
  ),
  'receipt-fact': words(
    ['所载事实与其摘要值及其余内容一致', '所载事实与其摘要值或其余内容不一致'],
    [
      'The fact agrees with its digest and with the rest of the receipt',
      'The fact contradicts its digest or the rest of the receipt',
    ],
  ),
  'receipt-entry': words(
    ['所载存证记录就是这一事实的记录', '所载存证记录不是这一事实的记录'],
    [
      'The ledger entry it names is the one of this fact',
      'The ledger entry it names is not the one of this fact',
    ],
  ),
  'receipt-time': words(
    ['所载时间不晚于核验时点', '所载时间晚于核验时点'],
    [
      'Its time is not after the moment it is judged for',
      'Its time is after the moment it is judged for',
    ],
  ),
  'receipt-letter': words(
    ['回执属于同时提供的授权书', '回执不属于同时提供的授权书'],
    ['It belongs to the letter given with it', 'It does not belong to the letter given with it'],
  ),
  'receipt-ledgered': words(
    ['同时提供的存证证明就是这一事实的证明', '同时提供的存证证明不能证明这一事实已存证'],
    [
      'The ledger proof given with it proves that this fact was recorded',
      'The ledger proof given with it does not prove that this fact was recorded',
    ],
  ),
  'receipt-status-list': words(
    ['同时提供的状态清单给出了这份回执的状态', '同时提供的状态清单不能说明这份回执的状态'],
    [
      'The status list given with it tells the status of this receipt',
      'The status list given with it does not tell the status of this receipt',
    ],
  ),
  'status-list-content': words(
    ['状态清单内容完整可读', '状态清单内容不完整或不可读'],
    ['The content of the status list is readable', 'The content of the status list is malformed'],
  ),
  'status-list-current': words(
    ['核验时点在状态清单有效期内', '核验时点不在状态清单有效期内'],
    [
      'The status list is in force at the moment it is judged for',
      'The status list is not in force at the moment it is judged for',
    ],
  ),
  'checkpoint-readable': words(
    ['检查点格式正确', '检查点格式不正确'],
    ['The checkpoint is well-formed', 'The checkpoint is malformed'],
  ),
  'entry-readable': words(
    ['存证记录可读', '没有存证记录，或记录不可读'],
    ['The ledger entry is readable', 'There is no ledger entry, or it is malformed'],
  ),
  'proof-about': words(
    ['证明针对的就是同时提供的文件', '证明针对的不是同时提供的文件'],
    [
      'The proof is about the file given with it',
      'The proof is about something else than the file given with it',
    ],
  ),
  'report-readable': words(
    ['报告数据可读', '报告数据缺失或不可读'],
    ['The data of the report are readable', 'The data of the report are missing or malformed'],
  ),
  'report-purpose': words(
    ['印章证书专用于核验报告', '印章证书不是核验报告专用'],
    ['The seal is one for reports', 'The seal is not one for reports'],
  ),
  'report-time': words(
    [
      '报告所载出具时间与印章时间戳相符',
      '报告所载出具时间与印章时间戳相差一天以上，或没有有效的时间戳证明该时间',
    ],
    [
      'The report was sealed when it says that it was made',
      'The report says that it was made more than a day before or after its seal was timestamped, or no good timestamp of its seal proves when',
    ],
  ),
  'report-sealed': words(
    ['报告数据与同时提供的加盖印章的报告一致', '报告数据本身没有签名或印章'],
    [
      'The data are those of the sealed report given with them',
      'Nobody signed or sealed these data',
    ],
  ),
  'report-input': words(
    ['报告针对的就是同时提供的文件', '报告针对的不是同时提供的文件'],
    [
      'The report is about the file given with it',
      'The report is about another file than the one given with it',
    ],
  ),
  'report-ledgered': words(
    ['同时提供的存证证明就是这份报告的证明', '同时提供的存证证明不能证明这份报告已存证'],
    [
      'The ledger proof given with it proves that this report was recorded',
      'The ledger proof given with it does not prove that this report was recorded',
    ],
  ),
  'report-recomputed': words(
    [
      '重新核验得出的结论、完整性和各项判断与报告一致',
      '重新核验得出的结论、完整性或某项判断与报告不一致',
    ],
    [
      'Verifying anew gives the verdict, integrity and claims that the report says',
      'Verifying anew gives another verdict, integrity or claim than the report says',
    ],
  ),
  'filing-readable': words(
    ['成套报告的文件结构正确', '成套报告的文件结构不正确'],
    ['The filing is well-formed', 'The filing is malformed'],
  ),
  'filing-list': words(
    ['证据目录的数据可读', '证据目录的数据不可读'],
    [
      'The data of the list of evidence are readable',
      'The data of the list of evidence are malformed',
    ],
  ),
  'filing-paper': words(
    ['证据目录盖章后未被改动或追加', '证据目录的 PDF 结构不正确，或盖章后被改动、追加'],
    [
      'The list of evidence is as it was sealed',
      'The PDF of the list of evidence is malformed, or something was changed or appended after sealing',
    ],
  ),
  'filing-list-inside': words(
    ['盖章的证据目录内所附数据与旁附的相同', '盖章的证据目录内所附数据与旁附的不同'],
    [
      'The data inside the sealed list are those beside it',
      'The data inside the sealed list are not those beside it',
    ],
  ),
  'filing-seal': words(
    ['证据目录的印章和时间戳有效，且为核验报告专用', '证据目录的印章或时间戳不成立'],
    [
      'Seal and timestamp of the list of evidence hold, and the seal is one for reports',
      'Seal or timestamp of the list of evidence does not hold',
    ],
  ),
  'filing-complete': words(
    ['文件与证据目录所列一一对应', '文件与证据目录所列不符：有缺少、多出或次序不同'],
    [
      'The files are exactly those of the list of evidence',
      'A file is missing, is not in the list of evidence or stands elsewhere',
    ],
  ),
  'filing-lists-agree': words(
    [
      '两种语言的证据目录所列未能出具报告的授权一致',
      '两种语言的证据目录所列未能出具报告的授权不一致',
    ],
    [
      'The lists in both languages name the same letters without a report',
      'The lists in the two languages do not name the same letters without a report',
    ],
  ),
  'filing-digests': words(
    ['各文件与证据目录所载摘要值一致', '有文件与证据目录所载摘要值不一致'],
    [
      'Every file has the digest that the list of evidence names',
      'A file has another digest than the list of evidence names',
    ],
  ),
  'beside-recognised': words(
    ['同时提供的文件可以用来比对', '同时提供的文件与本文件无法比对'],
    [
      'The file given with it can be compared with it',
      'The file given with it cannot be compared with it',
    ],
  ),
  'beside-verified': words(
    ['同时提供的文件本身验证通过', '同时提供的文件本身未通过验证'],
    ['The file given with it is itself valid', 'The file given with it is not itself valid'],
  ),
};

/** Claims about what is neither letter nor bundle; those that are missing are not made of such. */
export const ARTEFACT_CLAIM_WORDS: Readonly<
  Partial<Record<Claim, { readonly zh: string; readonly en: string }>>
> = {
  integrity: { zh: '完整：签发后未被改动', en: 'Integrity: nothing was changed since it was made' },
  identity: {
    zh: '签发者：由您信任的密钥或印章签发',
    en: 'Issuer: made under a key or seal you trust',
  },
  time: { zh: '时间：所载时间成立', en: 'Time: its times hold' },
  scope: {
    zh: '对应：与同时提供的文件相符',
    en: 'Belonging: it fits what was given with it',
  },
};
