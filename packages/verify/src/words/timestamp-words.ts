import type { OwnFindingId } from '../catalogue.js';
import { words, type Words } from './words-of.js';

/** Words of timestamps and of what renews them. */
export const TIMESTAMP_WORDS = {
  'timestamp-present': words(
    ['签名附有一个时间戳', '签名没有附带时间戳，或所附的不止一个'],
    ['The signature carries one timestamp', 'The signature carries no timestamp, or several'],
  ),
  'timestamp-readable': words(
    ['时间戳结构正确', '时间戳结构不正确'],
    ['The timestamp is well-formed', 'The timestamp is malformed'],
  ),
  'timestamp-order': words(
    ['证据包封存晚于签署', '证据包封存早于签署'],
    ['The bundle was sealed after the signing', 'The bundle was sealed before the signing'],
  ),
  'timestamp-ageing': words(
    ['时间戳服务的证书尚未到期', '时间戳服务的证书已到期，且没有后续时间证明'],
    [
      "The timestamp authority's certificate has not expired",
      "The timestamp authority's certificate has expired and nothing younger vouches for the token",
    ],
  ),
  'timestamp-algorithms': words(
    ['时间戳所用算法在所证明的时点可靠', '时间戳所用算法已不可靠，且没有更早的时间证明'],
    [
      'The algorithms of the timestamp were reliable when it is known to have existed',
      'The algorithms of the timestamp are no longer reliable and nothing proves it is older',
    ],
  ),
  'authority-status': words(
    ['所存材料表明时间戳服务的证书当时未被吊销', '时间戳服务的证书已被吊销'],
    [
      "What is kept says that the timestamp authority's certificate was not revoked then",
      "The timestamp authority's certificate was revoked",
    ],
  ),
  'operators-distinct': words(
    ['时间戳来自足够多的不同机构', '时间戳来自的不同机构数量不足'],
    [
      'Timestamps come from as many different operators as asked for',
      'Timestamps come from fewer different operators than asked for',
    ],
  ),
  'archive-readable': words(
    ['文档时间戳结构正确', '文档时间戳结构不正确'],
    ['The document timestamp is well-formed', 'The document timestamp is malformed'],
  ),
  'archive-ageing': words(
    ['文档时间戳在服务证书到期前得到续期', '文档时间戳服务的证书已到期，且没有续期'],
    [
      "The document timestamp was renewed, or its authority's certificate has not expired",
      "The document timestamp's authority has expired and the archive was not renewed before",
    ],
  ),
  'archive-order': words(
    ['文档时间戳先后有序', '文档时间戳先后颠倒'],
    ['The document timestamps are in order', 'The document timestamps are out of order'],
  ),
} satisfies Partial<Record<OwnFindingId, Words>>;
