import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of the subject’s steps: scene, presentation, challenge, code, key, trail. */
export const CEREMONY_WORDS = {
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
} satisfies Partial<Record<OwnFindingId, Words>>;
