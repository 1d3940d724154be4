"""Certificates, signed data, timestamp tokens and status responses, read strictly and judged in parts.

Readers raise ValueError. Judges return the set of what is wrong, in words that the rules choose from.
"""

import datetime
import functools

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

import der
from container import from_base64

SIGNED_DATA, DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
ESS, ESS_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"
BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
POLICIES, SUBJECT_KEY_ID, AUTHORITY_KEY_ID = "2.5.29.32", "2.5.29.14", "2.5.29.35"
SHORT_TERM = "0.4.0.194121.2.1"
SCENE_BINDING = "2.25.81704052118584555750488151940878558925"
KNOWN_EXTENSIONS = {
    BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, POLICIES, SUBJECT_KEY_ID, AUTHORITY_KEY_ID
}
LEAF_PURPOSE = {
    "scene": "1.3.6.1.5.5.7.3.36",
    "seal": "1.3.6.1.5.5.7.3.36",
    "timestamp": "1.3.6.1.5.5.7.3.8",
    "ocsp": "1.3.6.1.5.5.7.3.9",
}
NO_CHAIN, CONSTRAINTS = "NO_CERTIFICATE_CHAIN_FOUND", "CHAIN_CONSTRAINTS_FAILURE"
OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1"

DIGESTS = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
ECDSA = {
    "1.2.840.10045.4.3.2": hashes.SHA256,
    "1.2.840.10045.4.3.3": hashes.SHA384,
    "1.2.840.10045.4.3.4": hashes.SHA512,
}
RSA = {
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
ED25519 = "1.3.101.112"
SHA1 = "1.3.14.3.2.26"


def digest_of(oid, data):
    hasher = hashes.Hash(DIGESTS[oid]() if oid != SHA1 else hashes.SHA1())
    hasher.update(data)
    return hasher.finalize()


@functools.lru_cache(maxsize=4096)
def signature_holds(spki, algorithm, signature, data, digest=None):
    """False for anything that is not a good signature of a suite known here."""
    try:
        der.parse(spki)
        key = serialization.load_der_public_key(spki)
        if isinstance(key, ec.EllipticCurvePublicKey) and algorithm in ECDSA:
            if [child.tag for child in der.parse(signature)] != [der.INTEGER, der.INTEGER]:
                return False
            key.verify(signature, data, ec.ECDSA(ECDSA[algorithm]()))
        elif isinstance(key, ed25519.Ed25519PublicKey) and algorithm == ED25519:
            key.verify(signature, data)
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048 and (algorithm in RSA or algorithm == RSA_ENCRYPTION):
            hashed = RSA[algorithm] if algorithm in RSA else DIGESTS[digest]
            key.verify(signature, data, padding.PKCS1v15(), hashed())
        else:
            return False
        return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError):
        return False


def read_name(node):
    """(type, value) pairs of a Name; ValueError for another structure."""
    pairs = [pair for rdn in node.expect(der.SEQUENCE) for pair in rdn.expect(der.SET, 1)]
    if any(pair.expect(der.SEQUENCE, 2, 2)[1].tag not in (12, 19, 20, 22, 28, 30) for pair in pairs):
        raise ValueError("name: not a text")
    for _, value in pairs:
        charset = {12: "utf-8", 19: "ascii", 22: "ascii", 30: "utf-16-be", 28: "utf-32-be"}.get(value.tag, "latin-1")
        value.content.decode(charset)
    return [(pair[0].oid(), pair[1]) for pair in pairs]


