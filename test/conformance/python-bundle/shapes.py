"""What each JSON part looks like (docs/evidence-format.md, chapters 2, 4, 5 and 7)."""

import datetime
import re
import unicodedata

from strict_json import (
    bytes64, either, flag, hex32, instant, instant_milliseconds, lst, matching, null, number, obj, one_of, text,
)

ID = matching(r"[a-z]{3}_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE = matching(r"[a-z][a-z0-9-]{0,39}")
MOMENT = either(instant, instant_milliseconds)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def words(most):
    """Text that reads on a page as it is written, of so many UTF-16 units."""

    def fits(value):
        if not isinstance(value, str) or not 1 <= len(value.encode("utf-16-le")) // 2 <= most:
            return False
        if value.strip() != value or IGNORABLE.search(value):
            return False
        return all(_plain(character) for character in value)

    return fits


def _plain(character):
    if character in " \u3000":
        return True
    point = ord(character)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or character in "\u2800\ufffc\ufffd":
        return False
    return unicodedata.category(character)[0] not in "CMZ" or unicodedata.category(character) == "Cn"


def credit_code(value):
    """GB 32100-2015."""
    if not isinstance(value, str) or len(value) != 18 or any(c not in CREDIT_ALPHABET for c in value):
        return False
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(value[:17]))
    return CREDIT_ALPHABET[-total % 31] == value[17]


