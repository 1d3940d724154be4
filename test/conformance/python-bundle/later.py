"""Later generations: what was added to a bundle after signing (docs/evidence-format.md, 2.3)."""

import datetime
import hashlib
import json
import re

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

import archive
import container
import ledger
import pki
import shapes
import signatures
import strict_json
from container import from_base64, to_base64url
from strict_json import digest, moment

HASH, FORMAT, ORDER = "HASH_FAILURE", "FORMAT_FAILURE", "TIMESTAMP_ORDER_FAILURE"
SKEW = datetime.timedelta(seconds=2)
NAMES = re.compile(
    r"META-INF/(?:ASiCManifest-(?!000)\d{3}\.xml|signature-(?!000)\d{3}\.p7s)"
    r"|later/(?!000)\d{3}/(?:(?:state|receipts|accesses)\.json|letter-archived\.pdf|proofs/(?:0|[1-9]\d*)\.tlog-proof)"
)
# fact.format → (typ, entry kind, step)
KINDS = {
    "withdrawal": ("withdrawal", None),
    "hold": ("hold", "opened"),
    "end": ("end", None),
    "release": ("access", None),
    "restriction": ("shred", "restricted"),
    "id-image-destruction": ("shred", "id-image-destroyed"),
    "erasure": ("shred", "erased"),
}


def is_name(name):
    return NAMES.fullmatch(name) is not None


def receipt_keys(files):
    """RFC 7638 thumbprint → SubjectPublicKeyInfo, of JWK sets of P-256 keys."""
    keys = {}
    for file in files:
        for jwk in json.loads(file.read_text())["keys"]:
            named = strict_json.spell({name: jwk[name] for name in ("crv", "kty", "x", "y")})
            x, y = (int.from_bytes(from_base64(jwk[name], url=True), "big") for name in ("x", "y"))
            public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            form = serialization.PublicFormat.SubjectPublicKeyInfo
            spki = public.public_bytes(serialization.Encoding.DER, form)
            keys[to_base64url(hashlib.sha256(named.encode()).digest())] = spki
    return keys


class Generation:
    def __init__(self, number, entries):
        self.number, self.folder = number, f"later/{number:03}/"
        self.manifest, self.seal = f"META-INF/ASiCManifest-{number:03}.xml", f"META-INF/signature-{number:03}.p7s"
        self.names = [name for name in entries if name.startswith(self.folder)]
        self.stamp = self.state = None
        self.known_at = None  # when its seal is known to have existed

    def missing(self, entries):
        required = [self.manifest, self.seal, *(f"{self.folder}{name}.json" for name in ("state", "receipts", "accesses"))]
        return [name for name in required if name not in entries]


