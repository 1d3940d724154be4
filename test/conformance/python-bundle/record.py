"""The records of the ceremony against each other (docs/evidence-format.md, chapter 5)."""

import datetime
import hashlib
import hmac
import json
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

import cbor
import pki
from container import from_base64, to_base64url
from strict_json import digest, moment, parse, spell

HASH, FORMAT, ORDER = "HASH_FAILURE", "FORMAT_FAILURE", "TIMESTAMP_ORDER_FAILURE"
CONSTRAINT, CRYPTO = "SIG_CONSTRAINTS_FAILURE", "SIG_CRYPTO_FAILURE"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
LEEWAY = datetime.timedelta(milliseconds=1999)


def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()


def commit(salt, field, value):
    """[C-5]"""
    return hmac.new(salt, field.encode() + b"\0" + value.encode(), "sha256").hexdigest()


def seconds(count):
    return datetime.timedelta(seconds=count)


def judge_scene(note, it):
    terms, scene = it.terms, it.scene
    salt = from_base64(terms["salt"], url=True)
    note("E-1", scene["termsDigest"] == it.terms_digest and scene["letterDigest"] == it.letter_digest, HASH)
    same = all(scene["institution"][name] == terms["institution"][name] for name in ("name", "creditCode"))
    note("E-1", same, HASH)
    for name in ("name", "idNumber", "phone"):
        note("E-1", scene["subject"][name] == commit(salt, "subject." + name, terms["subject"][name]), HASH)
    offered = {
        "items": [each["code"] for each in terms["items"] if not each["necessary"]],
        "recipients": [
            each["creditCode"]
            for each in terms["recipients"]
            if each["creditCode"] != terms["institution"]["creditCode"]
        ],
    }
    for kind, chosen in scene["choices"].items():
        proper = chosen == sorted(set(chosen), key=lambda text: text.encode("utf-16-be"))
        needed = {each["creditCode"] for each in terms["recipients"] if each.get("necessary")} if kind == "recipients" else set()
        needed &= set(offered[kind])
        note("E-2", proper and needed <= set(chosen) <= set(offered[kind]), FORMAT)


def judge_template(note, it):
    record, terms, first = it.template, it.terms, it.trail[0]
    note("E-3", first["data"].get("templateRecord") == digest("template-record", record), HASH)
    note("E-3", {name: record[name] for name in ("id", "version", "digest")} == terms["template"], HASH)
    note("E-3", record["digest"] == digest("template", record["body"]), HASH)
    people = {record["approver"], *(waiver["by"] for waiver in record["lint"]["waivers"])}
    note("E-4", record["authors"] and not people & set(record["authors"]), CONSTRAINT)
    note("E-4", moment(record["publishedAt"]) <= moment(first["at"]), CONSTRAINT)
    scene, policy = it.scene, record["body"].get("policy", {})
    follows = (
        set(policy.get("measures", [])) <= set(scene["measures"])
        and policy.get("keyOrigins") == scene["keyOrigins"]
        and scene["gate"] in ("last-six", policy.get("gate"))
        and scene.get("identity", {}).get("policy", "basic") == policy.get("identity", "basic")
        and (it.code is None or it.code["channel"] != "voice" or policy.get("voice") is True)
        and it.presentation["secondsOpen"] >= policy.get("minimumReadingSeconds", 0)
    )
    note("E-5", follows, CONSTRAINT)


def judge_presentation(note, it):
    shown, own = it.presentation, digest("presentation", it.presentation)
    before = [i for i, e in enumerate(it.trail) if e["type"] == "challenged" and e["data"].get("scene") == it.scene_digest]
    presented = [e for e in it.trail[: before[-1] if before else 0] if e["type"] == "presented"]
    named = bool(presented) and presented[-1]["data"].get("presentation") == own
    note("E-6", it.scene["presentation"] == own and named, HASH)
    note("E-7", shown["letterDigest"] == it.letter_digest, HASH)
    clauses = [each["id"] for each in shown["clauses"]]
    note("E-7", clauses == [each["id"] for each in it.terms["clauses"]], CONSTRAINT)
    note("E-7", (shown["pageBuild"], shown["choices"]) == (it.scene["pageBuild"], it.scene["choices"]), HASH)


