"""What single readers are told beyond a bundle (docs/evidence-format.md, 2.4)."""

import hashlib
import hmac
import json
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives import hashes

import shapes
import strict_json
from container import from_base64, to_base64url

NAME = re.compile(r"disclosures/([A-Za-z0-9_-]{43})\.jwe")
FORMAT, HASH = "FORMAT_FAILURE", "HASH_FAILURE"
VALUE = shapes.obj(
    commitment=shapes.hex32,
    field=shapes.matching(r"[!-~]{1,100}"),
    salt=shapes.matching(r"[A-Za-z0-9_-]{43}"),
    value=lambda it: isinstance(it, str) and len(it.encode("utf-16-le")) <= 200_000,
)
SHAPE = shapes.obj(
    format=shapes.one_of("mandate-disclosure/v1"), letter=shapes.hex32, values=shapes.lst(VALUE, 0, 1000)
)


def is_name(name):
    return NAME.fullmatch(name) is not None


def _integer(text):
    value = from_base64(text, url=True)
    if len(value) != 32:
        raise ValueError("JWK: a coordinate is 32 bytes")
    return int.from_bytes(value, "big")


def _public(jwk):
    if set(jwk) != {"crv", "kty", "x", "y"} or (jwk["crv"], jwk["kty"]) != ("P-256", "EC"):
        raise ValueError("JWK: no key of P-256")
    return ec.EllipticCurvePublicNumbers(_integer(jwk["x"]), _integer(jwk["y"]), ec.SECP256R1()).public_key()


class ReaderKey:
    """A private JWK of P-256."""

    def __init__(self, data):
        jwk = json.loads(data)
        public = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
        self.kid = to_base64url(hashlib.sha256(strict_json.spell(public).encode()).digest())
        self.private = ec.derive_private_key(_integer(jwk["d"]), ec.SECP256R1())


class Message:
    """[F-1] Compact JWE, ECDH-ES with A256GCM."""

    def __init__(self, kid, data):
        if len(data) > 1 << 20:
            raise ValueError("disclosure: too long")
        head, key, nonce, body, tag = data.decode("ascii").split(".")
        header = strict_json.parse(from_base64(head, url=True))
        named = {name: header.get(name) for name in ("alg", "enc", "kid", "typ")}
        due = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": kid, "typ": "mandate-disclosure+jwe"}
        self.head, self.ephemeral = head, _public(header["epk"])
        self.nonce, self.sealed = from_base64(nonce, url=True), from_base64(body, url=True) + from_base64(tag, url=True)
        parts = (key, len(self.nonce), len(from_base64(tag, url=True)))
        if set(header) != {*due, "epk"} or named != due or parts != ("", 12, 16):
            raise ValueError("disclosure: header or parts")

    def open(self, reader):
        """RFC 7518, 4.6: the key agreed on is the content key. None if it does not open."""
        algorithm = b"A256GCM"
        info = len(algorithm).to_bytes(4, "big") + algorithm + bytes(8) + (256).to_bytes(4, "big")
        shared = reader.private.exchange(ec.ECDH(), self.ephemeral)
        key = ConcatKDFHash(hashes.SHA256(), 32, info).derive(shared)
        try:
            return AESGCM(key).decrypt(self.nonce, self.sealed, self.head.encode())
        except InvalidTag:
            return None


def judge(note, read, it):
    """[F-1] of all, [F-2] of those for the reader whose key is known."""
    for name in filter(is_name, list(it.entries)):
        kid = NAME.fullmatch(name)[1]
        message = read("F-1", Message, kid, it.entries[name])
        if message is None or it.reader is None or it.reader.kid != kid:
            continue
        plain = message.open(it.reader)
        if not note("F-2", plain is not None, HASH, "does not open"):
            continue
        value = read("F-2", strict_json.parse, plain)
        if value is None or not note("F-2", SHAPE(value), FORMAT):
            continue
        known = commitments_in(it)
        opened = all((each["commitment"], each["field"]) in known and _opens(each) for each in value["values"])
        note("F-2", opened and value["letter"] == it.letter_digest, HASH)


def _opens(each):
    try:
        salt = from_base64(each["salt"], url=True)
    except ValueError:
        return False
    told = each["field"].encode() + b"\0" + each["value"].encode()
    return hmac.new(salt, told, hashlib.sha256).hexdigest() == each["commitment"]


RECORD_PLACES = [
    ("template", r"/(?:authors/\d+|approver|lint/waivers/\d+/by)", "person"),
    ("scene", r"/subject/(name|idNumber|phone)", r"subject.\1"),
    ("code-record", r"/phone", "subject.phone"),
    ("identity", r"/results/\d+/compared/(name|idNumber|phone|card|credential)", r"identity.\1"),
]
FACT_PLACES = {
    "mandate-redemption/v1": ("operator", "operator"),
    "mandate-release/v1": ("content", "subject-data"),
    "mandate-id-image-destruction/v1": ("content", "id-image"),
}


def commitments_in(it):
    """(commitment, field) for each place of [F-2] where the bundle commits to something."""
    found = set()

    def walk(value, at, pattern, field):
        if isinstance(value, str):
            match = re.fullmatch(pattern, at, re.ASCII)
            if match:
                found.add((value, match.expand(field)))
        elif isinstance(value, (list, dict)):
            for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
                walk(inner, f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}", pattern, field)

    for part, pattern, field in RECORD_PLACES:
        name = f"authorization/{part}.json"
        if name in it.entries:
            walk(strict_json.parse(it.entries[name]), "", pattern, field)
    for name, data in it.entries.items():
        if not re.fullmatch(r"later/\d{3}/receipts\.json", name):
            continue
        try:
            receipts = strict_json.parse(data)["receipts"]
        except (ValueError, KeyError, TypeError):
            continue
        for receipt in receipts if isinstance(receipts, list) else []:
            try:
                fact = strict_json.parse(from_base64(receipt["jws"].split(".")[1], url=True))["fact"]
                member, field = FACT_PLACES[fact["format"]]
                found.add((fact[member], field))
            except (ValueError, KeyError, TypeError, IndexError, AttributeError):
                continue
    return found
