import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of whether a file can be read at all, and of a PDF: its signature, what was appended, anybody’s signatures. */
export const FILE_WORDS = {
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
} satisfies Partial<Record<OwnFindingId, Words>>;
