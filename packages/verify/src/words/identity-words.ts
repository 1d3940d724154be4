import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of who the person is: identity checks and passkey. */
export const IDENTITY_WORDS = {
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
} satisfies Partial<Record<OwnFindingId, Words>>;