def judge_challenge(note, it):
    note("E-9", it.challenge["letterDigest"] == it.letter_digest, HASH)
    note("E-9", it.challenge["sceneDigest"] == it.scene_digest, HASH)
    records = [each for each in (it.code, it.passkey) if each is not None]
    together = next((each.get("setChallenges") for each in records), None)
    it.answered = digest("set-challenge", {"challenges": together}) if together else it.challenge_digest
    if "set" not in it.scene:
        note("E-11", all("setChallenges" not in each for each in records), HASH)
        it.answered = it.challenge_digest
        return
    letters = it.scene["set"]["letters"]
    place = letters.index(it.letter_digest) if it.letter_digest in letters else None
    good = place is not None and len(set(letters)) == len(letters) and together is not None
    good = good and all(each.get("setChallenges") == together for each in records)
    good = good and len(set(together)) == len(together) == len(letters) and together[place] == it.challenge_digest
    asked = [e for e in it.trail if e["type"] == "challenged" and e["data"].get("challenge") == it.challenge_digest]
    note("E-11", good and asked and asked[-1]["data"].get("set") == it.answered, HASH)


def judge_measures(note, it):
    measures, frozen = it.scene["measures"], moment(it.scene["frozenAt"])
    fits = (
        len(measures) > 0
        and (it.code is not None) == ("sms-code" in measures)
        and (it.passkey is not None) == ("passkey" in measures)
        and (it.delivery is None or it.code is not None)
    )
    note("E-13", fits, CONSTRAINT)
    for record in (it.code, it.delivery):
        note("E-14", record is None or record["challenge"] == it.answered, HASH)
    if it.code is not None:
        note("E-14", it.code["phone"] == it.scene["subject"]["phone"], HASH)
        made, checked = moment(it.code["madeAt"]), moment(it.code["checkedAt"])
        in_order = frozen <= made <= checked <= moment(it.code["expiresAt"])
        note("E-15", in_order and (it.gen_time is None or checked <= it.gen_time + LEEWAY), ORDER)
    if it.passkey is not None:
        judge_passkey(note, it, frozen)


# ---- passkey ------------------------------------------------------------------------------------


def judge_passkey(note, it, frozen):
    record = it.passkey
    try:
        key = cose_key(from_base64(record["publicKey"], url=True))
        data = from_base64(record["authenticatorData"], url=True)
        client_bytes = from_base64(record["clientDataJSON"], url=True)
        client = json.loads(client_bytes.decode("utf-8"))
        authenticator = (data[:32], data[32], data[36])  # shorter is no authenticator data
        if not isinstance(client, dict):
            raise ValueError("client data: no object")
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        note("P-1", False, FORMAT)
        return
    answers = client.get("challenge") == to_base64url(bytes.fromhex(it.answered))
    note("P-1", client.get("type") == "webauthn.get" and answers and record["challenge"] == it.answered, HASH)
    site = urlsplit(it.terms["verifyUrl"])
    origin = f"{site.scheme}://{site.netloc}"
    here = record["origin"] == origin == client.get("origin") and record["rpId"] == site.hostname
    here = here and authenticator[0] == hashlib.sha256(record["rpId"].encode()).digest()
    note("P-2", here and client.get("crossOrigin") is not True and "topOrigin" not in client, HASH)
    note("P-3", authenticator[1] & 0x05 == 0x05, CONSTRAINT)
    signed = data + hashlib.sha256(client_bytes).digest()
    note("P-4", key(from_base64(record["signature"], url=True), signed), CRYPTO)
    registered, checked = moment(record["registration"]["at"]), moment(record["checkedAt"])
    in_order = registered <= checked and frozen <= checked
    note("P-5", in_order and (it.gen_time is None or checked <= it.gen_time + LEEWAY), ORDER)
    named = it.credential
    registration = {"format": "mandate-entry/v1", "kind": "credential", "at": record["registration"]["at"]}
    entry = spell({**registration, "credential": named}).encode()
    note("P-6", record["registration"]["entry"] == sha256_hex(entry), HASH)
    confirmed = last_place(it.trail, "confirmed")
    ended = [e for e in it.trail[:confirmed] if e["type"] == "passkey-revoked" and e["data"].get("credential") == named]
    note("P-7", not ended, "REVOKED")


