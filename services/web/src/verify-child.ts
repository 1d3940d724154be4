import { fromBase64Url } from '@mandate/core';
import { verifyFile } from '@mandate/verify';
import { verificationView } from './pages/verification-view.js';
import type { ChildOrder } from './verify-in-child.js';

/** Entry of the child process: an order and a file on stdin, the verification with words on stdout. */
const chunks: Buffer[] = [];
for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
const input = Buffer.concat(chunks);
const lineEnd = input.indexOf(0x0a);
const { anchors, identity, receipt, at, language, sizes } = JSON.parse(
  input.toString('utf8', 0, lineEnd),
) as ChildOrder;

// The file, then what it is to be compared with.
const [file, ...beside] = parts(new Uint8Array(input.subarray(lineEnd + 1)), sizes);
const result = verifyFile(file!, {
  beside,
  anchors: {
    scene: anchors.scene.map(fromBase64Url),
    seal: anchors.seal.map(fromBase64Url),
    timestamp: anchors.timestamp.map(fromBase64Url),
    ledger: anchors.ledger,
    identity: identity.map((it) => ({ ...it, publicKey: fromBase64Url(it.publicKey) })),
    receipt,
  },
  at: new Date(at),
});
process.stdout.write(JSON.stringify(verificationView(result, language)));

function parts(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  let from = 0;
  return lengths.map((length) => bytes.subarray(from, (from += length)));
}
