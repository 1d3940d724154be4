"""The container: a ZIP of one fixed form, and the manifest, an XML of one fixed form."""

import base64
import binascii
import hashlib
import re
import struct
import zlib

MIME = b"application/vnd.etsi.asic-e+zip"
LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
VERSION, DATE = 10, 0x21  # 1.0; 1 January 1980


class Unsupported(ValueError):
    """A ZIP that another reader might open and this profile does not know."""


class TooMany(ValueError):
    """More entries than a container of its kind may have."""


def read_zip(data, most):
    """Name → bytes in the order of the container, at most so many. Whatever is not the one fixed form is a ValueError."""
    entries, at = {}, 0
    while data[at : at + 4] == b"PK\3\4":
        if len(data) < at + LOCAL.size:
            raise ValueError("ZIP: cut short")
        _, _, flags, method, _, _, crc, packed, size, name_length, extra = LOCAL.unpack_from(data, at)
        if flags & 1 or method != 0:
            raise Unsupported("ZIP: encrypted or compressed")
        start = at + LOCAL.size + name_length + extra
        name = data[at + LOCAL.size : at + LOCAL.size + name_length].decode("ascii")
        at = start + size
        content = data[start:at]
        if packed != size or len(content) != size or name in entries:
            raise ValueError("ZIP: sizes, or a name twice")
        if zlib.crc32(content) != crc:
            raise ValueError("ZIP: checksum of " + name)
        entries[name] = content
        if len(entries) > most:
            raise TooMany("ZIP: entries")
    if write_zip(entries) != data:
        raise ValueError("ZIP: not in its fixed form")
    return entries


def write_zip(entries):
    """The one form: stored, no extra fields, no comments, nothing between and nothing behind."""
    body, directory = bytearray(), bytearray()
    for name, content in entries.items():
        encoded, crc, size = name.encode(), zlib.crc32(content), len(content)
        directory += CENTRAL.pack(
            b"PK\1\2", VERSION, VERSION, 0, 0, 0, DATE, crc, size, size, len(encoded), 0, 0, 0, 0, 0, len(body)
        )
        directory += encoded
        body += LOCAL.pack(b"PK\3\4", VERSION, 0, 0, 0, DATE, crc, size, size, len(encoded), 0)
        body += encoded + content
    count = len(entries)
    end = END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


MANIFEST_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
    'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
    '<asic:SigReference URI="{}" MimeType="application/pkcs7-signature"/>\n'
)
REFERENCE = re.compile(
    r'<asic:DataObjectReference URI="([A-Za-z0-9._/-]+)" MimeType="([A-Za-z0-9.+/=; -]+)">'
    r'<ds:DigestMethod Algorithm="http://www\.w3\.org/2001/04/xmlenc#sha256"/>'
    r"<ds:DigestValue>([A-Za-z0-9+/]{43}=)</ds:DigestValue></asic:DataObjectReference>\n"
)


def read_manifest(data, seal_name):
    """Name → (media type, SHA-256). ValueError for any other spelling."""
    text = data.decode("utf-8")
    head = MANIFEST_HEAD.format(seal_name)
    foot = "</asic:ASiCManifest>\n"
    if not text.startswith(head) or not text.endswith(foot):
        raise ValueError("manifest: head or foot")
    body = text[len(head) : -len(foot)]
    found, at = {}, 0
    for match in REFERENCE.finditer(body):
        if match.start() != at or match[1] in found:
            raise ValueError("manifest: something between, or a name twice")
        at = match.end()
        found[match[1]] = (match[2], from_base64(match[3]))
    if at != len(body) or list(found) != sorted(found):
        raise ValueError("manifest: something behind, or not sorted")
    return found


def from_base64(text, url=False):
    """Canonical base64 (padded) or base64url (not padded); ValueError for anything else."""
    try:
        if url:
            data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            again = to_base64url(data)
        else:
            data = base64.b64decode(text, validate=True)
            again = base64.b64encode(data).decode()
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("base64") from error
    if again != text:
        raise ValueError("base64: not canonical")
    return data


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sha256(data):
    return hashlib.sha256(data).digest()