def commitment_of(record):
    """[P-8]"""
    salt = from_base64(record["registration"]["salt"], url=True)
    return commit(salt, "passkey", spell({name: record[name] for name in ("credentialId", "publicKey")}))


def cose_key(raw):
    """A function (signature, message) → whether it holds, of a COSE_Key of one of three kinds."""
    key = cbor.parse(raw)
    kind = (key[1], key[3])
    if kind == (2, -7) and key[-1] == 1 and set(key) == {1, 3, -1, -2, -3}:
        numbers = ec.EllipticCurvePublicNumbers(_number(key[-2], 32), _number(key[-3], 32), ec.SECP256R1())
        public, arguments = numbers.public_key(), (ec.ECDSA(SHA256()),)
    elif kind == (1, -8) and key[-1] == 6 and set(key) == {1, 3, -1, -2}:
        public, arguments = ed25519.Ed25519PublicKey.from_public_bytes(key[-2]), ()
    elif kind == (3, -257) and set(key) == {1, 3, -1, -2}:
        public = rsa.RSAPublicNumbers(_number(key[-2], None), _number(key[-1], None)).public_key()
        arguments = (padding.PKCS1v15(), SHA256())
    else:
        raise ValueError("passkey: kind of key")

    def holds(signature, message):
        try:
            public.verify(signature, message, *arguments)
            return True
        except InvalidSignature:
            return False

    return holds


def _number(data, size):
    if not isinstance(data, bytes) or size is not None and len(data) != size:
        raise ValueError("passkey: coordinate")
    return int.from_bytes(data, "big")


# ---- identity -----------------------------------------------------------------------------------

POLICIES = {
    "strong": ([{"need": 2, "of": ["sms-code", "passkey"]}], 0),
    "cn-credit": (
        [
            {"need": 1, "of": ["police-id"]},
            {"need": 2, "of": ["sms-code", "passkey", "carrier-name", "bank-card", "network-id", "face"]},
        ],
        1800,
    ),
}
COMPARED = {
    "police-id": {"name", "idNumber"},
    "network-id": {"name", "idNumber", "credential"},
    "face": {"name", "idNumber", "credential"},
    "carrier-name": {"name", "idNumber", "phone"},
    "institution": {"name", "idNumber", "phone"},
    "bank-card": {"name", "idNumber", "phone", "card"},
}


def judge_identity(note, it, keys):
    """`keys`: provider → public keys (SPKI) that the verifier trusts."""
    asked = it.scene.get("identity")
    results = it.identity["results"] if it.identity is not None else []
    digests = [{"check": each["check"], "digest": digest("identity-result", each)} for each in results]
    there = (asked is not None) == (it.identity is not None)
    note("I-1", there and digests == (asked["results"] if asked else []), HASH)
    if asked is not None or results:
        known = POLICIES.get(asked["policy"]) if asked else None
        held = {each["check"] for each in results if each["outcome"] == "match"} | held_measures(it)
        enough = known is not None and (asked["requirements"], asked["freshSeconds"]) == known
        enough = enough and all(len(held & set(each["of"])) >= each["need"] for each in known[0])
        note("I-2", enough, CONSTRAINT)
    challenged = last_place(it.trail, "challenged")
    noted = {e["data"].get("result") for e in it.trail[:challenged] if e["type"] == "identity-checked"}
    for result, named in zip(results, digests):
        judge_result(note, it, result, named["digest"] in noted, asked["freshSeconds"] if asked else 0)
        judge_receipt(note, it, result, keys)


def held_measures(it):
    held = {"sms-code"} if it.code is not None else set()
    confirmed = last_place(it.trail, "confirmed")
    if it.passkey is not None and confirmed is not None:
        registered = moment(it.passkey["registration"]["at"])
        if registered + seconds(86_400) <= moment(it.trail[confirmed]["at"]):
            held.add("passkey")
    return held