def resident_id(value):
    """GB 11643-1999."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{17}[\dX]", value, re.ASCII):
        return False
    try:
        datetime.datetime.strptime(value[6:14], "%Y%m%d")
    except ValueError:
        return False
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(value[:17]))
    return "10X98765432"[total % 11] == value[17]


PARTY = {"name": words(180), "creditCode": credit_code}
TERMS = obj(
    optional=("act",),
    format=one_of("mandate-terms/v1"),
    salt=bytes64(32, 32),
    letterNumber=matching(rf"M\d{{8}}-[{ALPHABET}]{{8}}"),
    lookupCode=matching(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{3}}"),
    verifyUrl=lambda it: matching(r'https?://[^\s"#]+')(it) and len(it) <= 120,
    language=one_of("zh", "en"),
    issuedAt=instant,
    template=obj(id=text(1), version=number(1), digest=hex32),
    businessReference=words(64),
    act=one_of("report"),
    institution=obj(name=words(60), creditCode=credit_code, contact=words(120), complaints=words(120)),
    subject=lambda it: obj(
        name=words(60),
        idType=one_of("cn-resident-id", "passport", "hk-macau-permit", "taiwan-permit"),
        idNumber=words(60),
        phone=matching(r"1[3-9][0-9]{9}|\+(?!86)[0-9]{7,15}"),
    )(it) and (it["idType"] != "cn-resident-id" or resident_id(it["idNumber"])),
    purpose=obj(
        code=one_of(
            "loan-approval", "credit-card-approval", "guarantee-review", "post-loan-management",
            "credit-reporting", "income-verification", "identity-verification", "fraud-prevention",
        ),
        text=words(900),
    ),
    plain=obj(data=words(60), purpose=words(60), refusal=words(180)),
    items=lst(
        obj(code=CODE, name=words(360), **{"class": one_of("general", "sensitive")}, necessary=flag), 1, 20
    ),
    sources=lst(obj(**PARTY), 1, 5),
    recipients=lst(
        obj(optional=("necessary",), **PARTY, purpose=words(360), necessary=lambda it: it is True), 0, 5
    ),
    method=words(1800),
    automatedDecision=words(1800),
    retention=words(1800),
    refusal=words(1800),
    withdrawal=words(1800),
    rights=words(2400),
    electronic=words(2400),
    end=either(
        obj(kind=one_of("date"), at=instant),
        obj(kind=one_of("event"), event=one_of("loan-settled"), latest=instant),
    ),
    uses=either(
        obj(kind=one_of("count"), count=number(1, 100)),
        obj(kind=one_of("recurring"), atMost=number(1, 100), per=one_of("month", "quarter", "year")),
    ),
    clauses=lst(obj(id=CODE, text=words(480)), 1, 6),
    **{"from": instant},
)

CHOICES = obj(items=lst(text(1), 0, 20), recipients=lst(text(1), 0, 5))
MEASURE = one_of("sms-code", "passkey")
CHECK = one_of("police-id", "network-id", "face", "carrier-name", "bank-card", "institution")
SCENE = obj(
    optional=("set", "identity"),
    format=one_of("mandate-scene/v1"),
    authorization=ID,
    institution=obj(id=ID, name=text(), creditCode=text()),
    subject=obj(name=hex32, idNumber=hex32, phone=hex32),
    termsDigest=hex32,
    letterDigest=hex32,
    measures=lst(MEASURE, 0, 2),
    keyOrigins=lst(one_of("browser", "hsm", "software"), 0, 3),
    gate=one_of("last-six", "institution"),
    choices=CHOICES,
    presentation=hex32,
    pageBuild=either(hex32, null),
    ledgerOrigin=text(),
    frozenAt=MOMENT,
    set=obj(id=ID, letters=lst(hex32, 0, 5)),
    identity=obj(
        policy=text(),
        requirements=lst(obj(need=number(), of=lst(either(MEASURE, CHECK)))),
        freshSeconds=number(),
        results=lst(obj(check=CHECK, digest=hex32)),
    ),
)
POLICY = obj(
    optional=("identity", "voice"),
    measures=lst(MEASURE),
    keyOrigins=lst(one_of("browser", "hsm", "software")),
    gate=one_of("last-six", "institution"),
    minimumReadingSeconds=number(),
    identity=text(),
    voice=flag,
)
TEMPLATE = obj(
    format=one_of("mandate-template-record/v1"),
    id=text(),
    version=number(),
    digest=hex32,
    body=lambda it: isinstance(it, dict) and POLICY(it.get("policy")),
    authors=lst(hex32),
    approver=hex32,
    assessment=text(),
    publishedAt=MOMENT,
    lint=obj(
        pack=text(),
        newestPack=text(),
        waivers=lst(obj(rule=text(), path=text(), reason=text(), by=hex32)),
        open=lst(obj(rule=text(), path=text())),
    ),
)
PRESENTATION = obj(
    optional=("logo",),
    format=one_of("mandate-presentation/v1"),
    letterDigest=hex32,
    language=one_of("zh", "en"),
    pageBuild=either(hex32, null),
    openedAt=MOMENT,
    secondsOpen=number(),
    clauses=lst(obj(id=text(), visibleMilliseconds=number(), acknowledgedAfterMilliseconds=number())),
    reachedEnd=flag,
    alternative=one_of("pages", "text", "both"),
    readAloud=flag,
    largePrint=flag,
    viewport=obj(width=number(), height=number()),
    choices=CHOICES,
    logo=hex32,
)
CHALLENGE = obj(letterDigest=hex32, sceneDigest=hex32, serverNonce=hex32)
CODE_RECORD = obj(
    optional=("setChallenges",),
    format=one_of("mandate-code-record/v1"),
    challenge=hex32,
    setChallenges=lst(hex32, 0, 5),
    digits=number(6, 8),
    madeAt=MOMENT,
    expiresAt=MOMENT,
    checkedAt=MOMENT,
    tries=number(1, 5),
    phone=hex32,
    channel=one_of("sms", "voice"),
)
DELIVERY = obj(
    format=one_of("mandate-delivery/v1"),
    challenge=hex32,
    sends=lst(
        obj(
            code=number(1, 10),
            gateway=text(),
            at=MOMENT,
            receipts=lst(
                obj(
                    message=text(), status=one_of("delivered", "failed"), carrierCode=text(), receivedAt=MOMENT
                )
            ),
        ),
        0,
        50,
    ),
)
PASSKEY = obj(
    optional=("setChallenges",),
    format=one_of("mandate-passkey/v1"),
    challenge=hex32,
    setChallenges=lst(hex32, 0, 5),
    rpId=text(),
    origin=text(),
    credentialId=bytes64(),
    publicKey=bytes64(),
    authenticatorData=bytes64(),
    clientDataJSON=bytes64(),
    signature=bytes64(),
    checkedAt=MOMENT,
    registration=obj(at=MOMENT, provenBy=lst(text()), salt=bytes64(32, 32), entry=hex32),
)
IDENTITY = obj(
    format=one_of("mandate-identity/v1"),
    results=lst(
        obj(
            optional=("numberAgeMonths",),
            format=one_of("mandate-identity-result/v1"),
            check=CHECK,
            provider=text(),
            operator=text(),
            simulated=flag,
            outcome=one_of("match", "mismatch"),
            reference=text(),
            checkedAt=MOMENT,
            receivedAt=MOMENT,
            numberAgeMonths=number(),
            letters=lst(hex32, 0, 5),
            nonce=hex32,
            compared=obj(
                optional=("name", "idNumber", "phone", "card", "credential"),
                name=hex32, idNumber=hex32, phone=hex32, card=hex32, credential=hex32,
            ),
            binding=hex32,
            receipt=obj(
                suite=one_of("ecdsa-p256-sha256", "ed25519", "none"), body=bytes64(), signature=bytes64()
            ),
        )
    ),
)
POSSESSION = obj(publicKey=bytes64(), proof=bytes64())
PARTS = obj(
    optional=("codeRecord", "delivery", "passkey"),
    format=one_of("mandate-parts/v1"),
    **{
        name: hex32
        for name in (
            "terms", "letter", "scene", "challenge", "presentation", "codeRecord", "delivery", "passkey",
            "publicKey", "proofOfPossession", "trail",
        )
    },
)
TRAIL = lst(
    obj(
        stream=text(),
        version=number(),
        type=text(),
        at=instant_milliseconds,
        by=text(),
        data=lambda it: isinstance(it, dict),
        previous=hex32,
    ),
    1,
)
BUILD = obj(digest=hex32, commit=text(), lockfile=hex32)
PROVENANCE = obj(format=one_of("mandate-provenance/v1"), page=either(BUILD, null), server=BUILD)

SERIAL = matching(r"(?!00)([0-9a-f]{2}){1,20}")
ENTRY_MEMBERS = {
    "intent": {"serial": SERIAL, "tbs": hex32, "profile": text()},
    "letter": {"serial": SERIAL, "signature": hex32, "letter": hex32, "scene": hex32, "bundle": hex32},
    "void": {"serial": SERIAL, "reason": text()},
    "redemption": {"letter": hex32, "fact": hex32, "step": one_of("reserved", "confirmed", "released")},
    "withdrawal": {"letter": hex32, "fact": hex32},
    "end": {"letter": hex32, "fact": hex32},
    "access": {"letter": hex32, "fact": hex32},
    "hold": {"letter": hex32, "fact": hex32, "step": one_of("opened", "upheld", "rejected", "retracted")},
    "shred": {"letter": hex32, "fact": hex32, "step": one_of("restricted", "id-image-destroyed", "erased")},
    "renewal": {"serial": SERIAL, "generation": number(1), "letter": hex32, "previous": hex32},
    "credential": {"credential": hex32},
    "credential-end": {"credential": hex32},
    "deploy": {"component": one_of("page", "server"), "digest": hex32},
    "key-event": {
        "event": one_of("in-use", "ceremony", "ended"),
        "purpose": one_of(
            "scene-root", "seal-root", "timestamp-root", "scene-ca", "ocsp", "seal", "report-seal", "receipt",
            "timestamp", "ledger", "witness",
        ),
        "key": hex32,
        "record": hex32,
    },
    "report": {"letter": hex32, "report": hex32},
    "register": {"number": number(1), "openings": number(1), "digest": hex32},
    "opening": {"letter": hex32, "fact": hex32},
}


def entry(value):
    """A ledger entry of a known kind with exactly its members."""
    members = ENTRY_MEMBERS.get(value.get("kind")) if isinstance(value, dict) else None
    shape = members and obj(format=one_of("mandate-entry/v1"), kind=text(), at=instant, **members)
    return bool(shape) and shape(value)


STATE = obj(
    format=one_of("mandate-later-state/v1"),
    authorization=ID,
    letter=hex32,
    generation=number(1, 999),
    asOf=MOMENT,
    ledgerSize=number(),
    uses=obj(
        allowed=number(), per=one_of(None, "month", "quarter", "year"), counted=number(), reserved=number()
    ),
    withdrawn=flag,
    hold=one_of("none", "open", "upheld"),
    ended=flag,
    restricted=flag,
    releases=number(),
)
def line(most):
    """So many characters, none of them a control."""
    return lambda it: text(1, most)(it) and all(unicodedata.category(each) != "Cc" for each in it)


CREDIT = matching(r"[0-9A-Z]{18}")
FREE, PLAIN, NAME = text(1, 2000), line(500), matching(r"[a-z][A-Za-z0-9-]{0,60}")
PARTIES = one_of("subject", "institution")
PROOF = {"proof": obj(kind=PLAIN, ref=FREE), "salt": hex32}
OPTIONAL = {"redemption": ("per", "period", "reservedUntil"), "erasure": ("approvedBy",)}
FACT_MEMBERS = {
    "redemption": {
        "institution": CREDIT,
        "purpose": PLAIN,
        "source": CREDIT,
        "recipient": CREDIT,
        "items": lst(PLAIN, 0, 1000),
        "operator": hex32,
        "number": number(1, 1_000_000),
        "of": number(1, 1_000_000),
        "per": one_of("month", "quarter", "year"),
        "period": matching(r"[0-9]{4}(-([0-9]{2}|Q[1-4]))?"),
        "reservedUntil": instant,
    },
    "withdrawal": {"by": PARTIES, "channel": FREE, **PROOF},
    "hold": {"by": PARTIES, "reason": FREE, **PROOF},
    "hold-resolution": {
        "hold": ID,
        "outcome": one_of("upheld", "rejected", "retracted"),
        "grounds": FREE,
        "proposedBy": hex32,
        "resolvedBy": hex32,
        "proposedAt": instant,
    },
    "end": {"event": FREE, "happenedAt": instant, "salt": hex32},
    "release": {
        "redemption": ID,
        "recipient": CREDIT,
        "key": PLAIN,
        "fields": lst(NAME, 0, 100),
        "content": hex32,
        "sealed": hex32,
    },
    "restriction": {"by": PARTIES, **PROOF},
    "id-image-destruction": {
        "content": hex32,
        "keptAt": instant,
        "keepUntil": instant,
        "why": one_of("deadline", "asked", "over", "erased"),
        "by": one_of("institution", "subject", "sweep"),
        "salt": hex32,
    },
    "erasure": {"basis": FREE, "keptUntil": instant, "askedBy": PLAIN, "approvedBy": PLAIN, "salt": hex32},
}
FACTS = {
    name: obj(
        optional=OPTIONAL.get(name, ()),
        format=one_of(f"mandate-{name}/v1"),
        id=ID,
        authorization=ID,
        letterNumber=PLAIN,
        letter=hex32,
        terms=hex32,
        at=instant,
        **members,
    )
    for name, members in FACT_MEMBERS.items()
}
URL, SECONDS = matching(r"https?://[!-~]{1,300}"), number(0, 253_402_300_799)
PAYLOAD = obj(
    optional=("aud", "exp", "status"),
    iss=URL,
    jti=ID,
    iat=SECONDS,
    aud=CREDIT,
    exp=SECONDS,
    status=obj(status_list=obj(idx=number(0, 2**31), uri=URL)),
    fact=lambda it: isinstance(it, dict),
    factDigest=hex32,
    ledgerEntry=hex32,
    institution=obj(name=PLAIN, creditCode=CREDIT),
)
RECEIPTS = obj(
    format=one_of("mandate-later-receipts/v1"),
    receipts=lst(obj(optional=("token",), jws=text(1), token=bytes64(1))),
)
ACCESSES = obj(
    format=one_of("mandate-later-accesses/v1"),
    entries=lst(obj(ordinal=number(1), at=MOMENT, purpose=text(), actor=text())),
)
