"""The letter: a PDF of ours, and the one revision that signing may append to it.

Only as much PDF (ISO 32000-1) as our letters use: classic cross-reference tables, no object streams.
"""

import functools
import re
import subprocess
import tempfile
import zlib
from pathlib import Path

TOKEN = re.compile(
    rb"[\0\t\n\f\r ]*(?:(?P<ref>\d+ \d+ R(?![^\0\t\n\f\r ()<>\[\]{}/%]))"
    rb"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|(?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<mark><<|>>|\[|\])|(?P<hex><[0-9A-Fa-f\0\t\n\f\r ]*>)|(?P<text>\()|(?P<word>true|false|null))"
)


def read_object(data, at=0, depth=0):
    """(value, end). Dictionaries are dicts by name, other atoms their own spelling in bytes."""
    match = TOKEN.match(data, at)
    if not match or depth > 30:
        raise ValueError("PDF: no object")
    kind, spelt, at = match.lastgroup, match[match.lastgroup], match.end()
    if kind == "text":
        return _literal(data, at)
    if kind == "hex":
        return b"".join(spelt.lower().split()), at
    if kind != "mark":
        return spelt, at
    if spelt in (b">>", b"]"):
        raise ValueError("PDF: unbalanced")
    closing = b">>" if spelt == b"<<" else b"]"
    values = []
    while True:
        match = TOKEN.match(data, at)
        if match and match.lastgroup == "mark" and match["mark"] == closing:
            break
        value, at = read_object(data, at, depth + 1)
        values.append(value)
    if closing == b"]":
        return values, match.end()
    names = values[::2]
    if len(values) % 2 or len({bytes(each) for each in names}) != len(names):
        raise ValueError("PDF: dictionary")
    return dict(zip(names, values[1::2])), match.end()


def _literal(data, at):
    start, depth = at - 1, 1
    while depth:
        byte = data[at : at + 1]
        if not byte:
            raise ValueError("PDF: text without end")
        if byte == b"\\":
            at += 1
        depth += {b"(": 1, b")": -1}.get(byte, 0)
        at += 1
    return bytes(data[start:at]), at


class Revision:
    """One cross-reference section with its trailer, ending at `end`."""

    def __init__(self, data, end):
        tail = re.search(rb"startxref\n(\d+)\n%%EOF\n?$", data[max(0, end - 64) : end])
        if not tail:
            raise ValueError("PDF: end of file")
        self.table_at = int(tail[1])
        section = data[self.table_at : end]
        match = re.match(rb"xref\n((?:\d+ \d+\n(?:\d{10} \d{5} [nf][ \r]\n)*)+)\s*trailer\s*", section)
        if not match:
            raise ValueError("PDF: cross-reference table")
        self.offsets, number = {}, 0
        for line in match[1].replace(b" \n", b"\n").replace(b"\r\n", b"\n").split(b"\n")[:-1]:
            fields = line.split(b" ")
            if len(fields) == 2:
                number = int(fields[0])
            else:
                if fields[2] == b"n":
                    self.offsets[number] = int(fields[0])
                number += 1
        self.trailer, trailer_end = read_object(section, match.end())
        rest = section[trailer_end:].strip(b"\n\r ")
        if rest != b"startxref\n%d\n%%%%EOF" % self.table_at:
            raise ValueError("PDF: something behind the trailer")
        self.data, self.end = data, end

    def object(self, number):
        at = self.offsets[number]
        head = b"%d 0 obj" % number
        if self.data[at : at + len(head)] != head:
            raise ValueError("PDF: object not where the table says")
        return read_object(self.data, at + len(head))[0]


    def stream(self, number):
        """Dictionary and content of a stream, inflated."""
        at = self.offsets[number]
        value, end = read_object(self.data, at + len(b"%d 0 obj" % number))
        head = re.match(rb"\s*stream\r?\n", self.data[end : end + 20])
        if not head or not isinstance(value, dict):
            raise ValueError("PDF: no stream")
        content = self.data[end + head.end() :][: int(value[b"/Length"])]
        try:
            return value, content if b"/Filter" not in value else zlib.decompress(content)
        except zlib.error as error:
            raise ValueError("PDF: stream") from error

    def resolve(self, value):
        return self.object(number_of(value)) if is_reference(value) else value


