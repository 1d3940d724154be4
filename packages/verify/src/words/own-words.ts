import type { OwnFindingId } from '../catalogue.js';
import { ARTEFACT_WORDS } from './artefact-words.js';
import { words, type Words } from './words-of.js';

/** Words of our own checks, in the order of the catalogue. */
export const OWN_WORDS: Readonly<Record<OwnFindingId, Words>> = {
  'input-recognised': words(
    [
      '文件是可以核验的种类',
      '文件不是可以核验的种类：PDF、证据包、成套报告、回执、状态清单、报告、检查点或存证证明',
    ],
    [
      'The file is of a kind that can be verified',
      'The file is none that can be verified: PDF, bundle, filing, receipt, status list, report, checkpoint or proof',
    ],
  ),
  'within-budget': words(
    ['文件规模在可处理范围内', '文件规模超出可处理范围'],
    ['The file is of a size that can be processed', 'The file is too large or too complex'],
  ),
  processed: words(
    ['文件处理完毕', '文件内容异常，处理中断'],
    ['The file could be processed', 'The file is malformed in a way that stopped processing'],
  ),
  'bundle-readable': words(
    ['证据包结构正确', '证据包结构不正确或不受支持'],
    ['The bundle is well-formed', 'The bundle is malformed or of an unsupported kind'],
  ),
  'part-readable': words(
    ['证据包内各记录可读', '证据包内有记录不可读'],
    ['The records in the bundle are readable', 'A record in the bundle cannot be read'],
  ),
  'pdf-readable': words(
    ['PDF 结构正确', 'PDF 结构不正确或不受支持'],
    ['The PDF is well-formed', 'The PDF is malformed or of an unsupported kind'],
  ),
  'signature-present': words(
    ['文件内有电子签名', '文件内没有电子签名'],
    ['The file holds a signature', 'The file holds no signature'],
  ),
  'signature-covers-file': words(
    ['唯一的电子签名覆盖整个文件', '电子签名未覆盖整个文件，或签名不止一个'],
    [
      'The one signature covers the whole file',
      'The signature does not cover the whole file, or is not the only one',
    ],
  ),
  'update-template': words(
    ['签署只写入了签名，未改动授权书的任何其他内容', '签署时写入了签名以外的内容'],
    [
      'Signing added the signature and changed nothing else of the letter',
      'Signing added or changed something beside the signature',
    ],
  ),
  'later-revisions': words(
    ['签署后只追加了验证材料和文档时间戳', '签署后追加了验证材料和文档时间戳以外的内容'],
    [
      'After signing, nothing but validation material and document timestamps was appended',
      'After signing, something else than validation material and document timestamps was appended',
    ],
  ),
  'cms-readable': words(
    ['签名数据结构正确', '签名数据结构不正确'],
    ['The signature data is well-formed', 'The signature data is malformed'],
  ),
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
  'timestamp-present': words(
    ['签名附有一个时间戳', '签名没有附带时间戳，或所附的不止一个'],
    ['The signature carries one timestamp', 'The signature carries no timestamp, or several'],
  ),
  'timestamp-readable': words(
    ['时间戳结构正确', '时间戳结构不正确'],
    ['The timestamp is well-formed', 'The timestamp is malformed'],
  ),
  'timestamp-order': words(
    ['证据包封存晚于签署', '证据包封存早于签署'],
    ['The bundle was sealed after the signing', 'The bundle was sealed before the signing'],
  ),
  'timestamp-ageing': words(
    ['时间戳服务的证书尚未到期', '时间戳服务的证书已到期，且没有后续时间证明'],
    [
      "The timestamp authority's certificate has not expired",
      "The timestamp authority's certificate has expired and nothing younger vouches for the token",
    ],
  ),
  'timestamp-algorithms': words(
    ['时间戳所用算法在所证明的时点可靠', '时间戳所用算法已不可靠，且没有更早的时间证明'],
    [
      'The algorithms of the timestamp were reliable when it is known to have existed',
      'The algorithms of the timestamp are no longer reliable and nothing proves it is older',
    ],
  ),
  'authority-status': words(
    ['所存材料表明时间戳服务的证书当时未被吊销', '时间戳服务的证书已被吊销'],
    [
      "What is kept says that the timestamp authority's certificate was not revoked then",
      "The timestamp authority's certificate was revoked",
    ],
  ),
  'operators-distinct': words(
    ['时间戳来自足够多的不同机构', '时间戳来自的不同机构数量不足'],
    [
      'Timestamps come from as many different operators as asked for',
      'Timestamps come from fewer different operators than asked for',
    ],
  ),
  'archive-readable': words(
    ['文档时间戳结构正确', '文档时间戳结构不正确'],
    ['The document timestamp is well-formed', 'The document timestamp is malformed'],
  ),
  'archive-ageing': words(
    ['文档时间戳在服务证书到期前得到续期', '文档时间戳服务的证书已到期，且没有续期'],
    [
      "The document timestamp was renewed, or its authority's certificate has not expired",
      "The document timestamp's authority has expired and the archive was not renewed before",
    ],
  ),
  'archive-order': words(
    ['文档时间戳先后有序', '文档时间戳先后颠倒'],
    ['The document timestamps are in order', 'The document timestamps are out of order'],
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
  'pdf-signature-format': words(
    ['签名的结构与覆盖范围正确', '签名的结构或覆盖范围不正确'],
    [
      'The signature is well-formed and covers its revision',
      'The signature is malformed or does not cover its revision',
    ],
  ),
  'pdf-signature-cryptography': words(
    ['签名与所签内容相符', '签名与所签内容不符'],
    ['The signature fits what was signed', 'The signature does not fit what was signed'],
  ),
  'pdf-later-changes': words(
    ['签名之后的更新只有允许的内容', '签名之后的更新改动了不允许改动的内容'],
    [
      'Later updates changed only what they may',
      'A later update changed something that it may not',
    ],
  ),
  'pdf-signer-certificate': words(
    ['签名证书可追溯到受信任的根证书', '无法确认签名证书可信'],
    [
      'The signing certificate leads to a trusted root',
      'The signing certificate cannot be relied upon',
    ],
  ),
  'pdf-signature-time': words(
    ['各时间戳的先后顺序合理', '各时间戳的先后顺序矛盾'],
    ['The order of the timestamps makes sense', 'The timestamps contradict each other'],
  ),
  'manifest-complete': words(
    ['清单列出了证据包的全部文件', '清单与证据包内的文件不一一对应'],
    ['The manifest lists every part of the bundle', 'Manifest and parts do not correspond'],
  ),
  'manifest-digests': words(
    ['各文件的摘要值与清单一致', '有文件的摘要值与清单不一致'],
    ['Every part has the digest the manifest states', 'A part was changed after sealing'],
  ),
  'seal-readable': words(
    ['机构电子签章结构正确', '机构电子签章缺失或结构不正确'],
    ["The organisation's seal is well-formed", "The organisation's seal is missing or malformed"],
  ),
  'seal-purpose': words(
    ['签章证书可用于证据包', '签章证书另有用途，不可用于证据包'],
    [
      'The seal is one that may seal evidence',
      'The seal is one for something else: it cannot seal a bundle',
    ],
  ),
  'letter-copy': words(
    ['展示的授权书与签署的授权书逐字节一致', '展示的授权书与签署的授权书不一致'],
    [
      'The letter as shown is, byte for byte, the letter as signed',
      'The letter as shown is not the letter as signed',
    ],
  ),
  'certificate-copy': words(
    ['另存的证书与签名中的证书一致', '另存的证书与签名中的证书不一致'],
    [
      'The certificate beside the letter is the one in the signature',
      'The certificate beside the letter is not the one in the signature',
    ],
  ),
  'token-copy': words(
    ['另存的时间戳与签名中的时间戳一致', '另存的时间戳与签名中的时间戳不一致'],
    [
      'The timestamp beside the letter is the one in the signature',
      'The timestamp beside the letter is not the one in the signature',
    ],
  ),
  'template-record': words(
    ['模板记录与过程记录所载一致', '模板记录不是过程记录所载的那一份'],
    [
      'The record of the template is the one that the trail names',
      'The record of the template is not the one that the trail names',
    ],
  ),
  'template-version': words(
    ['模板记录对应条款所载的模板版本', '模板记录对应的是其他模板版本'],
    [
      'The record is about the template version of the terms',
      'The record is about another template version',
    ],
  ),
  'template-second-person': words(
    ['模板由起草人以外的人批准，规则豁免亦同', '模板的批准人或者豁免人是起草人本人'],
    [
      'Whoever approved the template, or waived a rule, did not write on it',
      'Somebody approved, or waived a rule for, what they wrote themselves',
    ],
  ),
  'template-published': words(
    ['模板在申请授权之前已经发布', '模板在申请授权之后才发布'],
    [
      'The template was published before the letter was asked for',
      'The template was published after the letter was asked for',
    ],
  ),
  'scene-policy': words(
    ['场景记录符合模板的签署要求', '场景记录遗漏或者放宽了模板的签署要求'],
    [
      'The scene asks for what the template demands',
      'The scene leaves out, or softens, what the template demands',
    ],
  ),
  'scene-terms': words(
    ['场景记录对应这些条款', '场景记录对应的是其他条款'],
    ['The scene is about these terms', 'The scene is about other terms'],
  ),
  'scene-letter': words(
    ['场景记录对应这份授权书', '场景记录对应的是其他授权书'],
    ['The scene is about this letter', 'The scene is about another letter'],
  ),
  'scene-institution': words(
    ['场景中的被授权人与条款一致', '场景中的被授权人与条款不一致'],
    ['The scene names the institution of the terms', 'The scene names another institution'],
  ),
  'scene-subject': words(
    ['场景中的授权人与条款一致', '场景中的授权人与条款不一致'],
    ['The scene is about the subject of the terms', 'The scene is about another subject'],
  ),
  'presentation-record': words(
    ['展示记录与过程记录和场景一致', '展示记录与过程记录或场景不一致'],
    [
      'The presentation record is the one named by trail and scene',
      'The presentation record is not the one named by trail and scene',
    ],
  ),
  'presentation-letter': words(
    ['展示的正是这份授权书', '展示的是其他授权书'],
    ['This very letter was presented', 'Another letter was presented'],
  ),
  'presentation-clauses': words(
    ['重要条款均已逐条确认', '重要条款未全部逐条确认'],
    ['Every key clause was acknowledged', 'Not every key clause was acknowledged'],
  ),
  'presentation-page': words(
    ['场景与展示记录所载的页面版本一致', '场景与展示记录所载的页面版本不一致'],
    [
      'Scene and presentation record name the same page build',
      'Scene and presentation record name different page builds',
    ],
  ),
  'provenance-page': words(
    ['所载的页面版本就是签署场景所载的版本', '所载的页面版本与签署场景所载的版本不同'],
    [
      'The build named for the page is the one the scene names',
      'The build named for the page is not the one the scene names',
    ],
  ),
  'presentation-visit': words(
    ['展示授权书与确认签署在同一次访问中', '展示授权书与确认签署不在同一次访问中'],
    [
      'The letter was read in the visit that confirmed it',
      'The letter was read in another visit than the one that confirmed it',
    ],
  ),
  'choices-shown': words(
    ['场景所载选择与授权人在页面上的选择一致', '场景所载选择与授权人在页面上的选择不一致'],
    [
      'The choices in the scene are those made on the page',
      'The choices in the scene are not those made on the page',
    ],
  ),
  'choices-offered': words(
    ['所作选择均为授权书列出的可选内容', '所作选择超出授权书列出的可选内容'],
    [
      'The choices are among those the letter offers',
      'The choices are not among those the letter offers',
    ],
  ),
  'measures-met': words(
    ['场景要求的确认方式均已完成', '场景要求的确认方式未全部完成'],
    ['Every measure the scene demands was met', 'Not every measure the scene demands was met'],
  ),
  'challenge-letter': words(
    ['验证码针对这份授权书', '验证码针对的是其他授权书'],
    ['The code was asked for this letter', 'The code was asked for another letter'],
  ),
  'challenge-scene': words(
    ['验证码针对本次签署场景', '验证码针对的是其他场景'],
    ['The code was asked for this scene', 'The code was asked for another scene'],
  ),
  'set-letters': words(
    [
      '场景记录按顺序列明一次签署的各份授权书,本授权书在其中',
      '场景记录所列的各份授权书中没有本授权书,或有重复',
    ],
    [
      'The scene names the letters of one sitting in their order, this one among them',
      'The scene names letters of a sitting among which this one is missing, or one twice',
    ],
  ),
  'set-challenge': words(
    [
      '验证码或通行密钥一并回应各份授权书的挑战,本授权书的挑战在其应在的位置',
      '一并回应的挑战与本授权书不符',
    ],
    [
      'Code or passkey answered the challenges of all letters of the sitting together, this letter’s in its place',
      'The challenges that were answered together do not fit this letter',
    ],
  ),
  'code-challenge': words(
    ['验证码核对记录对应本次请求', '验证码核对记录对应的是其他请求'],
    ['The code record answers this challenge', 'The code record answers another challenge'],
  ),
  'code-times': words(
    ['验证码在有效期内核对，且早于签署', '验证码的时间顺序不成立'],
    [
      'The code was checked while it was valid and before the signing',
      'The times of the code are out of order',
    ],
  ),
  'code-phone': words(
    ['验证码发往授权人的手机号码', '验证码发往的不是授权人的手机号码'],
    [
      "The code went to the subject's number",
      "The code went to a number that is not the subject's",
    ],
  ),
  'passkey-readable': words(
    ['通行密钥记录可以读取', '通行密钥记录无法读取'],
    ['The passkey record is readable', 'The passkey record is not readable'],
  ),
  'passkey-challenge': words(
    ['通行密钥确认的正是本次请求', '通行密钥确认的是其他请求'],
    ['The passkey answered this very challenge', 'The passkey answered another challenge'],
  ),
  'passkey-origin': words(
    ['通行密钥在签发这份授权书的网站上使用', '通行密钥在其他网站上使用'],
    [
      'The passkey was used on the site that issued the letter',
      'The passkey was used on another site',
    ],
  ),
  'passkey-user': words(
    ['使用通行密钥时设备核验了使用者', '使用通行密钥时设备没有核验使用者'],
    ['The device verified who used the passkey', 'The device did not verify who used the passkey'],
  ),
  'passkey-signature': words(
    ['通行密钥的签名成立', '通行密钥的签名不成立'],
    ["The passkey's signature holds", "The passkey's signature does not hold"],
  ),
  'passkey-times': words(
    ['通行密钥先登记、后使用，且早于签署', '通行密钥的时间顺序不成立'],
    [
      'The passkey was registered, then used, before the signing',
      'The times of the passkey are out of order',
    ],
  ),
  'passkey-registration': words(
    ['通行密钥的登记与存证日志条目的摘要值一致', '通行密钥的登记与存证日志条目的摘要值不一致'],
    [
      'The registration of the passkey is what its ledger entry commits to',
      'The registration of the passkey is not what its ledger entry commits to',
    ],
  ),
  'passkey-not-ended': words(
    ['确认时通行密钥没有被移除', '确认之前通行密钥已被移除'],
    [
      'The passkey had not been removed when it was used',
      'The passkey had been removed before it was used',
    ],
  ),
  'passkey-registered-before': words(
    ['通行密钥在签署之前已登记于存证日志', '通行密钥未在签署之前登记于存证日志'],
    [
      'The ledger shows that the passkey was registered before the signing',
      'The ledger does not show that the passkey was registered before the signing',
    ],
  ),
  'identity-results': words(
    ['身份核验结果与签署场景所列一致', '身份核验结果与签署场景所列不一致'],
    [
      'The results of the identity checks are those that the scene names',
      'The results of the identity checks are not those that the scene names',
    ],
  ),
  'identity-met': words(
    ['签署场景要求的身份核验均有通过的结果', '签署场景要求的身份核验没有全部通过'],
    [
      'Every identity check the scene asks for has a positive result',
      'Not every identity check the scene asks for has a positive result',
    ],
  ),
  'identity-letter': words(
    ['身份核验针对的正是本授权书', '身份核验针对的不是本授权书'],
    [
      'The identity checks were made for this very letter',
      'The identity checks were made for something else',
    ],
  ),
  'identity-subject': words(
    ['身份核验比对的正是授权人的信息', '身份核验比对的不是授权人的信息'],
    [
      "What the identity checks compared are the subject's details",
      "What the identity checks compared are not the subject's details",
    ],
  ),
  'identity-times': words(
    ['身份核验先于确认，且确认时仍在有效期内', '身份核验的时间顺序不成立，或确认时已过有效期'],
    [
      'The identity checks came before the confirmation and were still fresh',
      'The identity checks came too late, or too long before the confirmation',
    ],
  ),
  'identity-receipt': words(
    ['核验回执与核验结果一致', '核验回执与核验结果不一致'],
    [
      'The receipts of the identity checks say what the results say',
      'A receipt of an identity check says something else than its result',
    ],
  ),
  'identity-signature': words(
    ['核验方对核验回执的签名成立', '核验方对核验回执的签名不成立'],
    [
      "The providers' signatures over their receipts hold",
      'The signature of a provider over its receipt does not hold',
    ],
  ),
  'identity-simulated': words(
    ['没有模拟的身份核验', '有的身份核验是模拟的,没有人核验过'],
    [
      'No identity check was simulated',
      'An identity check was simulated: nobody has checked anything',
    ],
  ),
  'key-confirmed': words(
    ['证书的密钥由确认者持有', '证书的密钥不属于确认者'],
    [
      'The certified key belongs to whoever confirmed',
      'The certified key does not belong to whoever confirmed',
    ],
  ),
  'proof-of-possession': words(
    ['确认者证明了自己持有密钥', '密钥持有证明不成立'],
    ['Whoever confirmed proved to hold the key', 'The proof of possession of the key is wrong'],
  ),
  'confirmation-parts': words(
    ['确认时的证据清单与证据包内的记录一致', '确认时的证据清单与证据包内的记录不一致'],
    [
      'The list made at confirmation names the records in the bundle',
      'The list made at confirmation names other records',
    ],
  ),
  'trail-chain': words(
    ['过程记录前后相链，没有缺漏', '过程记录的链条断裂'],
    ['The trail is an unbroken chain', 'The chain of the trail is broken'],
  ),
  'trail-steps': words(
    ['过程的每一步都由有权者按规定顺序完成', '过程记录中有不合规定的步骤'],
    [
      'Every step of the trail was due and taken by whom it was due from',
      'The trail records a step that could not be taken there, or not by its writer',
    ],
  ),
  'trail-confirmed': words(
    ['过程记录载有本次确认', '过程记录没有载明本次确认'],
    ['The trail records this confirmation', 'The trail does not record this confirmation'],
  ),
  'trail-issued': words(
    ['过程记录载有本证书的签发', '过程记录没有载明本证书的签发'],
    [
      'The trail records the issuing of this certificate',
      'The trail does not record the issuing of this certificate',
    ],
  ),
  'terms-embedded': words(
    ['授权书内嵌有条款数据', '授权书内没有可读的条款数据'],
    ['The letter carries its terms as data', 'The letter carries no readable terms'],
  ),
  'terms-equal': words(
    ['内嵌的条款与证据包内的条款一致', '内嵌的条款与证据包内的条款不一致'],
    [
      'The embedded terms are those of the bundle',
      'The embedded terms are not those of the bundle',
    ],
  ),
  'terms-on-pages': words(
    ['页面文字与条款逐字一致', '页面文字与条款不一致'],
    ['The pages say what the terms say, word for word', 'The pages do not say what the terms say'],
  ),
  'field-on-pages': words(
    ['签名域只有固定的字样，页面没有其他批注', '签名域的字样有改动，或者页面另有批注'],
    [
      'The signature field shows its fixed words and the pages bear no other annotation',
      'The signature field shows other words, or the pages bear another annotation',
    ],
  ),
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
  'disclosure-readable': words(
    ['附加的加密披露结构正确', '附加的加密披露结构不正确'],
    ['The encrypted disclosure is well-formed', 'An encrypted disclosure is malformed'],
  ),
  'disclosure-values': words(
    ['所披露的内容与证据包内的承诺值逐项相符', '所披露的内容与证据包内的承诺值不符，或者无法解密'],
    [
      'What is disclosed opens commitments that stand in the bundle',
      'What is disclosed opens no commitment of this bundle, or cannot be decrypted',
    ],
  ),
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
  ...ARTEFACT_WORDS,
};
