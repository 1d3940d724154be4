"""Strict DER (X.690): one reading of the bytes, or ValueError. Nothing here knows what they mean."""

import datetime
import re

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, ENUMERATED = 1, 2, 3, 4, 5, 6, 10
UTF8, PRINTABLE, UTC_TIME, GENERALIZED_TIME = 12, 19, 23, 24
SEQUENCE, SET = 0x30, 0x31
MAX_DEPTH = 40


class Node:
    """One element: `tag` is the whole identifier octet, `content` without header, `raw` with it."""

    __slots__ = ("tag", "content", "raw", "children")

    def __init__(self, tag, content, raw, children):
        self.tag, self.content, self.raw, self.children = tag, content, raw, children

    def __getitem__(self, index):
        return self.children[index]

    def __len__(self):
        return len(self.children)

    def __iter__(self):
        return iter(self.children)

    def expect(self, tag, least=0, most=10_000):
        """Itself, if it has that tag and so many children; a ValueError else."""
        if self.tag != tag or (self.tag & 0x20 and not least <= len(self.children) <= most):
            raise ValueError(f"DER: tag {self.tag:#x} with {len(self.children)} children")
        return self

    def oid(self):
        self.expect(OID)
        arcs, value = [], 0
        for byte in self.content:
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))

    def integer(self, tag=INTEGER):
        self.expect(tag)
        return int.from_bytes(self.content, "big", signed=True)

    def octets(self):
        return self.expect(OCTET_STRING).content

    def algorithm(self):
        """The identifier of an AlgorithmIdentifier; its parameters are nobody's business here."""
        return self.expect(SEQUENCE, 1, 2)[0].oid()

    def boolean(self):
        return self.expect(BOOLEAN).content == b"\xff"

    def bits(self):
        """Of a BIT STRING that is whole octets."""
        if self.expect(BIT_STRING).content[0]:
            raise ValueError("DER: not whole octets")
        return self.content[1:]

    def text(self):
        if self.tag not in (UTF8, PRINTABLE):
            raise ValueError("DER: no text")
        return self.content.decode("utf-8" if self.tag == UTF8 else "ascii")

    def time(self):
        """Aware UTC; fractions of a second only where DER allows them."""
        text = self.content.decode("ascii")
        if self.tag == UTC_TIME and re.fullmatch(r"\d{12}Z", text):
            year = int(text[:2])
            text = str(1900 + year if year >= 50 else 2000 + year) + text[2:]
        elif self.tag != GENERALIZED_TIME or not re.fullmatch(r"\d{14}(\.\d{0,5}[1-9])?Z", text):
            raise ValueError("DER: malformed time")
        whole = datetime.datetime.strptime(text[:14], "%Y%m%d%H%M%S")
        fraction = datetime.timedelta(microseconds=int(text[15:-1].ljust(6, "0") or 0))
        return (whole + fraction).replace(tzinfo=datetime.timezone.utc)


def parse(data, depth=0):
    """The one element that these bytes are."""
    node, end = _element(bytes(data), 0, depth)
    if end != len(data):
        raise ValueError("DER: trailing bytes")
    return node


def _element(data, at, depth):
    if depth > MAX_DEPTH or at + 2 > len(data):
        raise ValueError("DER: too deep or cut short")
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F or tag == 0:
        raise ValueError("DER: tag not of this profile")
    if length >= 0x80:
        size = length & 0x7F
        body = data[start : start + size]
        if not 1 <= size <= 4 or len(body) < size or body[0] == 0:
            raise ValueError("DER: length")
        length, start = int.from_bytes(body, "big"), start + size
        if length < 0x80:
            raise ValueError("DER: length not minimal")
    end = start + length
    if end > len(data):
        raise ValueError("DER: cut short")
    content = data[start:end]
    children = []
    if tag & 0x20:
        while start < end:
            child, start = _element(data[:end], start, depth + 1)
            children.append(child)
        if tag == SET and any(a.raw > b.raw for a, b in zip(children, children[1:])):
            raise ValueError("DER: set not in order")
    else:
        _primitive(tag, content)
    return Node(tag, content, data[at:end], children), end


def _primitive(tag, content):
    """What DER says of the content of primitive universal types."""
    if tag & 0xC0:
        return
    if tag == BOOLEAN:
        good = content in (b"\x00", b"\xff")
    elif tag in (INTEGER, ENUMERATED):
        good = len(content) > 0 and not (
            len(content) > 1
            and (content[0] == 0 and content[1] < 0x80 or content[0] == 0xFF and content[1] >= 0x80)
        )
    elif tag == BIT_STRING:
        unused = content[0] if content else 8
        good = unused == 0 or unused < 8 and len(content) > 1 and not content[-1] & (1 << unused) - 1
    elif tag == OID:
        starts = [b for a, b in zip(b"\x00" + content, content) if a < 0x80]
        good = len(content) > 0 and content[-1] < 0x80 and 0x80 not in starts
    elif tag == NULL:
        good = content == b""
    else:
        good = tag not in (SEQUENCE & 0x1F, SET & 0x1F)  # these are always constructed
    if not good:
        raise ValueError(f"DER: malformed primitive {tag}")
