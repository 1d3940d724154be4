/** 简体中文: passkeys. Composed into `zh.ts`. */
export const passkeyZh = {
  title: '用通行密钥签署',
  what: '通行密钥存放在您的手机或电脑里，用指纹、面容或锁屏密码解锁。指纹和面容不会离开您的设备，我们收不到。',
  lead: '这份授权书用您的通行密钥确认，不需要短信验证码。请点下面的按钮，再按设备的提示解锁。',
  confirm: '用通行密钥确认并签署',
  submitText: '点下面的按钮，再按设备的提示解锁，就是您本人在这份授权书上签名。',
  setUpText:
    '这份授权书除验证码外还需要通行密钥，您还没有设置。先填上面的验证码，再点下面的按钮设置；设置好之后才会请您签名。',
  setUp: '设置通行密钥',
  setUpHere: '通行密钥不在这台设备上，重新设置一个',
  enrolHere: '通行密钥不在这台设备上',
  ready: '通行密钥已设置好。现在请用它确认。',
  noneLead: (phone: string) =>
    `这份授权书需要通行密钥，这台设备上还没有。为确认是您本人，点下面的按钮后会先向 ${phone} 发送一条验证码，用来设置通行密钥。`,
  offerTitle: '下次更安全：设置通行密钥',
  offer: '设置通行密钥',
  offerText:
    '短信可能被人骗走或截获，通行密钥不会。现在设置一个，下次签署就能用；不设置不影响这次的授权。',
  offerDone: '通行密钥已设置好，下次签署时可以使用。',
  cannotTitle: '这里不能使用通行密钥',
  unsupported:
    '这份授权书需要通行密钥，而这个浏览器不支持。请用手机自带浏览器，或较新的 Chrome、Edge、Safari 打开机构给您的链接。',
};
export type PasskeyWords = typeof passkeyZh;
