import type { Language } from './moments.js';

export interface OwnCodeMessage {
  readonly templateId: 'own-code.zh' | 'own-code.en';
  readonly vars: Record<string, string>;
  readonly text: string;
}

/**
 * The code to see one's own authorizations: code first, what it opens, a warning. It names no institution and no
 * letter, so that a phone that lies about tells nothing, and says that it signs nothing.
 */
export const ownCodeMessage = (language: Language, code: string): OwnCodeMessage =>
  language === 'zh'
    ? {
        templateId: 'own-code.zh',
        vars: { code },
        text:
          `【授权签署】验证码${code},5分钟内有效,仅用于进入“我的授权”查看和撤回您的授权书,不用于签署。` +
          '向您索要验证码的都是诈骗;非本人操作请勿填写,也不要告诉任何人。',
      }
    : {
        templateId: 'own-code.en',
        vars: { code },
        text:
          `Code ${code}, valid 5 minutes, only to enter "My authorizations", where you see and withdraw what you signed. ` +
          'It signs nothing. Whoever asks you for it is a fraud; if you did not ask for it, do not use it.',
      };
