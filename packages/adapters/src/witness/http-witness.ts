import { DomainError, utf8, type CheckpointWitness } from '@mandate/core';
import { parseVkey } from '@mandate/ledger';
import { httpPost } from '../http-post.js';

/** A cosignature has some 150 bytes; a witness may have several keys. */
const MAX_BYTES = 16_384;
const TIMEOUT_MS = 5_000;

/**
 * A witness at a submission prefix (C2SP tlog-witness). Throws `config-invalid` at once when the key is not a
 * cosigner's; `addCheckpoint` throws `authority-unavailable`.
 */
export function httpWitness(vkey: string, url: string): CheckpointWitness {
  const { name, use } = parseVkey(vkey);
  if (use !== 'cosignature')
    throw new DomainError('config-invalid', `the key of ${name} is not a witness’s`);
  const target = `${url.replace(/\/$/, '')}/add-checkpoint`;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return {
    vkey,
    async addCheckpoint(body) {
      try {
        const request = { headers, body: utf8(body) };
        const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
        const answer = await httpPost(target, request, limits);
        return { status: answer.status, body: Buffer.from(answer.body).toString('utf8') };
      } catch (cause) {
        const detail = `the witness ${name} did not answer`;
        throw new DomainError('authority-unavailable', detail, { cause });
      }
    },
  };
}