def is_reference(value):
    return isinstance(value, bytes) and value.endswith(b" R")


def number_of(reference):
    if not is_reference(reference) or not reference.endswith(b" 0 R"):
        raise ValueError("PDF: no reference")
    return int(reference.split(b" ")[0])


FIELD_NAME = b"(MandateSubject)"


class Shown:
    """[A-1] The letter as shown: one revision with an empty field for the signature. [Z-4] A list, by its own field."""

    def __init__(self, data, name=FIELD_NAME):
        self.data, self.revision = data, Revision(data, len(data))
        trailer = self.revision.trailer
        if b"/Prev" in trailer or b"/Encrypt" in trailer:
            raise ValueError("PDF: not one plain revision")
        self.root = number_of(trailer[b"/Root"])
        self.catalogue = self.revision.object(self.root)
        form = self.catalogue[b"/AcroForm"]
        self.form = number_of(form) if is_reference(form) else None
        fields = self.revision.resolve(form)[b"/Fields"]
        matching = [number_of(each) for each in fields if self.revision.resolve(each).get(b"/T") == name]
        if b"/Perms" in self.catalogue or len(matching) != 1 or len(fields) != 1:
            raise ValueError("PDF: permissions, or not one field")
        self.field = matching[0]
        value = self.revision.object(self.field)
        if value.get(b"/FT") != b"/Sig" or b"/V" in value:
            raise ValueError("PDF: the field is not an empty signature")

    def annotations(self):
        """[D-5] Each annotation with the number of its page from 0; and the pages."""
        found, pages = [], []

        def walk(node):
            value = self.revision.resolve(node)
            if len(pages) > 1000:
                raise ValueError("PDF: too many pages")
            if value[b"/Type"] == b"/Page":
                found.extend((each, len(pages)) for each in self.revision.resolve(value.get(b"/Annots", [])))
                pages.append(node)
            else:
                for kid in self.revision.resolve(value[b"/Kids"]):
                    walk(kid)

        walk(self.catalogue[b"/Pages"])
        return found, pages

    def field_is_plain(self):
        """[D-5] The field is the only annotation, on the last page, with the members due and no others; so is the form."""
        annotations, pages = self.annotations()
        last = len(pages) - 1
        if annotations != [(b"%d 0 R" % self.field, last)]:
            return False
        value = dict(self.revision.object(self.field))
        appearance = self.revision.resolve(value.pop(b"/AP", {}))
        due = {
            b"/Type": b"/Annot",
            b"/Subtype": b"/Widget",
            b"/FT": b"/Sig",
            b"/T": FIELD_NAME,
            b"/F": b"132",
            b"/P": pages[last],
        }
        if value.pop(b"/Rect", None) is None or value != due or set(appearance) != {b"/N"}:
            return False
        if set(self.revision.resolve(self.catalogue[b"/AcroForm"])) != {b"/Fields"}:
            return False
        self.revision.stream(number_of(appearance[b"/N"]))
        return True

    def terms(self, name=b"(terms.json)"):
        """[D-1] The bytes of the associated file; None without one."""
        for reference in self.revision.resolve(self.catalogue.get(b"/AF", [])):
            file = self.revision.resolve(reference)
            if file.get(b"/F") == name:
                return self.revision.stream(number_of(file[b"/EF"][b"/F"]))[1]
        return None


def shown_part(signed):
    """The bytes before the one update: its first object follows them after a line end."""
    return signed[: min(Revision(signed, len(signed)).offsets.values()) - 1]


