import { formatMoment, letterContent, letterSections, type LetterBlock } from '@mandate/terms';
import type { DataExport } from './export-data.js';

/** One heading with its lines; no markup. */
export interface ReadableSection {
  readonly title: string;
  readonly lines: readonly string[];
}

const WORDS = {
  zh: {
    title: '授权书',
    uses: '使用记录',
    releases: '向接收方提供的您的信息',
    reading: '阅读记录（页面上显示的情况，不代表您已理解）',
    stops: '撤回、争议、结束与删除',
    idImages: '您的证件图片',
    accesses: '谁在什么时候、为什么打开过您的信息',
    trail: '过程记录',
    none: '无',
    use: (at: string, source: string, items: string, operator: string, state: string) =>
      `${at} 信息来源 ${source}，项目 ${items}，经办 ${operator}，状态 ${state}`,
    release: (at: string, to: string, fields: string) => `${at} 接收方 ${to}：${fields}`,
    read: (at: string, seconds: number) => `${at} 打开约 ${seconds} 秒`,
    image: (at: string, until: string, gone: string | undefined) =>
      gone ? `${at} 保存，${gone} 已销毁` : `${at} 保存，最迟 ${until} 销毁`,
    withdrawn: (at: string) => `撤回：${at}`,
    held: (at: string, state: string) => `争议：${at}，${state}`,
    ended: (at: string) => `结束：${at}`,
    restricted: (at: string) => `停止使用、只保存：${at}`,
    kept: (until: string, basis: string) => `最早可删除：${until}（依据 ${basis}）`,
  },
  en: {
    title: 'Letter',
    uses: 'Uses',
    releases: 'Your data given to recipients',
    reading: 'Reading (what was on screen; it does not mean that you understood it)',
    stops: 'Withdrawal, disputes, end and deletion',
    idImages: 'Pictures of your identity document',
    accesses: 'Who opened your data, when and what for',
    trail: 'History',
    none: 'none',
    use: (at: string, source: string, items: string, operator: string, state: string) =>
      `${at} source ${source}, items ${items}, by ${operator}, ${state}`,
    release: (at: string, to: string, fields: string) => `${at} recipient ${to}: ${fields}`,
    read: (at: string, seconds: number) => `${at} open for about ${seconds} seconds`,
    image: (at: string, until: string, gone: string | undefined) =>
      gone ? `kept ${at}, destroyed ${gone}` : `kept ${at}, destroyed at ${until} at the latest`,
    withdrawn: (at: string) => `withdrawn: ${at}`,
    held: (at: string, state: string) => `disputed: ${at}, ${state}`,
    ended: (at: string) => `ended: ${at}`,
    restricted: (at: string) => `kept and not used any more since ${at}`,
    kept: (until: string, basis: string) => `to be deleted from ${until} on (${basis})`,
  },
} as const;

const blockLines = (block: LetterBlock): string[] => {
  switch (block.kind) {
    case 'paragraph':
      return [block.text];
    case 'rows':
      return block.rows.map(({ label, text }) => `${label}: ${text}`);
    case 'table':
      return [block.head, ...block.rows].map((row) => row.join(' | '));
  }
};

/** The export to be read: the whole letter first, then what was done with it. In the letter's language. */
export function readableExport(data: Omit<DataExport, 'readable'>): ReadableSection[] {
  const { terms } = data;
  const words = WORDS[terms.language];
  const moment = (at: string): string => formatMoment(at, terms.language);
  const section = (title: string, lines: readonly string[]): ReadableSection => ({
    title,
    lines: lines.length > 0 ? lines : [words.none],
  });
  const nameOf = (code: string): string =>
    [terms.institution, ...terms.sources, ...terms.recipients].find(
      ({ creditCode }) => creditCode === code,
    )?.name ?? code;
  const { withdrawal, holds, end, privacy } = data;
  return [
    ...letterSections(letterContent(terms, words.title)).map(({ title, blocks }) =>
      section(title, blocks.flatMap(blockLines)),
    ),
    section(
      words.uses,
      data.uses.map((use) =>
        words.use(
          moment(use.at),
          nameOf(use.source.creditCode),
          use.items.join(', '),
          use.operator.name ?? use.operator.id,
          use.state,
        ),
      ),
    ),
    section(
      words.releases,
      data.releases.map((it) =>
        words.release(moment(it.at), nameOf(it.recipient), it.fields.join(', ')),
      ),
    ),
    section(
      words.reading,
      data.presentations.map(({ at, record }) => words.read(moment(at), record.secondsOpen)),
    ),
    section(words.stops, [
      ...(withdrawal ? [words.withdrawn(moment(withdrawal.at))] : []),
      ...holds.map((hold) => words.held(moment(hold.openedAt), hold.state)),
      ...(end ? [words.ended(moment(end.happenedAt))] : []),
      ...(privacy.restrictedAt ? [words.restricted(moment(privacy.restrictedAt))] : []),
      ...(privacy.retention
        ? [words.kept(moment(privacy.retention.keptUntil), privacy.retention.basis)]
        : []),
    ]),
    section(
      words.idImages,
      data.idImages.map(({ keptAt, keepUntil, destroyed }) =>
        words.image(
          moment(keptAt),
          moment(keepUntil),
          destroyed ? moment(destroyed.at) : undefined,
        ),
      ),
    ),
    section(
      words.accesses,
      data.accesses.map(({ at, purpose, actor }) => `${moment(at)} ${purpose} ${actor}`),
    ),
    section(
      words.trail,
      data.trail.map(({ at, type }) => `${moment(at)} ${type}`),
    ),
  ];
}

/** Plain text, a heading and its lines. */
export const readableText = (sections: readonly ReadableSection[]): string =>
  sections.map(({ title, lines }) => [`【${title}】`, ...lines, ''].join('\n')).join('\n');