def judge_result(note, it, result, noted, fresh):
    asked = {name: result[name] for name in ("check", "letters", "nonce", "compared")}
    bound = result["binding"] == digest("identity-binding", asked)
    note("I-3", it.letter_digest in result["letters"] and bound, HASH)
    nonce, compared = bytes.fromhex(result["nonce"]), result["compared"]
    same = set(compared) == COMPARED[result["check"]]
    for name in ("name", "idNumber", "phone"):
        if name in compared:
            same = same and compared[name] == commit(nonce, "identity." + name, it.terms["subject"][name])
    note("I-4", same, HASH)
    received, checked = moment(result["receivedAt"]), moment(result["checkedAt"])
    longest = seconds(fresh) if result["check"] == "institution" else seconds(300)
    in_time = noted and received <= moment(it.scene["frozenAt"]) and -seconds(300) <= received - checked <= longest
    confirmed = last_place(it.trail, "confirmed")
    if confirmed is not None:
        in_time = in_time and moment(it.trail[confirmed]["at"]) < checked + seconds(fresh)
    note("I-5", in_time, ORDER)


def judge_receipt(note, it, result, keys):
    receipt = result["receipt"]
    body, signature = (from_base64(receipt[name], url=True) for name in ("body", "signature"))
    if result["check"] == "institution":
        try:
            said = parse(body)
        except ValueError:
            said = None
        good = isinstance(said, dict) and (said.get("reference"), said.get("at")) == (result["reference"], result["checkedAt"])
        good = good and result["provider"] == it.terms["institution"]["creditCode"]
        note("I-6", good and receipt["suite"] == "none" and not result["simulated"], HASH)
        return
    answer = {name: result[name] for name in ("provider", "check", "binding", "outcome", "reference")}
    answer |= {"format": "mandate-identity-answer/v1", "at": result["checkedAt"]}
    answer |= {"numberAgeMonths": result["numberAgeMonths"]} if "numberAgeMonths" in result else {}
    answer |= {"simulated": True} if result["simulated"] else {}
    note("I-6", body == spell(answer).encode(), HASH)
    if result["simulated"]:
        note("I-8", False, CONSTRAINT)
    elif receipt["suite"] == "none":
        note("I-7", False, CRYPTO)
    elif result["provider"] in keys:
        message = b"mandate/identity-answer/v1\n" + body
        algorithm = ECDSA_SHA256 if receipt["suite"] == "ecdsa-p256-sha256" else pki.ED25519
        held = any(pki.signature_holds(key, algorithm, signature, message) for key in keys[result["provider"]])
        note("I-7", held, CRYPTO)


# ---- key, parts, trail --------------------------------------------------------------------------


def judge_possession(note, it):
    key, proof = (from_base64(it.possession[name], url=True) for name in ("publicKey", "proof"))
    message = b"mandate/pop/v1\n" + bytes.fromhex(it.challenge_digest) + hashlib.sha256(key).digest()
    note("K-1", is_p256(key) and pki.signature_holds(key, ECDSA_SHA256, proof, message), CRYPTO)
    if it.certificate is not None:
        last = it.trail[-1]
        renewed = last["type"] == "attempt-issued" and last["data"].get("publicKey") == sha256_hex(it.certificate.spki)
        note("K-2", it.certificate.spki == key or renewed, HASH)
    expected = {
        "format": "mandate-parts/v1",
        "terms": it.terms_digest,
        "letter": it.letter_digest,
        "scene": it.scene_digest,
        "challenge": it.challenge_digest,
        "presentation": digest("presentation", it.presentation),
        "publicKey": sha256_hex(key),
        "proofOfPossession": sha256_hex(proof),
        "trail": it.parts["trail"],
    }
    for name, kind, record in (
        ("codeRecord", "code-record", it.code),
        ("delivery", "delivery", it.delivery),
        ("passkey", "passkey", it.passkey),
    ):
        if record is not None:
            expected[name] = digest(kind, record)
    note("K-3", it.parts == expected, HASH)


def is_p256(spki):
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, pki.UnsupportedAlgorithm):
        return False
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"


