import type { Language, Words } from './index.js';

const zh = {
  /** Above each letter. */
  position: (n: number, of: number) => `本次共${of}份，这是第${n}份`,
  optional: '可以不签',
  label: '本次签署的授权书',
  back: '不改了，返回',
  refuse: '不同意这一份，继续下一份',
  refuseLast: '不同意这一份',
  refuseText: '每一份由您单独决定，不同意这一份不影响其他几份。',
  ask: {
    title: '不同意这一份？',
    optional: '这一份可以不签，不影响其他几份。',
    required: '不同意这一份的后果，授权书里是这样写的：',
    others: '其他几份不受影响，您可以接着看。',
    untilCode: '索取验证码之前，您可以改变主意。',
    final: '这一份将不再签署，已发送的验证码作废。',
    yes: '不同意这一份',
    no: '返回',
  },
  summary: (n: number, of: number) =>
    n === of ? `您同意了全部${of}份` : `您同意了${n}份，不同意${of - n}份`,
  summaryText: '一个验证码签署您同意的全部授权书。请核对：',
  summaryFinal: '验证码只对下面“同意”的这几份有效，改动任何一份，验证码即作废。',
  choice: { accepted: '同意', refused: '不同意', open: '未决定' },
  change: '再看 / 更改',
  state: {
    signed: '已签署',
    waiting: '正在完成',
    unsigned: '待签署',
    refused: '没有签署',
    failed: '没有签成',
  },
  checkCodeText: '几份一起签署时，短信里的核对码是这几份合起来的，在填验证码的那一步核对。',
  submitText: '点“确认并签署”，就是您本人在上面每一份“同意”的授权书上签名。',
  signing: (n: number, of: number) => `正在签署第${n}份，共${of}份`,
  done: (n: number, of: number) =>
    n === of ? `${of}份都已签署` : `已签署${n}份，另外${of - n}份没有签署`,
  doneText: '每一份都有自己的副本和证据，请分别保存。',
  copy: '保存副本（PDF）',
  stopAll: {
    title: '全部都不同意吗？',
    text: '这会停止本次所有还没有签署的授权书。只是不同意其中一份，请用“不同意这一份”。',
    yes: '全部不同意，结束',
  },
};
export type SetWords = typeof zh;

const en: SetWords = {
  position: (n, of) => `Letter ${n} of ${of}`,
  optional: 'Optional',
  label: 'Letters of this sitting',
  back: 'Leave as it was',
  refuse: 'Refuse this letter, go on to the next',
  refuseLast: 'Refuse this letter',
  refuseText: 'You decide on each letter by itself; refusing this one does not affect the others.',
  ask: {
    title: 'Refuse this letter?',
    optional: 'This letter is optional; the others are not affected.',
    required: 'What follows from refusing it, as the letter says:',
    others: 'The other letters are not affected; you can go on with them.',
    untilCode: 'You can change your mind until you ask for the code.',
    final: 'This letter will not be signed, and the code that was sent is void.',
    yes: 'Refuse this letter',
    no: 'Back',
  },
  summary: (n, of) =>
    n === of ? `You accepted all ${of} letters` : `You accepted ${n} and refused ${of - n}`,
  summaryText: 'One code signs all the letters you accepted. Please check:',
  summaryFinal:
    'The code is for the accepted letters below and no others; if any of them changes, it is void.',
  choice: { accepted: 'Accepted', refused: 'Refused', open: 'Not decided' },
  change: 'Look again / change',
  state: {
    signed: 'Signed',
    waiting: 'Being completed',
    unsigned: 'To be signed',
    refused: 'Not signed',
    failed: 'Could not be signed',
  },
  checkCodeText:
    'With several letters the text message shows one check code for all of them; compare it where you enter the code.',
  submitText: 'With “Confirm and sign” you put your signature on each letter accepted above.',
  signing: (n, of) => `Signing letter ${n} of ${of}`,
  done: (n, of) =>
    n === of ? `All ${of} letters are signed` : `${n} signed, ${of - n} not signed`,
  doneText: 'Each letter has a copy and evidence of its own; please save each.',
  copy: 'Save the copy (PDF)',
  stopAll: {
    title: 'Refuse all of them?',
    text: 'This stops all letters of this sitting that are not signed yet. To refuse one of them, use “Refuse this letter”.',
    yes: 'Refuse all, stop',
  },
};

export const setWords = (language: Language): SetWords => (language === 'en' ? en : zh);

/** Where a part of the page has the words and not their language. */
export const setWordsFor = ({ htmlLang }: Pick<Words, 'htmlLang'>): SetWords =>
  setWords(htmlLang === 'en' ? 'en' : 'zh');