class Later:
    """All generations of one bundle; does nothing where there is none."""

    def __init__(self, it):
        self.it, self.note = it, it.note
        numbers = sorted({int(re.search(r"\d{3}", name)[0]) for name in it.entries if is_name(name)})
        self.all = [Generation(number, it.entries) for number in numbers]
        missing = [name for each in self.all for name in each.missing(it.entries)]
        dense = numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= 99
        if not self.note("G-1", dense and not missing, FORMAT, ", ".join(missing)):
            self.all = []
        self.zero_known_at = it.at

    # ---- chain and seals ------------------------------------------------------------------------

    def judge_seals(self):
        """[G-2] to [G-5], from the newest back: each seal's stamp proves that all before it existed."""
        it, known_at = self.it, self.it.at
        for each in reversed(self.all):
            before = self.all[each.number - 2] if each.number > 1 else None
            previous = (before.manifest, before.seal) if before else ("META-INF/ASiCManifest.xml", "META-INF/signature.p7s")
            listed = it.read("B-8", container.read_manifest, it.entries[each.manifest], each.seal)
            found = len(it.findings.found)
            it.check_manifest("G-2", listed, [*each.names, *previous])
            chained = listed is not None and len(it.findings.found) == found
            each.known_at = known_at
            each.stamp = it.under("G-3", lambda: it.judge_one_seal(each.seal, each.manifest, known_at))
            if chained and each.stamp is not None and each.stamp.holds:
                known_at = each.stamp.time
        self.zero_known_at = known_at

    def judge_order(self, first):
        """[G-4]; `first` is the stamp of generation 0."""
        for each in self.all:
            if each.stamp is not None and first is not None:
                self.note("G-4", each.stamp.time + SKEW >= first.time, ORDER)
            first = each.stamp or first

    # ---- archived letter ------------------------------------------------------------------------

    def signature_known_at(self):
        """[X-11] The moment for which the signature's own token is judged."""
        it, known_at = self.it, self.it.at
        letters = self.letters()
        if not letters:
            return known_at
        stamps = it.read("A-4", archive.read_archive, it.entries["letter/letter-signed.pdf"], letters[-1])
        for raw, covered in reversed(stamps or []):
            token = it.read("A-5", pki.Token, raw)
            if token is None:
                continue
            note = lambda _, *rest: self.note("A-5", *rest)  # noqa: E731
            it.used_by_token("document", token)
            stamp = signatures.judge_token(note, token, covered, it.trust.timestamp, it.at)
            signatures.judge_age(note, stamp, known_at)
            known_at = stamp.time if stamp.holds else known_at
        return known_at

    def letters(self):
        names = [f"{each.folder}letter-archived.pdf" for each in self.all]
        return [self.it.entries[name] for name in names if name in self.it.entries]

    def judge_letters(self, renewals):
        """[G-17] The letters contain each other, and each generation's entries name what is newest in it."""
        newest, count = self.it.entries["letter/letter-signed.pdf"], 0
        named = hashlib.sha256(newest).hexdigest()
        for each in self.all:
            letter = self.it.entries.get(f"{each.folder}letter-archived.pdf")
            if letter is not None:
                self.note("G-17", letter.startswith(newest) and len(letter) > len(newest), HASH)
                newest = letter
            chained = True
            for entry in sorted(renewals[each.number], key=lambda entry: entry["generation"]):
                chained = chained and (entry["generation"], entry["previous"]) == (count + 1, named)
                count, named = entry["generation"], entry["letter"]
            self.note("G-17", chained and named == hashlib.sha256(newest).hexdigest(), HASH, "renewals")

    # ---- receipts, proofs, statements -----------------------------------------------------------

    def judge_content(self):
        facts, entries, renewals, opened = {}, {}, {}, []
        before = None
        for each in self.all:
            proofs = self.read_proofs(each, entries)
            receipts = self.read_receipts(each, facts)
            self.match(proofs, receipts, facts)
            renewals[each.number] = [entry for _, entry in proofs.values() if entry["kind"] == "renewal"]
            self.judge_state(each, before, facts, entries, proofs)
            self.judge_accesses(each, opened)
            before = each.state or before
        if self.all:
            self.judge_letters(renewals)
        for _, entry in entries.values():
            if entry["kind"] == "key-event" and entry["event"] == "ended":
                at, known = moment(entry["at"]), self.it.key_ends.get(entry["key"])
                self.it.key_ends[entry["key"]] = min(at, known or at)
        ends = [entry["at"] for _, entry in entries.values() if entry["kind"] == "credential-end"]
        if ends and self.it.passkey is not None:
            used = moment(self.it.passkey["checkedAt"])
            self.note("P-7", all(moment(at) > used for at in ends), "REVOKED")

    def read_json(self, each, name, shape):
        return self.it.read_json(f"{each.folder}{name}.json", shape)

    def read_proofs(self, each, entries):
        """[G-13], [G-14]; digest of an entry → (index, entry)."""
        found = {}
        for name in (name for name in each.names if "/proofs/" in name):
            proof = self.it.read("G-13", ledger.Proof, self.it.entries[name])
            entry = proof and self.it.read("G-13", strict_json.parse, proof.extra)
            if not entry or not self.note("G-13", shapes.entry(entry), FORMAT, name):
                continue
            self.it.judge_proof(proof, lambda _, *rest: self.note("G-13", *rest), entry)
            own = hashlib.sha256(proof.extra).hexdigest()
            named = name.rsplit("/", 1)[1] == f"{proof.index}.tlog-proof"
            self.note("G-13", named and own not in entries, HASH, name)
            entries[own] = found[own] = (proof.index, entry)
            self.note("G-14", self.is_about(entry, own), HASH, entry["kind"])
        return found

    def is_about(self, entry, own):
        it, kind = self.it, entry["kind"]
        if kind in ("redemption", "withdrawal", "hold", "end", "access", "shred"):
            return entry["letter"] == it.letter_digest
        if kind == "renewal":
            return it.certificate is not None and entry["serial"] == it.certificate.serial_hex
        if kind == "credential":
            return it.passkey is not None and own == it.passkey["registration"]["entry"]
        if kind == "key-event":
            return entry["event"] == "ended"
        return kind == "credential-end" and entry["credential"] == it.credential

    def read_receipts(self, each, facts):
        """[G-9] to [G-12]; digest of an entry → (fact, its digest, kind of entry and step)."""
        part, found = self.read_json(each, "receipts", shapes.RECEIPTS), {}
        for receipt in part["receipts"] if part else []:
            read = self.it.read("G-9", self.read_jws, receipt["jws"])
            if read is None:
                continue
            header, payload = read
            stamped = self.judge_receipt_time(each, receipt) if "token" in receipt else None
            fact, own = payload.get("fact"), payload.get("ledgerEntry")
            self.used_for_receipt(header, fact, stamped)
            kind = self.kind_of(header, fact)
            if not self.note("G-10", kind is not None, FORMAT):
                continue
            if not self.note("G-19", shapes.PAYLOAD(payload) and shapes.FACTS[kind[0]](fact), FORMAT, kind[0]):
                continue
            self.note("G-10", payload["factDigest"] == digest("receipt", fact), HASH)
            self.note("G-20", self.agrees(kind[0], fact, payload), HASH, kind[0])
            it = self.it
            same = (fact.get("authorization"), fact.get("letter")) == (it.scene["authorization"], it.letter_digest)
            same = same and (fact.get("terms"), fact.get("letterNumber")) == (it.terms_digest, it.terms["letterNumber"])
            self.note("G-11", same and fact["id"] not in facts, HASH)
            self.note("G-15", own not in found, HASH, "two receipts of one entry")
            facts[fact["id"]] = found[own] = (fact, payload["factDigest"], kind)
        return found

    def read_jws(self, text):
        head, body, signature = text.split(".")
        header, payload = (strict_json.parse(from_base64(part, url=True)) for part in (head, body))
        value = from_base64(signature, url=True)
        if len(value) != 64 or set(header) != {"alg", "kid", "typ"} or header["alg"] != "ES256" or not isinstance(payload, dict):
            raise ValueError("receipt: header or signature")
        keys = self.it.trust.receipt
        if keys and self.note("G-9", header["kid"] in keys, "NO_SIGNING_CERTIFICATE_FOUND"):
            numbers = (int.from_bytes(part, "big") for part in (value[:32], value[32:]))
            held = pki.signature_holds(
                keys[header["kid"]], "1.2.840.10045.4.3.2", encode_dss_signature(*numbers), f"{head}.{body}".encode()
            )
            self.note("G-9", held, "SIG_CRYPTO_FAILURE")
        return header, payload

    def judge_receipt_time(self, each, receipt):
        note = lambda _, *rest: self.note("G-12", *rest)  # noqa: E731
        token = self.it.read("G-12", pki.Token, from_base64(receipt["token"], url=True))
        if token is not None:
            signed = receipt["jws"].encode()
            stamp = signatures.judge_token(note, token, signed, self.it.trust.timestamp, self.it.at)
            sealed = each.stamp.time if each.stamp is not None and each.stamp.holds else self.it.at
            signatures.judge_age(note, stamp, sealed)
            self.it.used_by_token("receipt", token)
        return token and token.time

    def used_for_receipt(self, header, fact, stamped):
        """[X-13] A receipt is as old as its timestamp shows or, without one, as it says itself."""
        said = fact.get("at") if isinstance(fact, dict) else None
        when = stamped or (moment(said) if shapes.MOMENT(said) else None)
        if when is not None and header["kid"] in self.it.trust.receipt:
            self.it.used("receipt", self.it.trust.receipt[header["kid"]], when)

    def kind_of(self, header, fact):
        """(format, entry kind, step) by the table of [G-10]; None where type and fact do not fit."""
        form = fact.get("format") if isinstance(fact, dict) else None
        match = re.fullmatch(r"mandate-([a-z-]+)/v1", form) if isinstance(form, str) else None
        if not match or not isinstance(fact.get("id"), str):
            return None
        name, typ = match[1], header["typ"]
        if name == "redemption":
            kind = ("redemption", "reserved" if "reservedUntil" in fact else "confirmed")
        elif name == "hold-resolution":
            kind = ("hold", fact.get("outcome"))
        else:
            kind = KINDS.get(name)
        due = f"mandate-{'receipt' if name == 'redemption' else name}+jwt"
        return (name, *kind) if kind and typ == due else None

    def agrees(self, name, fact, payload):
        """[G-20] What follows from the fact stands beside it."""
        at = moment(fact["at"])
        if (payload["jti"], payload["iat"]) != (fact["id"], int(at.timestamp())):
            return False
        permission = {"aud", "exp", "status"} & set(payload)
        if name != "redemption":
            return not permission
        per, day = fact.get("per"), at + datetime.timedelta(hours=8 if at.year < 9999 else 0)
        periods = {
            None: None,
            "year": f"{day:%Y}",
            "quarter": f"{day:%Y}-Q{(day.month + 2) // 3}",
            "month": f"{day:%Y-%m}",
        }
        return (
            len(permission) == 3
            and payload["aud"] == fact["source"]
            and payload["institution"]["creditCode"] == fact["institution"]
            and fact.get("period") == periods[per]
        )

    def match(self, proofs, receipts, facts):
        """[G-15] Every receipt has its entry here, every entry its receipt."""
        for own, (fact, fact_digest, (_, kind, step)) in receipts.items():
            entry = proofs[own][1] if own in proofs else {}
            recorded = tuple(entry.get(name) for name in ("kind", "step", "fact", "at"))
            fits = recorded == (kind, step, fact_digest, fact.get("at"))
            self.note("G-15", fits, HASH, fact["format"])
        uses = {fact_digest for _, fact_digest, (name, *_) in facts.values() if name == "redemption"}
        for own, (_, entry) in proofs.items():
            if "fact" not in entry or own in receipts:
                continue
            step = entry["kind"] == "redemption" and entry["step"] in ("confirmed", "released")
            self.note("G-15", step and entry["fact"] in uses, HASH, entry["kind"])

    def judge_state(self, each, before, facts, entries, proofs):
        state = each.state = self.read_json(each, "state", shapes.STATE)
        if state is None:
            return
        it = self.it
        own = (state["authorization"], state["letter"], state["generation"])
        self.note("G-6", own == (it.scene["authorization"], it.letter_digest, each.number), HASH)
        low, exempt = (before["ledgerSize"] if before else 0), ("credential", "credential-end", "key-event")
        sizes = [(index, entry["kind"] in exempt) for index, entry in proofs.values()]
        within = all(index < state["ledgerSize"] and (free or index >= low) for index, free in sizes)
        self.note("G-6", within and state["ledgerSize"] >= low, HASH)
        uses = it.terms["uses"]
        stated = (state["uses"]["allowed"], state["uses"]["per"])
        self.note("G-7", stated == (uses.get("count", uses.get("atMost")), uses.get("per")), HASH)
        as_of = moment(state["asOf"])
        late = each.stamp is None or as_of <= each.stamp.time + SKEW
        self.note("G-8", late and (before is None or as_of >= moment(before["asOf"])), HASH)
        told = {name: state[name] for name in ("withdrawn", "hold", "ended", "restricted", "releases")}
        counted = {name: state["uses"][name] for name in ("counted", "reserved")}
        self.note("G-16", (told, counted) == self.told(facts, entries), HASH)

    def told(self, facts, entries):
        """[G-16] What receipts and entries so far say."""
        by = {}
        for fact, fact_digest, (name, *_) in facts.values():
            by.setdefault(name, []).append((fact, fact_digest))
        steps = {(entry["fact"], entry["step"]) for _, entry in entries.values() if entry["kind"] == "redemption"}
        live = [(fact, own) for fact, own in by.get("redemption", []) if (own, "released") not in steps]
        reserved = [own for fact, own in live if "reservedUntil" in fact and (own, "confirmed") not in steps]
        resolutions = [fact.get("outcome") for fact, _ in by.get("hold-resolution", [])]
        hold = "open" if len(by.get("hold", [])) > len(resolutions) else "none"
        state = {
            "withdrawn": "withdrawal" in by,
            "hold": "upheld" if "upheld" in resolutions else hold,
            "ended": "end" in by,
            "restricted": "restriction" in by,
            "releases": len(by.get("release", [])),
        }
        return state, {"counted": len(live), "reserved": len(reserved)}

    def judge_accesses(self, each, opened):
        part = self.read_json(each, "accesses", shapes.ACCESSES)
        for entry in part["entries"] if part else []:
            dense = entry["ordinal"] == len(opened) + 1
            at = moment(entry["at"])
            self.note("G-18", dense and (not opened or at + datetime.timedelta(seconds=5) >= opened[-1]), HASH)
            opened.append(at)