def read_update(signed, name=FIELD_NAME):
    """[A-2] The signature's dictionary, from the one revision that may follow the letter."""
    shown, revision = Shown(shown_part(signed), name), Revision(signed, len(signed))
    number = int(shown.revision.trailer[b"/Size"])
    trailer = dict(shown.revision.trailer)
    trailer[b"/Size"] = b"%d" % (number + 1)
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", shown.data)
    trailer[b"/Prev"] = start[1]
    rewritten = {shown.root, shown.field, number} | ({shown.form} if shown.form is not None else set())
    if revision.trailer != trailer or set(revision.offsets) != rewritten:
        raise ValueError("PDF: trailer, or another object")
    reference = b"%d 0 R" % number
    at, values = len(shown.data) + 1, {}
    if signed[at - 1 : at] != b"\n":
        raise ValueError("PDF: the update does not begin where it should")
    for each in sorted(rewritten):
        head = b"%d 0 obj\n" % each
        if revision.offsets[each] != at or not signed.startswith(head, at):
            raise ValueError("PDF: object not in its place")
        values[each], end = read_object(signed, at + len(head))
        if not signed.startswith(b"\nendobj\n", end):
            raise ValueError("PDF: something behind an object")
        at = end + len(b"\nendobj\n")
    if at != revision.table_at:
        raise ValueError("PDF: something before the table")
    _compare(shown, values, reference)
    return values[number]


def _compare(shown, values, reference):
    field = {**shown.revision.object(shown.field), b"/V": reference}
    catalogue = {**shown.catalogue, b"/Perms": {b"/DocMDP": reference}}
    if not shown.data.startswith(b"%PDF-2"):
        level = {b"/BaseVersion": b"/1.7", b"/ExtensionLevel": b"5"}
        catalogue[b"/Extensions"] = {**shown.catalogue.get(b"/Extensions", {}), b"/ESIC": level}
    if shown.form is None:
        catalogue[b"/AcroForm"] = {**catalogue[b"/AcroForm"], b"/SigFlags": b"3"}
    else:
        form = {**shown.revision.object(shown.form), b"/SigFlags": b"3"}
        if values[shown.form] != form:
            raise ValueError("PDF: form")
    if values[shown.field] != field or values[shown.root] != catalogue:
        raise ValueError("PDF: field or catalogue")


def read_signature(value, signed):
    """[A-3] (CMS bytes, covered bytes) of a signature's dictionary."""
    fixed = {
        b"/Type": b"/Sig",
        b"/Filter": b"/Adobe.PPKLite",
        b"/SubFilter": b"/ETSI.CAdES.detached",
        b"/Reference": [
            {
                b"/Type": b"/SigRef",
                b"/TransformMethod": b"/DocMDP",
                b"/TransformParams": {b"/Type": b"/TransformParams", b"/P": b"1", b"/V": b"/1.2"},
            }
        ],
    }
    rest = {name: inner for name, inner in value.items() if name not in (b"/Contents", b"/ByteRange", b"/M")}
    date = re.fullmatch(rb"\(D:(\d{14})Z\)", value.get(b"/M", b""))
    if rest != fixed or not date:
        raise ValueError("PDF: signature dictionary")
    return read_contents(value, signed)


def read_contents(value, signed):
    """(DER, covered bytes): `/Contents` followed by zeros, and everything around it."""
    contents, ranges = value.get(b"/Contents", b""), [int(each) for each in value[b"/ByteRange"]]
    start = signed.find(contents, len(signed) - len(contents) - 4096) if contents else -1
    if not re.fullmatch(rb"<(?:[0-9a-f]{2})+>", contents):
        raise ValueError("PDF: contents")
    end = start + len(contents)
    if ranges != [0, start, end, len(signed) - end]:
        raise ValueError("PDF: byte range")
    held = bytes.fromhex(contents[1:-1].decode())
    size = _der_size(held)
    if any(held[size:]):
        raise ValueError("PDF: something behind the signature")
    return held[:size], signed[:start] + signed[end:]


def _der_size(data):
    if len(data) < 4 or data[1] < 0x80:
        return 2 + data[1]
    size = data[1] & 0x7F
    return 2 + size + int.from_bytes(data[2 : 2 + size], "big")


@functools.lru_cache(maxsize=64)
def page_text(data):
    """What pdftotext reads on the pages; None if it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.pdf"
        path.write_bytes(data)
        command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return done.stdout.decode("utf-8") if done.returncode == 0 else None