def last_place(trail, kind):
    places = [i for i, event in enumerate(trail) if event["type"] == kind]
    return places[-1] if places else None


# state → type → (next state, by)
STEPS = {
    None: {"requested": ("requested", {"web"})},
    "requested": {"presented": ("presented", {"web"}), "declined": ("end", {"web"}), "lapsed": ("end", {"worker"})},
    "presented": {
        "presented": ("presented", {"web"}),
        "declined": ("end", {"web"}),
        "challenged": ("challenged", {"ra"}),
        "lapsed": ("end", {"worker"}),
    },
    "challenged": {
        "presented": ("presented", {"web"}),
        "declined": ("end", {"web"}),
        "challenged": ("challenged", {"ra"}),
        "confirmed": ("confirmed", {"ra"}),
        "lapsed": ("end", {"worker"}),
    },
    "confirmed": {
        "declined": ("end", {"web"}),
        "challenged": ("challenged", {"ra"}),
        "signed": ("signed", {"ca"}),
        "failed": ("end", {"ca"}),
        "lapsed": ("end", {"worker"}),
    },
    "signed": {"released": ("released", {"ledger"})},
    "released": {},
    "end": {},
}
NOTES = {
    "confirmation-refused": {"ra"},
    "identity-checked": {"ra"},
    "passkey-registered": {"ra"},
    "passkey-revoked": {"ra"},
    "attempt-issued": {"ca"},
    "attempt-voided": {"ca"},
    "report-made": {"web", "desk"},
    "id-image-kept": {"web"},
    "id-image-destroyed": {"web", "worker", "vault"},
}
AFTER_RELEASE = {
    **dict.fromkeys(("redeemed", "redemption-confirmed", "withdrawn", "held", "ended", "data-released"), {"web"}),
    "redemption-released": {"web", "worker"},
    "hold-resolved": {"desk"},
    "restricted": {"web"},
    "erased": {"vault"},
}


def judge_trail(note, it):
    trail, previous, before = it.trail, "0" * 64, None
    for i, event in enumerate(trail):
        linked = event["stream"] == it.scene["authorization"] and event["version"] == i + 1
        linked = linked and event["previous"] == previous
        note("R-1", linked and (before is None or moment(event["at"]) >= before), HASH)
        previous, before = digest("event", event), moment(event["at"])
    state = None
    for event in trail:
        state = follow(note, state, event)
    opening = trail[0]["type"] != "requested" or trail[0]["data"].get("terms") == it.terms_digest
    letters = [e["data"].get("letter") for e in trail if e["type"] in ("requested", "presented")]
    note("R-2", opening and all(each == it.letter_digest for each in letters), HASH)
    judge_confirmation(note, it)


def follow(note, state, event):
    kind, by = event["type"], event["by"]
    if kind in STEPS.get(state, {}):
        following, allowed = STEPS[state][kind]
        note("R-2", by in allowed, FORMAT)
        return following
    allowed = NOTES.get(kind, AFTER_RELEASE.get(kind) if state == "released" else None)
    fits = allowed is not None and by in allowed and state not in (None, "end")
    note("R-2", fits and (kind != "attempt-issued" or state == "confirmed"), FORMAT)
    return state


def judge_confirmation(note, it):
    trail = it.trail
    at = last_place(trail, "confirmed")
    challenged = last_place(trail[:at], "challenged") if at is not None else None
    good = challenged is not None
    if good:
        confirmed, asked = trail[at], trail[challenged]["data"]
        good = confirmed["previous"] == it.parts["trail"] and confirmed["data"].get("evidenceRoot") == it.evidence_root
        good = good and confirmed["data"].get("challenge") == asked.get("challenge") == it.challenge_digest
        good = good and asked.get("scene") == it.scene_digest
    note("R-3", good, HASH)
    if it.certificate is not None:
        last, certificate = trail[-1], it.certificate
        ends = last["type"] == "attempt-issued" and last["data"].get("serial") == certificate.serial_hex
        note("R-4", ends and last["data"].get("tbs") == sha256_hex(certificate.tbs), HASH)
