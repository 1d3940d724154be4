"""JSON of which there is one spelling only (RFC 8785, and stricter), and the shapes it must have."""

import datetime
import hashlib
import json
import re
import unicodedata

from container import from_base64

SAFE = 2**53 - 1


def parse(data):
    """The value these bytes spell. ValueError unless they are its canonical spelling."""
    text = data.decode("utf-8")

    def pairs(members):
        if len({name for name, _ in members}) != len(members):
            raise ValueError("JSON: a member twice")
        return dict(members)

    def refuse(_):
        raise ValueError("JSON: not an integer")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("JSON: too deep") from error
    if spell(value) != text:
        raise ValueError("JSON: not canonical")
    return value


def spell(value):
    """Canonical text; members in the order of their UTF-16 code units."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) > SAFE:
            raise ValueError("JSON: number out of range")
        return str(value)
    if isinstance(value, str):
        if unicodedata.normalize("NFC", value) != value:
            raise ValueError("JSON: text not in NFC")
        value.encode("utf-8")  # lone surrogates end here, as UnicodeEncodeError, which is a ValueError
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(spell, value)) + "]"
    members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
    return "{" + ",".join(f"{spell(name)}:{spell(inner)}" for name, inner in members) + "}"


def digest(kind, value):
    """`SHA-256("mandate/<kind>/v1\\n" || JCS(value))`, hex."""
    return hashlib.sha256(f"mandate/{kind}/v1\n{spell(value)}".encode()).hexdigest()


# ---- shapes: functions that return True or False for a parsed value -------------------------------


def obj(optional=(), **members):
    """An object of exactly these members; those named in `optional` may be missing."""

    def fits(value):
        return (
            isinstance(value, dict)
            and all(name in members for name in value)
            and all(name in value or name in optional for name in members)
            and all(members[name](inner) for name, inner in value.items())
        )

    return fits


def lst(inner, least=0, most=10_000):
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(inner, value))


def text(least=0, most=100_000):
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def matching(pattern):
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def one_of(*values):
    """Text or null of a closed list; `True` is not 1 here."""
    return lambda value: any(type(value) is type(each) and value == each for each in values)


def number(least=0, most=SAFE):
    return lambda value: type(value) is int and least <= value <= most


def flag(value):
    return isinstance(value, bool)


def either(*shapes):
    return lambda value: any(shape(value) for shape in shapes)


def null(value):
    return value is None


hex32 = matching(r"[0-9a-f]{64}")


def bytes64(least=0, most=1 << 20):
    """Base64url without padding, of so many bytes."""

    def fits(value):
        try:
            return isinstance(value, str) and least <= len(from_base64(value, url=True)) <= most
        except ValueError:
            return False

    return fits


def instant(value):
    """UTC to the second, `Z`."""
    return _moment(value, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "%Y-%m-%dT%H:%M:%SZ")


def instant_milliseconds(value):
    return _moment(value, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(value, pattern, form):
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        return False
    try:
        return bool(datetime.datetime.strptime(value, form))
    except ValueError:
        return False


def moment(value):
    """Aware UTC of either form."""
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in value else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.datetime.strptime(value, form).replace(tzinfo=datetime.timezone.utc)
