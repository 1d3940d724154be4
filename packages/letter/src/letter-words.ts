/** Words of the drawing only; what the letter says comes from `letterContent`. */
export const DRAWING_WORDS = {
  zh: {
    scan: '扫码查询',
    page: (n: number, total: number): string => `第 ${n} 页 共 ${total} 页`,
    attachment: '本授权书的规范化条款数据',
  },
  en: {
    scan: 'Scan to look up',
    page: (n: number, total: number): string => `Page ${n} of ${total}`,
    attachment: 'The canonical terms of this letter',
  },
} as const;
