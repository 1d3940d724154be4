"""Timestamps, status of the scene certificate, and what they prove (docs/evidence-format.md, chapter 6)."""

import datetime

import der
import pki
from pki import signature_holds
from strict_json import moment

SECOND = datetime.timedelta(seconds=1)
AGED = "OUT_OF_BOUNDS_NO_POE"


class Stamp:
    """One token with what it is over and what it proves."""

    def __init__(self, token, holds):
        self.token, self.holds = token, holds
        self.time = token.time

    @property
    def expires(self):
        signer = self.token.cms.signer()
        return signer.not_after if signer else None


def judge_token(note, token, digested, anchors, at, stamped=None, request=None, entry_at=None):
    """[T-1] to [T-15]. `note` takes (rule, holds, sub-indication); `stamped` is the certificate of [T-14]."""
    good = True

    def check(rule, holds, sub_indication):
        nonlocal good
        good = note(rule, holds, sub_indication) and good

    cms = token.cms
    problems = pki.judge_signed_data(cms, pki.TST_INFO, cms.content, exact=False)
    kinds = {kind for kind, _ in problems}
    check("T-2", cms.content_type == pki.TST_INFO and token.version == 1, "FORMAT_FAILURE")
    check("T-3", cms.signer_count == 1, "FORMAT_FAILURE")
    if cms.signer_count != 1:
        return Stamp(token, False)
    check("T-4", "signer" not in kinds, "NO_SIGNING_CERTIFICATE_FOUND")
    check("T-5", "reference" not in kinds, "SIG_CONSTRAINTS_FAILURE")
    check("T-8", not kinds & {"attributes", "form"}, "FORMAT_FAILURE")
    check("T-9", "digest" not in kinds, "HASH_FAILURE")
    check("T-10", "signature" not in kinds, "SIG_CRYPTO_FAILURE")
    signer = cms.signer()
    if signer:
        path = pki.judge_path(signer, cms.certificates, anchors, token.time, "timestamp")
        check("T-6", ("X-5", pki.CONSTRAINTS) not in path, pki.CONSTRAINTS)
        for rule, sub_indication in sorted(path - {("X-5", pki.CONSTRAINTS)}):
            check("T-7", False, sub_indication)
    known = token.imprint_algorithm in pki.DIGESTS
    check("T-11", known and token.imprint == pki.digest_of(token.imprint_algorithm, digested), "HASH_FAILURE")
    if request is not None:
        about = (request.imprint_algorithm, request.imprint) == (token.imprint_algorithm, token.imprint)
        check("T-12", about and request.nonce == token.nonce, "SIG_CONSTRAINTS_FAILURE")
    check("T-13", token.accuracy is not None and token.accuracy <= 1, "SIG_CONSTRAINTS_FAILURE")
    if stamped is not None:
        inside = stamped.not_before <= token.time < stamped.not_after + SECOND
        check("T-14", inside, "TIMESTAMP_ORDER_FAILURE")
    slack = max(SECOND, datetime.timedelta(seconds=token.accuracy or 0))
    early = token.time <= at + slack and (entry_at is None or token.time <= moment(entry_at) + slack)
    check("T-15", early, "TIMESTAMP_ORDER_FAILURE")
    return Stamp(token, good)


def judge_age(note, stamp, known_at):
    """[T-16], [T-17]: whether a token still counts, given when it is known to have existed."""
    if stamp.expires is not None:
        stamp.holds &= note("T-16", known_at < stamp.expires + SECOND, AGED)
    stamp.holds &= note("T-17", not _ended(stamp.token, known_at), "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")


def _ended(token, at):
    """Annex B: of what this program verifies at all, only short RSA keys have an end."""
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    keys = (pki.serialization.load_der_public_key(each.spki) for each in token.cms.certificates)
    short = any(isinstance(key, pki.rsa.RSAPublicKey) and key.key_size < 3000 for key in keys)
    return short and at >= day


def judge_status(note, response, certificate, issuer, gen_time, at):
    """[O-1] to [O-5]; `gen_time` None: without a token, judged at `at`."""
    general = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    about = [each for each in response.statuses if each.names(certificate, issuer)]
    consistent = len(about) == len(response.statuses) and len({each.state for each in about}) == 1
    if not note("O-1", about and consistent, general):
        return
    note("O-2", _by_responder(response, issuer), general)
    when = gen_time or at
    for status in about:
        fresh = status.next_update is None or when < status.next_update + SECOND
        note("O-3", fresh and status.this_update <= min(certificate.not_after, at), "TRY_LATER")
        if status.state == "revoked":
            note("O-4", status.revoked_at > when, "REVOKED")
        else:
            note("O-4", status.state == "good", "TRY_LATER")
    if gen_time is not None:
        later = response.produced >= gen_time.replace(microsecond=0) + SECOND
        note("O-5", later, "TRY_LATER")


def _by_responder(response, issuer):
    for each in [issuer, *response.certificates]:
        delegated = each is issuer or (
            each.issuer == issuer.subject
            and signature_holds(issuer.spki, each.algorithm, each.signature, each.tbs)
            and each.purposes() == [pki.LEAF_PURPOSE["ocsp"]]
            and each.not_before <= response.produced <= each.not_after
        )
        if delegated and response.is_by(each):
            return signature_holds(each.spki, response.algorithm, response.signature, response.tbs)
    return False


class Binding:
    """[X-9] SceneBinding of a certificate."""

    def __init__(self, certificate):
        fields = certificate.extension(pki.SCENE_BINDING).expect(der.SEQUENCE, 6, 6)
        digests = [each.octets() for each in fields.children[1:4]]
        origin = fields[5].integer(der.ENUMERATED)
        if fields[0].integer() != 0 or any(len(each) != 32 for each in digests):
            raise ValueError("binding: malformed")
        self.scene, self.letter, self.evidence = (each.hex() for each in digests)
        self.ledger_origin = fields[4].expect(der.UTF8).text()
        self.key_origin = {0: "browser", 1: "hsm", 2: "software"}[origin]
