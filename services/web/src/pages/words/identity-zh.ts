/** 简体中文: the check of who the subject is. Composed into `zh.ts`. */
export const identityZh = {
  title: '核验您的身份',
  lead: (institution: string) =>
    `${institution}要求先核验您是谁，再请您签署。核验由下面写明的机构来做，不是我们。`,
  noPictureTitle: '不收照片，不留卡号',
  noPicture:
    '我们只收下核验结果和回执，不收、也不保存任何照片、人脸或证件图像。银行卡号只转交给核验方，我们不保存。',
  step: (n: number, of: number) => `第${n}项，共${of}项`,
  choose: (n: number) => `还需完成下面的${n}种核验，任选：`,
  done: '已通过',
  failed: '上次没有通过',
  unavailable: '暂时无法使用',
  asked: (operator: string) => `由${operator}核验`,
  simulated: '模拟核验：没有人真的核对，仅供试用',
  begin: '开始核验',
  another: '换一种方式',
  card: '银行卡号',
  cardHint: '您本人名下、预留了上面手机号的银行卡，12 至 19 位数字',
  cardWrong: '银行卡号不完整或有误，请核对。',
  credential: '核验方应用给您的一次性凭证',
  credentialHint: '在核验方自己的应用或页面完成核验后显示，只用一次',
  credentialWrong: '请填入凭证，不含空格。',
  triesLeft: (n: number) => `今天还可以试${n}次。`,
  checks: {
    'police-id': {
      title: '公安权威数据源身份核验',
      text: '核对姓名和身份证件号码是否一致。发送：姓名、证件号码。',
    },
    'network-id': {
      title: '国家网络身份认证（网号、网证）',
      text: '您先在国家网络身份认证应用里本人作答，再填入它给的凭证。发送：姓名、证件号码、凭证。',
    },
    'carrier-name': {
      title: '手机号码实名核验',
      text: '由通信运营商核对手机号码是否登记在您名下、用了多久。发送：姓名、证件号码、手机号码。',
    },
    'bank-card': {
      title: '银行卡核验',
      text: '核对银行卡是否为您本人所有。不会扣款，不要密码和验证码。发送：姓名、证件号码、手机号码、卡号。',
    },
    face: {
      title: '核验方的人脸核验',
      text: '您在核验方自己的应用里完成，图像留在那里，我们收不到。发送：姓名、证件号码、凭证。',
    },
    institution: {
      title: '机构声明',
      text: '由请您授权的机构声明认识您。请在机构的应用里完成。',
    },
  },
};

export type IdentityWords = typeof identityZh;