class Certificate:
    """RFC 5280, version 3."""

    def __init__(self, raw):
        self.raw = bytes(raw)
        outer = der.parse(raw).expect(der.SEQUENCE, 3, 3)
        tbs, algorithm, signature = outer
        fields = list(tbs.expect(der.SEQUENCE, 8, 10))
        if fields[0].raw != bytes.fromhex("a003020102") or fields[2].raw != algorithm.raw:
            raise ValueError("certificate: version or algorithm")
        self.tbs, self.algorithm, self.signature = tbs.raw, algorithm.algorithm(), signature.bits()
        self.serial = fields[1].expect(der.INTEGER).content
        self.issuer, self.subject = fields[3].raw, fields[5].raw
        self.not_before, self.not_after = (each.time() for each in fields[4].expect(der.SEQUENCE, 2, 2))
        self.spki = fields[6].expect(der.SEQUENCE, 2, 2).raw
        self.key_bits = fields[6][1].bits()
        self.names, _ = read_name(fields[5]), read_name(fields[3])
        self.extensions = {}
        for field in fields[7:]:
            if field.tag == 0xA3:
                self._read_extensions(field[0])

    def _read_extensions(self, sequence):
        for extension in sequence.expect(der.SEQUENCE, 1):
            extension.expect(der.SEQUENCE, 2, 3)
            oid, critical = extension[0].oid(), len(extension) == 3
            if oid in self.extensions or critical and not extension[1].boolean():
                raise ValueError("certificate: extension twice, or a default spelt out")
            self.extensions[oid] = (critical, extension[len(extension) - 1].octets())

    def extension(self, oid):
        """The parsed value; None if it is not there."""
        return der.parse(self.extensions[oid][1]) if oid in self.extensions else None

    def is_critical(self, oid):
        return oid in self.extensions and self.extensions[oid][0]

    def usages(self):
        """Bits of key usage, most significant first; empty without the extension."""
        value = self.extension(KEY_USAGE)
        if value is None:
            return set()
        return {i for i in range(8 * (len(value.content) - 1)) if value.content[1 + i // 8] >> 7 - i % 8 & 1}

    def purposes(self):
        value = self.extension(EXTENDED_KEY_USAGE)
        return [] if value is None else [each.oid() for each in value]

    def policies(self):
        value = self.extension(POLICIES)
        return [] if value is None else [each[0].oid() for each in value]

    def authority(self):
        """(is one, how many may follow or None)."""
        value = self.extension(BASIC_CONSTRAINTS)
        if value is None or len(value) == 0:
            return False, None
        return value[0].boolean(), value[1].integer() if len(value) > 1 else None

    @property
    def serial_hex(self):
        return self.serial.lstrip(b"\0").hex() if self.serial[0] == 0 else self.serial.hex()


def judge_path(certificate, others, anchors, at, purpose):
    """[X-1] to [X-6]: what is wrong with the way from an anchor down, as (rule, sub-indication) pairs."""
    pool, trusted = [*anchors, *others], {anchor.raw for anchor in anchors}
    problems, path = _judge_leaf(certificate, purpose), [certificate]
    # whoever signs the data itself is no anchor, even if it is given as one
    while path[-1].raw not in trusted or len(path) == 1:
        current = path[-1]
        named = [each for each in pool if _may_issue(each, current) and each not in path]
        signed = [each for each in named if issued(each, current)]
        issuer = next((each for each in signed if each.raw in trusted), signed[0] if signed else None)
        if issuer is None or len(path) == 6:
            forged = named and _leads_to(named, pool, trusted)
            return problems | {("X-2", "CERTIFICATE_CHAIN_GENERAL_FAILURE") if forged else ("X-6", NO_CHAIN)}
        path.append(issuer)
    for below, each in enumerate(path):
        if not each.not_before <= at:
            problems.add(("X-3", "NOT_YET_VALID"))
        if not at < each.not_after + datetime.timedelta(seconds=1):
            problems.add(("X-3", "EXPIRED"))
        if any(critical and oid not in KNOWN_EXTENSIONS for oid, (critical, _) in each.extensions.items()):
            problems.add(("X-4", CONSTRAINTS))
        if below > 0:
            is_authority, room = each.authority()
            if not is_authority or 5 not in each.usages() or room is not None and room < below - 1:
                problems.add(("X-4", CONSTRAINTS))
            if each.purposes() and LEAF_PURPOSE[purpose] not in each.purposes():
                problems.add(("X-5", CONSTRAINTS))
    return problems


def _judge_leaf(leaf, purpose):
    problems = set()
    if leaf.authority()[0]:
        problems.add(("X-4", CONSTRAINTS))
    usages = leaf.usages()
    signing = {0, 1} <= usages if purpose == "scene" else bool(usages & {0, 1})
    critical = purpose != "timestamp" or leaf.is_critical(EXTENDED_KEY_USAGE)
    is_scene = SCENE_BINDING in leaf.extensions
    if (
        leaf.purposes() != [LEAF_PURPOSE[purpose]]
        or not signing
        or not critical
        or usages & {5, 6}
        or is_scene != (purpose == "scene")
    ):
        problems.add(("X-5", CONSTRAINTS))
    return problems


def _may_issue(issuer, subject):
    """Names equal by bytes, and the key identifier where one is stated."""
    stated, own = subject.extension(AUTHORITY_KEY_ID), issuer.extension(SUBJECT_KEY_ID)
    if issuer.subject != subject.issuer:
        return False
    identifiers = [each.content for each in stated if each.tag == 0x80] if stated is not None else []
    return not identifiers or own is None or own.octets() == identifiers[0]


def issued(issuer, subject):
    return signature_holds(issuer.spki, subject.algorithm, subject.signature, subject.tbs)


def _leads_to(named, pool, trusted):
    """Whether names alone lead from one of these to an anchor."""
    found, subjects = list(named), set()
    while found:
        each = found.pop()
        if each.raw in trusted:
            return True
        if each.raw not in subjects:
            subjects.add(each.raw)
            found += [other for other in pool if other.subject == each.issuer and other.raw != each.raw]
    return False


class SignedData:
    """CMS with exactly one signer (RFC 5652)."""

    def __init__(self, raw):
        outer = der.parse(raw).expect(der.SEQUENCE, 2, 2)
        if outer[0].oid() != SIGNED_DATA:
            raise ValueError("CMS: not signed data")
        parts = list(outer[1].expect(0xA0, 1, 1)[0].expect(der.SEQUENCE, 4, 6))
        self.version, encapsulated = parts[0].integer(), parts[2]
        self.digest_algorithms = [each.algorithm() for each in parts[1].expect(der.SET)]
        self.content_type = encapsulated[0].oid()
        self.content = encapsulated[1][0].octets() if len(encapsulated) > 1 else None
        self.certificates, signers = [], None
        for part in parts[3:]:
            if part.tag == 0xA0:
                self.certificates = [Certificate(each.raw) for each in part]
            elif part.tag == der.SET:
                signers = part
            elif part.tag != 0xA1:
                raise ValueError("CMS: unknown part")
        if signers is None:
            raise ValueError("CMS: no signers")
        self.signer_count = len(signers)
        if len(signers) == 1:
            self._read_signer(list(signers[0].expect(der.SEQUENCE, 5, 7)))

    def _read_signer(self, fields):
        self.signer_version, self.signer_id = fields[0].integer(), fields[1]
        self.digest_algorithm = fields[2].algorithm()
        rest = fields[3:]
        self.signed_raw, self.signed, self.unsigned = None, {}, {}
        if rest[0].tag == 0xA0:
            self.signed_raw = b"\x31" + rest[0].raw[1:]
            self.signed = _attributes(der.parse(self.signed_raw))
            rest = rest[1:]
        self.signature_algorithm, self.signature = rest[0].algorithm(), rest[1].octets()
        if len(rest) > 2:
            self.unsigned = _attributes(der.parse(b"\x31" + rest[2].expect(0xA1).raw[1:]))

    def signer(self):
        """The one certificate the signer identifier names; None for none and for two."""
        if self.signer_count != 1:
            return None
        named = {each.raw: each for each in self.certificates if self._names(each)}
        return next(iter(named.values())) if len(named) == 1 else None

    def _names(self, certificate):
        if self.signer_id.tag == der.SEQUENCE:
            issuer, serial = self.signer_id
            return issuer.raw == certificate.issuer and serial.content == certificate.serial
        key_id = certificate.extension(SUBJECT_KEY_ID)
        return self.signer_id.tag == 0x80 and key_id is not None and key_id.octets() == self.signer_id.content


def _attributes(items):
    found = {}
    for item in items:
        oid = item.expect(der.SEQUENCE, 2, 2)[0].oid()
        if oid in found:
            raise ValueError("CMS: an attribute twice")
        found[oid] = list(item[1].expect(der.SET, 1))
    return found


def judge_signed_data(cms, content_type, covered, exact):
    """(part, sub-indication) pairs; parts: form, attributes, digest, reference, signer, signature.

    `exact`: our own letters and seals, whose form and attributes are fixed.
    """
    if cms.signer_count != 1:
        return {("form", "FORMAT_FAILURE")}
    problems = set()
    kinds = {CONTENT_TYPE, MESSAGE_DIGEST, ESS_V2}
    if cms.content_type != content_type or cms.digest_algorithm not in cms.digest_algorithms:
        problems.add(("form", "FORMAT_FAILURE"))
    if exact and (
        (cms.version, cms.signer_version, cms.signer_id.tag) != (1, 1, der.SEQUENCE)
        or cms.content is not None
        or DIGESTS.get(cms.digest_algorithm) != hashes.SHA256
        or ECDSA.get(cms.signature_algorithm) != hashes.SHA256
    ):
        problems.add(("form", "FORMAT_FAILURE"))
    if cms.signed_raw is None:
        return problems | {("attributes", "FORMAT_FAILURE")}
    if exact and (set(cms.signed) != kinds or len(cms.signed[ESS_V2]) != 1):
        problems.add(("attributes", "SIG_CONSTRAINTS_FAILURE"))
    stated_type, stated = cms.signed.get(CONTENT_TYPE, []), cms.signed.get(MESSAGE_DIGEST, [])
    if len(stated_type) != 1 or stated_type[0].oid() != content_type:
        problems.add(("attributes", "FORMAT_FAILURE"))
    if len(stated) != 1 or cms.digest_algorithm not in DIGESTS:
        problems.add(("attributes", "FORMAT_FAILURE"))
    elif stated[0].octets() != digest_of(cms.digest_algorithm, covered):
        problems.add(("digest", "HASH_FAILURE"))
    signer = cms.signer()
    if signer is None:
        return problems | {("signer", "NO_SIGNING_CERTIFICATE_FOUND")}
    if not _ess_names(cms.signed, signer):
        problems.add(("reference", "SIG_CONSTRAINTS_FAILURE"))
    if not signature_holds(
        signer.spki, cms.signature_algorithm, cms.signature, cms.signed_raw, cms.digest_algorithm
    ):
        problems.add(("signature", "SIG_CRYPTO_FAILURE"))
    return problems


def _ess_names(signed, certificate):
    """The signing-certificate attribute names this very certificate first."""
    if len(signed.get(ESS_V2, [])) == 1:
        first = signed[ESS_V2][0][0][0]
        rest = list(first)
        algorithm = "2.16.840.1.101.3.4.2.1"
        if rest and rest[0].tag == der.SEQUENCE:
            algorithm, rest = rest[0].algorithm(), rest[1:]
        named = algorithm in DIGESTS and rest[0].octets() == digest_of(algorithm, certificate.raw)
    elif len(signed.get(ESS, [])) == 1:
        rest = list(signed[ESS][0][0][0])
        named = rest[0].octets() == digest_of(SHA1, certificate.raw)
    else:
        return False
    if named and len(rest) > 1:
        issuer, serial = rest[1]
        named = issuer[0][0].raw == certificate.issuer and serial.content == certificate.serial
    return named


class Token:
    """RFC 3161: signed data over a TSTInfo."""

    def __init__(self, raw):
        self.raw, self.cms = bytes(raw), SignedData(raw)
        if self.cms.content is None:
            raise ValueError("token: no content")
        fields = list(der.parse(self.cms.content).expect(der.SEQUENCE, 5, 10))
        self.version, self.policy = fields[0].integer(), fields[1].oid()
        imprint = fields[2].expect(der.SEQUENCE, 2, 2)
        self.imprint_algorithm, self.imprint = imprint[0].algorithm(), imprint[1].octets()
        self.time = fields[4].time()
        self.accuracy, self.nonce = None, None
        for field in fields[5:]:
            if field.tag == der.SEQUENCE:
                self.accuracy = _accuracy(field)
            elif field.tag == der.INTEGER:
                self.nonce = field.content
            elif field.tag == der.BOOLEAN:
                if not field.boolean():
                    raise ValueError("token: a default spelt out")
            elif field.tag not in (0xA0, 0xA1):
                raise ValueError("token: unknown field")


def _accuracy(field):
    seconds = 0.0
    for part in field:
        value = int.from_bytes(part.content, "big")
        seconds += value * {der.INTEGER: 1, 0x80: 1e-3, 0x81: 1e-6}[part.tag]
    return seconds


class TokenRequest:
    def __init__(self, raw):
        fields = list(der.parse(raw).expect(der.SEQUENCE, 2, 6))
        if fields[0].integer() != 1:
            raise ValueError("token request: version")
        imprint = fields[1].expect(der.SEQUENCE, 2, 2)
        self.imprint_algorithm, self.imprint = imprint[0].algorithm(), imprint[1].octets()
        if len(self.imprint) != DIGESTS[self.imprint_algorithm].digest_size:
            raise ValueError("token request: imprint")
        rest = [each.tag for each in fields[2:]]
        if rest != [tag for tag in (der.OID, der.INTEGER, der.BOOLEAN, 0xA0) if tag in rest]:
            raise ValueError("token request: fields")
        nonces = [each.content for each in fields[2:] if each.tag == der.INTEGER]
        self.nonce = nonces[0] if nonces else None
        asked = [each.boolean() for each in fields[2:] if each.tag == der.BOOLEAN]
        if self.nonce and self.nonce[0] >= 0x80 or asked == [False]:
            raise ValueError("token request: nonce, or a default spelt out")


class StatusResponse:
    """RFC 6960, a successful basic response."""

    def __init__(self, raw):
        outer = der.parse(raw).expect(der.SEQUENCE, 2, 2)
        if outer[0].integer(der.ENUMERATED) != 0:
            raise ValueError("OCSP: not successful")
        kind, wrapped = outer[1].expect(0xA0, 1, 1)[0].expect(der.SEQUENCE, 2, 2)
        if kind.oid() != OCSP_BASIC:
            raise ValueError("OCSP: not a basic response")
        basic = der.parse(wrapped.octets()).expect(der.SEQUENCE, 3, 4)
        self.tbs, self.algorithm, self.signature = basic[0].raw, basic[1].algorithm(), basic[2].bits()
        self.certificates = [Certificate(each.raw) for each in basic[3][0]] if len(basic) > 3 else []
        fields = list(basic[0].expect(der.SEQUENCE, 3, 5))
        if fields[0].tag == 0xA0:
            raise ValueError("OCSP: a default spelt out")
        self.responder, self.produced = fields[0], fields[1].time()
        if self.responder.tag == 0xA1:
            read_name(self.responder.expect(0xA1, 1, 1)[0])
        self.statuses = [Status(each) for each in fields[2].expect(der.SEQUENCE, 1)]

    def is_by(self, certificate):
        if self.responder.tag == 0xA1:
            return self.responder[0].raw == certificate.subject
        return self.responder.tag == 0xA2 and self.responder[0].octets() == digest_of(SHA1, certificate.key_bits)


class Status:
    def __init__(self, node):
        node.expect(der.SEQUENCE, 3, 5)
        name, state = node[0].expect(der.SEQUENCE, 4, 4), node[1]
        self.algorithm = name[0].algorithm()
        self.name_hash, self.key_hash = name[1].octets(), name[2].octets()
        self.serial = name[3].expect(der.INTEGER).content
        self.state = {0x80: "good", 0xA1: "revoked", 0x82: "unknown"}.get(state.tag)
        if self.state is None:
            raise ValueError("OCSP: status")
        self.revoked_at = state[0].time() if self.state == "revoked" else None
        self.this_update = node[2].time()
        after = [each[0].time() for each in node.children[3:] if each.tag == 0xA0]
        self.next_update = after[0] if after else None

    def names(self, certificate, issuer):
        if self.algorithm not in DIGESTS and self.algorithm != SHA1:
            return False
        return (
            self.serial == certificate.serial
            and self.name_hash == digest_of(self.algorithm, certificate.issuer)
            and self.key_hash == digest_of(self.algorithm, issuer.key_bits)
        )


def read_pem(data, label="CERTIFICATE"):
    """[B-7] DER of each block; text around blocks is nobody's business, another label or a broken block is."""
    found, block = [], None
    for line in data.decode("utf-8").split("\n"):
        line = line.rstrip("\r")
        if line.startswith("-----"):
            if line == f"-----BEGIN {label}-----" and block is None:
                block = []
            elif line == f"-----END {label}-----" and block:
                if any(len(each) != 64 for each in block[:-1]) or len(block[-1]) > 64:
                    raise ValueError("PEM: lines")
                found.append(from_base64("".join(block)))
                block = None
            else:
                raise ValueError("PEM: another label, or a broken block")
        elif block is not None:
            block.append(line)
    if block is not None or not found:
        raise ValueError("PEM: no end, or nothing")
    return found
