import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of a bundle’s manifest, seal, copies of one thing in several places, and disclosures. */
export const BUNDLE_WORDS = {
  'manifest-complete': words(
    ['清单列出了证据包的全部文件', '清单与证据包内的文件不一一对应'],
    ['The manifest lists every part of the bundle', 'Manifest and parts do not correspond'],
  ),
  'manifest-digests': words(
    ['各文件的摘要值与清单一致', '有文件的摘要值与清单不一致'],
    ['Every part has the digest the manifest states', 'A part was changed after sealing'],
  ),
  'seal-readable': words(
    ['机构电子签章结构正确', '机构电子签章缺失或结构不正确'],
    ["The organisation's seal is well-formed", "The organisation's seal is missing or malformed"],
  ),
  'seal-purpose': words(
    ['签章证书可用于证据包', '签章证书另有用途，不可用于证据包'],
    [
      'The seal is one that may seal evidence',
      'The seal is one for something else: it cannot seal a bundle',
    ],
  ),
  'letter-copy': words(
    ['展示的授权书与签署的授权书逐字节一致', '展示的授权书与签署的授权书不一致'],
    [
      'The letter as shown is, byte for byte, the letter as signed',
      'The letter as shown is not the letter as signed',
    ],
  ),
  'certificate-copy': words(
    ['另存的证书与签名中的证书一致', '另存的证书与签名中的证书不一致'],
    [
      'The certificate beside the letter is the one in the signature',
      'The certificate beside the letter is not the one in the signature',
    ],
  ),
  'token-copy': words(
    ['另存的时间戳与签名中的时间戳一致', '另存的时间戳与签名中的时间戳不一致'],
    [
      'The timestamp beside the letter is the one in the signature',
      'The timestamp beside the letter is not the one in the signature',
    ],
  ),
  'disclosure-readable': words(
    ['附加的加密披露结构正确', '附加的加密披露结构不正确'],
    ['The encrypted disclosure is well-formed', 'An encrypted disclosure is malformed'],
  ),
  'disclosure-values': words(
    ['所披露的内容与证据包内的承诺值逐项相符', '所披露的内容与证据包内的承诺值不符，或者无法解密'],
    [
      'What is disclosed opens commitments that stand in the bundle',
      'What is disclosed opens no commitment of this bundle, or cannot be decrypted',
    ],
  ),
} satisfies Partial<Record<OwnFindingId, Words>>;
