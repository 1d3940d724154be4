import type { Language } from '@mandate/pages';

const zh = {
  title: '签署页面复原件',
  label: '复原件，不是录像，也不是截图',
  lead: '以下各屏由证据包所记载的同一版本页面，用证据包中的条款、展示记录和确认记录重新生成。',
  passed: '证据包核验通过。',
  undecided: '证据包的核验结论为“无法判定”，以下仅为其记载。',
  facts: {
    letterNumber: '授权书编号',
    bundle: '证据包（SHA-256）',
    letter: '授权书（SHA-256）',
    page: '页面版本',
    server: '服务器版本',
    commit: '源代码版本',
    language: '页面语言',
    print: '字号',
    viewport: '窗口（CSS 像素）',
    openedAt: '打开时间（北京时间）',
    open: '停留',
    form: '看过的形式',
    end: '看到末尾',
    readAloud: '朗读',
  },
  languages: { zh: '中文', en: 'English' },
  print: { normal: '普通', large: '大字' },
  forms: { pages: '原件（PDF）', text: '文字版', both: '文字版和原件' },
  yes: '是',
  no: '否',
  seconds: (n: number) => `${n} 秒`,
  missing: '复原的范围',
  notes: {
    moments: '没有记录、因而没有复原：滚动的位置、填写的过程、出错的提示和等待的画面。',
    folded: '页面上点开才看得到的说明，这里一律展开；是否点开过，没有记录。',
    reading: '停留时间、勾选和选择是页面自己所报，说明展示过什么，不证明理解。',
    code: '验证码的数字，任何地方都不保存，以 ● 代替。',
    original: '没有再画原件（PDF）的各页：证据包内的 letter/letter.pdf 就是当时的那个文件。',
    logo: (digest: string) => `没有复原机构名称旁的标志图片，其 SHA-256 为 ${digest}。`,
    gate: '机构已声明授权人身份，故没有“确认本人”一屏。',
    passkey: '没有复原设备弹出的通行密钥窗口，它不属于页面。',
    identity: (checks: string) => `没有复原身份核验的各屏（${checks}）。`,
    set: (n: number) => `没有复原一次签署的 ${n} 份授权书中其他各份的屏幕，以及显示进度的一栏。`,
  },
  clause: (visible: string, after: string) => `记录：可见 ${visible} 秒，打开后 ${after} 秒勾选`,
  chosen: (yes: boolean) => `记录：选择“${yes ? '同意' : '不同意'}”`,
  message: { sms: '短信内容', voice: '电话内容' },
  answered: (time: string, tries: number) => `记录：${time} 填写正确（第 ${tries} 次填写）`,
};

const en: typeof zh = {
  title: 'Reconstruction of the signing page',
  label: 'Reconstruction, not a recording and not a screenshot',
  lead: 'Drawn again by the very build of the page that the evidence bundle names, from the terms, the presentation record and the confirmation in it.',
  passed: 'The bundle was verified: valid.',
  undecided: 'The bundle was verified: undecided. What follows is only what it states.',
  facts: {
    letterNumber: 'Letter number',
    bundle: 'Bundle (SHA-256)',
    letter: 'Letter (SHA-256)',
    page: 'Build of the page',
    server: 'Build of the server',
    commit: 'Source',
    language: 'Language of the page',
    print: 'Print',
    viewport: 'Window (CSS pixels)',
    openedAt: 'Opened (Beijing time)',
    open: 'In front of somebody for',
    form: 'Looked at as',
    end: 'Reached the end',
    readAloud: 'Read aloud',
  },
  languages: { zh: '中文', en: 'English' },
  print: { normal: 'normal', large: 'large' },
  forms: { pages: 'original (PDF)', text: 'text', both: 'text and original' },
  yes: 'yes',
  no: 'no',
  seconds: (n) => `${n} s`,
  missing: 'What is and is not shown again',
  notes: {
    moments:
      'Not recorded, so not shown again: scrolling, typing, messages of errors and of waiting.',
    folded:
      'What the page shows only after a tap stands open here; whether it was opened is not recorded.',
    reading:
      'Times, ticks and choices are what the page reported: they say what was shown, not what was understood.',
    code: 'The digits of the code, which are kept nowhere: ● stands for each.',
    original:
      'The pages of the original (PDF) are not drawn again: letter/letter.pdf in the bundle is that very file.',
    logo: (digest) =>
      `Not shown: the picture beside the institution’s name; its SHA-256 is ${digest}.`,
    gate: 'The institution asserted who the subject is, so there was no screen to confirm it.',
    passkey: 'Not shown: the device’s own window for the passkey, which is not part of the page.',
    identity: (checks) => `Not shown: the screens of the identity checks (${checks}).`,
    set: (n) =>
      `Not shown: the screens of the other letters among the ${n} signed together, and the bar that lists them.`,
  },
  clause: (visible, after) => `Recorded: visible for ${visible} s, ticked ${after} s after opening`,
  chosen: (yes) => `Recorded: chose “${yes ? 'agree' : 'do not agree'}”`,
  message: { sms: 'Text message', voice: 'Voice call' },
  answered: (time, tries) => `Recorded: answered right at ${time} (try ${tries})`,
};

export type ReconstructionWords = typeof zh;
export const reconstructionWordsOf = (language: Language): ReconstructionWords =>
  language === 'en' ? en : zh;
