import { deflateSync, inflateSync } from 'node:zlib';

/** A letter as shown (one revision, one classic table) with some objects changed, as its operator could have made it. */
export function rewriteLetter(
  letter: Uint8Array,
  change: (body: string, number: number) => string,
): Uint8Array {
  const text = Buffer.from(letter).toString('latin1');
  const tableAt = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)![1]);
  const [, count, lines, tail] = /^xref\n0 (\d+)\n((?:.{18}[ \r]\n)+)([^]*)$/.exec(
    text.slice(tableAt),
  )!;
  const offsets = lines!.match(/.{18}[ \r]\n/g)!.map((line) => Number(line.slice(0, 10)));
  const order = [...offsets.keys()].slice(1).sort((a, b) => offsets[a]! - offsets[b]!);
  let body = text.slice(0, offsets[order[0]!]);
  const moved: number[] = [];
  for (const [i, number] of order.entries()) {
    const end = i + 1 < order.length ? offsets[order[i + 1]!] : tableAt;
    moved[number] = body.length;
    body += change(text.slice(offsets[number], end), number);
  }
  const row = (n: number): string => `${String(moved[n]).padStart(10, '0')} 00000 n \n`;
  const table = Array.from({ length: Number(count) - 1 }, (_, i) => row(i + 1)).join('');
  const end = tail!.replace(/startxref\s+\d+/, `startxref\n${body.length}`);
  return new Uint8Array(
    Buffer.from(`${body}xref\n0 ${count}\n${lines!.slice(0, 20)}${table}${end}`, 'latin1'),
  );
}

/** An object with a compressed stream, its content changed. */
export function changeStream(body: string, change: (content: string) => string): string {
  const [, head, data, tail] = /^([^]*?stream\r?\n)([^]*)(\r?\nendstream[^]*)$/.exec(body)!;
  const content = inflateSync(Buffer.from(data!, 'latin1')).toString('latin1');
  const packed = deflateSync(Buffer.from(change(content), 'latin1')).toString('latin1');
  return `${head!.replace(/\/Length \d+/, `/Length ${packed.length}`)}${packed}${tail!}`;
}
