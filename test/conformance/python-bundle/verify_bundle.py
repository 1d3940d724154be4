#!/usr/bin/env python3
"""A second reader of evidence bundles and filings, made from docs/evidence-format.md alone.

    verify_bundle.py BUNDLE --trust FOLDER --at 2026-11-21T10:00:00Z [--reader-key FILE]
    verify_bundle.py --batch        # one {"file", "trust", "at", "reader"?} a line in, one answer a line out

An answer is {"verdict": …, "rules": {number of the document: why it does not hold}}. Exit codes as [V-4].
Needs Python 3.9, python3-cryptography and pdftotext. Nothing of this is for use in production.
"""

import argparse
import datetime
import hashlib
import json
import re
import sys
import traceback
from pathlib import Path

import container
import disclosures
import filing
import later
import ledger
import letter
import pages
import pki
import record
import shapes
import signatures
import strict_json
from findings import Findings
from strict_json import digest, moment

JSON_PARTS = {
    "terms": shapes.TERMS,
    "template": shapes.TEMPLATE,
    "scene": shapes.SCENE,
    "challenge": shapes.CHALLENGE,
    "presentation": shapes.PRESENTATION,
    "parts": shapes.PARTS,
    "trail": shapes.TRAIL,
}
OPTIONAL_JSON_PARTS = {
    "code-record": shapes.CODE_RECORD,
    "passkey": shapes.PASSKEY,
    "delivery": shapes.DELIVERY,
    "identity": shapes.IDENTITY,
    "provenance": shapes.PROVENANCE,
}
REQUIRED = [
    "README.txt",
    *(f"authorization/{name}.json" for name in JSON_PARTS),
    "letter/letter.pdf",
    "letter/letter-signed.pdf",
    "keys/scene.pem",
    "keys/chain.pem",
    "keys/proof-of-possession.json",
    "tokens/signature.tsq",
    "tokens/signature.tst",
    "revocation/scene.ocsp.der",
]
OPTIONAL = [f"authorization/{name}.json" for name in OPTIONAL_JSON_PARTS]
ANCHOR = re.compile(r"anchors/(?:(?:scene|seal|timestamp|identity)/[a-z0-9][a-z0-9.-]*\.pem|ledger/[a-z0-9][a-z0-9.-]*\.vkey)")
MOST_ENTRIES = 10_000
MANIFEST, SEAL, PROOF = "META-INF/ASiCManifest.xml", "META-INF/signature.p7s", "proofs/letter.tlog-proof"
MEDIA = {
    "json": "application/json", "pdf": "application/pdf", "pem": "application/x-pem-file",
    "txt": "text/plain; charset=utf-8", "vkey": "text/plain; charset=utf-8", "tsq": "application/timestamp-query",
    "tst": "application/pkcs7-mime", "xml": "application/xml", "p7s": "application/pkcs7-signature",
    "tlog-proof": "text/plain; charset=utf-8", "der": "application/octet-stream",
}
SEGMENT = r"(?!\.\.?(?:/|$))[A-Za-z0-9._-]+"
NAME = re.compile(rf"{SEGMENT}(?:/{SEGMENT})*")
POLICY_ARC = pki.SCENE_BINDING + "."


class Trust:
    """Anchors by purpose, from the folder they are published in."""

    def __init__(self, folder):
        self.folder = Path(folder)
        certificates = {
            purpose: [pki.Certificate(raw) for file in self.files(purpose) for raw in pki.read_pem(file.read_bytes())]
            for purpose in ("scene", "seal", "timestamp")
        }
        self.scene, self.seal, self.timestamp = certificates.values()
        self.ledger = [ledger.Key(line) for file in self.files("ledger") for line in file.read_text().split("\n") if line]
        self.identity = {file.stem: pki.read_pem(file.read_bytes(), "PUBLIC KEY") for file in self.files("identity")}
        self.receipt = later.receipt_keys(self.files("receipt"))

    def files(self, purpose):
        folder = self.folder / purpose
        return sorted(folder.iterdir()) if folder.is_dir() else []


class Bundle:
    """What one verification knows; members are filled in as parts are read."""

    def __init__(self, data, trust, at, reader=None):
        self.findings, self.trust, self.at, self.reader = Findings(), trust, at, reader
        self.uses, self.key_ends = [], {}
        self.note, self.read = self.findings.check, self.findings.read
        self.data, self.entries = data, {}
        self.certificate = self.binding = self.stamp = self.signed_cms = None
        self.gen_time = self.seal_stamp = self.entry = None

    def judge(self):
        if filing.claims(self.data):
            filing.judge(self)
            return
        try:
            self.entries = container.read_zip(self.data, MOST_ENTRIES)
        except container.Unsupported as error:
            self.note("B-2", False, "SIGNED_DATA_NOT_FOUND", str(error))
            return
        except container.TooMany as error:
            self.note("B-4", False, "FORMAT_FAILURE", str(error))
            return
        except (ValueError, IndexError, OverflowError) as error:
            self.note("B-2", False, "FORMAT_FAILURE", str(error))
            return
        if self.check_names() and self.read_parts():
            self.later = later.Later(self)
            self.later.judge_seals()
            self.entry = self.read_entry()
            self.judge_letter()
            self.judge_certificate()
            self.judge_record()
            self.judge_ledger()
            self.judge_seal()
            self.later.judge_order(self.seal_stamp)
            self.later.judge_content()
            disclosures.judge(self.note, self.read, self)
            self.judge_keys()

    def proper_name(self, name):
        """[B-3] of one name."""
        return NAME.fullmatch(name) is not None and len(name) <= 200

    # ---- container ------------------------------------------------------------------------------

    def check_names(self):
        names = list(self.entries)
        fits = self.entries.get("mimetype") == container.MIME and names[0] == "mimetype"
        fits = self.note("B-1", fits, "FORMAT_FAILURE")
        fits &= self.note("B-2", names[1:] == sorted(names[1:]), "FORMAT_FAILURE", "order")
        proper = all(self.proper_name(name) for name in names)
        fits &= self.note("B-3", proper and len({name.lower() for name in names}) == len(names), "FORMAT_FAILURE")
        fits &= self.note("B-4", len(self.data) <= 64 << 20, "FORMAT_FAILURE")
        known = {"mimetype", MANIFEST, SEAL, PROOF, *REQUIRED, *OPTIONAL}
        named = [name for name in names if later.is_name(name) or disclosures.is_name(name)]
        strange = [name for name in names if name not in known and not ANCHOR.fullmatch(name) and name not in named]
        missing = [name for name in (MANIFEST, SEAL) if name not in names]
        fits &= self.note("B-5", not strange and not missing, "FORMAT_FAILURE", ", ".join(strange + missing))
        if not fits:
            return False
        apart = {"mimetype", MANIFEST, SEAL, PROOF}
        parts = {name for name in names if name not in apart and name not in named}
        self.check_manifest("B-9", self.read("B-8", container.read_manifest, self.entries[MANIFEST], SEAL), parts)
        lacking = [name for name in REQUIRED if name not in parts]
        return self.note("B-5", not lacking, "FORMAT_FAILURE", ", ".join(lacking))

    def check_manifest(self, rule, listed, names):
        if listed is None:
            return
        kinds = all(kind == media(name) for name, (kind, _) in listed.items())
        self.note("B-8", kinds, "FORMAT_FAILURE", "media type")
        self.note(rule, set(listed) == set(names), "FORMAT_FAILURE", "manifest and files")
        for name in set(listed) & set(names):
            self.note(rule, listed[name][1] == container.sha256(self.entries[name]), "HASH_FAILURE", name)

    # ---- parts ----------------------------------------------------------------------------------

    def read_parts(self):
        for name, shape in {**JSON_PARTS, **OPTIONAL_JSON_PARTS}.items():
            setattr(self, name.replace("-", "_"), self.read_json(f"authorization/{name}.json", shape))
        self.possession = self.read_json("keys/proof-of-possession.json", shapes.POSSESSION)
        self.code = self.code_record
        self.letter = self.entries["letter/letter.pdf"]
        self.letter_digest = hashlib.sha256(self.letter).hexdigest()
        self.request = self.read("T-12", pki.TokenRequest, self.entries["tokens/signature.tsq"])
        self.chain = self.read("B-7", self.certificates, "keys/chain.pem") or []
        scene = self.read("B-7", self.certificates, "keys/scene.pem")
        self.note("B-7", scene is None or len(scene) == 1, "FORMAT_FAILURE", "keys/scene.pem")
        self.scene_pem = scene[0] if scene else None
        if None in (*(getattr(self, name) for name in JSON_PARTS), self.possession):
            return False
        for name in ("terms", "scene", "challenge", "parts"):
            setattr(self, name + "_digest", digest(name, getattr(self, name)))
        self.evidence_root = self.parts_digest
        self.credential = record.commitment_of(self.passkey) if self.passkey is not None else None
        return True

    def certificates(self, name):
        return [pki.Certificate(raw) for raw in pki.read_pem(self.entries[name])]

    def read_json(self, name, shape):
        """The part's value; None if it is not there, or not as it should be."""
        if name not in self.entries:
            return None
        rule = "D-3" if name.endswith("terms.json") else "C-1"
        value = self.read(rule, strict_json.parse, self.entries[name])
        if value is None or self.note(rule.replace("C-1", "C-2"), shape(value), "FORMAT_FAILURE", name):
            return value
        return None

    # ---- letter and its signature ---------------------------------------------------------------

    def judge_letter(self):
        shown = self.read("A-1", letter.Shown, self.letter)
        signed = self.entries["letter/letter-signed.pdf"]
        if shown is None:
            return
        embedded = self.read("D-1", shown.terms)
        if self.note("D-1", embedded is not None, "FORMAT_FAILURE"):
            self.note("D-1", embedded == self.entries["authorization/terms.json"], "HASH_FAILURE")
        self.note("D-2", pages.pages_say(self.letter, self.terms, self.template["body"]), "HASH_FAILURE")
        plain = self.read("D-5", shown.field_is_plain)
        self.note("D-5", plain is None or plain and pages.field_says(self.letter, self.terms), "HASH_FAILURE")
        continued = self.read("A-2", letter.shown_part, signed)
        self.note("A-1", continued is None or continued == self.letter, "HASH_FAILURE", "letter.pdf")
        value = self.read("A-2", letter.read_update, signed)
        update = value and self.read("A-3", letter.read_signature, value, signed)
        cms = update and self.read("M-1", pki.SignedData, update[0])
        if not cms:
            return
        self.signed_cms = cms
        self.judge_cms(cms, update[1], "M-1", "M-2", "M-3")
        self.certificate = cms.signer()
        same = self.certificate and self.scene_pem and self.certificate.raw == self.scene_pem.raw
        self.note("M-3", same, "HASH_FAILURE", "keys/scene.pem")
        raw = self.token_of(cms, "M-4")
        if raw is not None:
            self.note("M-4", raw == self.entries["tokens/signature.tst"], "HASH_FAILURE")
            entry_at = self.entry["at"] if self.entry else None
            self.stamp = self.judge_token(raw, cms.signature, self.certificate, "T-1", self.request, entry_at)
            self.gen_time = self.stamp.time if self.stamp else None

    def judge_cms(self, cms, covered, form, attributes, signature):
        rules = {"form": form, "attributes": attributes, "digest": attributes, "reference": attributes}
        for kind, sub_indication in pki.judge_signed_data(cms, pki.DATA, covered, exact=True):
            self.note(rules.get(kind, signature), False, sub_indication, kind)

    def token_of(self, cms, rule, absent="NO_POE"):
        """The one timestamp token among the unsigned attributes."""
        tokens = cms.unsigned.get(pki.TIMESTAMP_TOKEN, []) if cms.signer_count == 1 else []
        if not self.note(rule, tokens, absent, "no timestamp"):
            return None
        only = len(tokens) == 1 and len(cms.unsigned) == 1
        return tokens[0].raw if self.note(rule, only, "FORMAT_FAILURE", "more than one timestamp") else None

    def judge_token(self, raw, digested, stamped, rule, request=None, entry_at=None, prefix=None):
        token = self.read(rule, pki.Token, raw)
        if token is None:
            return None
        note = self.note if prefix is None else lambda _, *rest: self.note(prefix, *rest)
        self.used_by_token(rule, token)
        return signatures.judge_token(
            note, token, digested, self.trust.timestamp, self.at, stamped, request, entry_at
        )

    def judge_certificate(self):
        certificate, known_at = self.certificate, self.later.signature_known_at()
        if self.stamp is not None:
            signatures.judge_age(self.note, self.stamp, known_at)
        if certificate is None:
            return
        proven = self.stamp is not None and self.stamp.holds
        instant = self.stamp.time if proven else self.at
        bag = [*self.signed_cms.certificates, *self.chain]
        problems = pki.judge_path(certificate, bag, self.trust.scene, instant, "scene")
        for rule, sub_indication in sorted(problems):
            if proven or sub_indication != "EXPIRED":
                self.note(rule, False, sub_indication)
        ended = self.at >= certificate.not_after + signatures.SECOND
        self.note("X-7", proven, "OUT_OF_BOUNDS_NO_POE" if ended else "NO_POE")
        life = (certificate.not_after - certificate.not_before).total_seconds()
        short = pki.SHORT_TERM in certificate.extensions and life <= 600
        self.note("X-8", short, "CHAIN_CONSTRAINTS_FAILURE")
        if self.note("X-9", pki.SCENE_BINDING in certificate.extensions, "SIG_CONSTRAINTS_FAILURE"):
            self.binding = self.read("X-9", signatures.Binding, certificate)
        if self.binding is not None:
            self.judge_binding(self.binding)
        salt = container.from_base64(self.terms["salt"], url=True)
        named = [
            ("2.5.4.3", self.terms["subject"]["name"][:64]),
            ("2.5.4.5", record.commit(salt, "subject.idNumber", self.terms["subject"]["idNumber"])),
        ]
        subject = [(oid, value.text()) for oid, value in certificate.names if oid in dict(named)]
        self.note("X-10", sorted(subject) == named, "SIG_CONSTRAINTS_FAILURE")
        issuer = next((each for each in [*bag, *self.trust.scene] if pki.issued(each, certificate)), None)
        response = self.read("O-1", pki.StatusResponse, self.entries["revocation/scene.ocsp.der"])
        if issuer is not None:
            self.used("scene certificate", issuer.spki, self.gen_time or self.at)
        if response is not None and issuer is not None:
            signatures.judge_status(self.note, response, certificate, issuer, self.gen_time, self.at)
            by = next((each for each in [issuer, *response.certificates] if response.is_by(each)), None)
            if by is not None:
                self.used("status", by.spki, response.produced)

    def judge_binding(self, binding):
        expected = {
            "scene": self.scene_digest,
            "letter": self.letter_digest,
            "evidence": self.evidence_root,
            "ledger_origin": self.scene["ledgerOrigin"],
        }
        for name, value in expected.items():
            self.note("X-9", getattr(binding, name) == value, "HASH_FAILURE", name)
        self.note("X-9", binding.key_origin in self.scene["keyOrigins"], "FORMAT_FAILURE", "key origin")

    # ---- keys that ended ------------------------------------------------------------------------

    def used(self, what, spki, when):
        self.uses.append((what, hashlib.sha256(spki).hexdigest(), when))

    def used_by_token(self, what, token):
        signer = token.cms.signer() if token.cms.signer_count == 1 else None
        if signer is not None:
            self.used(what + " timestamp", signer.spki, token.time)

    def judge_keys(self):
        """[X-13] What was signed after the end of its key."""
        for what, key, when in self.uses:
            end = self.key_ends.get(key)
            self.note("X-13", end is None or when <= end, "REVOKED", what)

    # ---- record, ledger, seal -------------------------------------------------------------------

    def judge_record(self):
        record.judge_scene(self.note, self)
        record.judge_template(self.note, self)
        record.judge_presentation(self.note, self)
        record.judge_challenge(self.note, self)
        record.judge_measures(self.note, self)
        record.judge_identity(self.note, self, self.trust.identity)
        record.judge_possession(self.note, self)
        record.judge_trail(self.note, self)
        page = self.provenance["page"] if self.provenance is not None else None
        self.note("E-16", page is None or page["digest"] == self.scene["pageBuild"], "HASH_FAILURE")

    def read_entry(self):
        """Also the proof it stands in; None for either that cannot be read."""
        self.proof = None
        if self.note("L-3", PROOF in self.entries, "NO_POE", "no proof"):
            self.proof = self.read("L-3", ledger.Proof, self.entries[PROOF])
        if self.proof is None:
            return None
        entry = self.read("L-1", strict_json.parse, self.proof.extra)
        fits = entry is not None and self.note("L-1", shapes.entry(entry), "FORMAT_FAILURE")
        return entry if fits and self.note("L-7", entry["kind"] == "letter", "FORMAT_FAILURE") else None

    def judge_proof(self, proof, note, entry):
        """[L-4] to [L-6]: whether an entry stands in a ledger that is trusted."""
        good = True
        for key in proof.checkpoint.signers(self.trust.ledger):
            self.used("ledger", key.spki, moment(entry["at"]))
        if self.certificate is not None:
            origin = self.binding.ledger_origin if self.binding else None
            good = note("L-5", proof.checkpoint.origin == origin, "HASH_FAILURE")
        state = proof.checkpoint.state(self.trust.ledger)
        good &= note("L-4", state != "false", "SIG_CRYPTO_FAILURE")
        good &= note("L-5", state != "unknown", "NO_SIGNING_CERTIFICATE_FOUND")
        return note("L-6", proof.includes(proof.extra), "HASH_FAILURE") and good

    def judge_ledger(self):
        if self.entry is None:
            return
        proven = self.judge_proof(self.proof, self.note, self.entry)
        entry, certificate = self.entry, self.certificate
        if certificate is not None:
            own = hashlib.sha256(self.signed_cms.signature).hexdigest()
            if self.note("L-8", entry["signature"] == own, "HASH_FAILURE"):
                self.note("L-8", proven, "NO_POE")
        if proven:
            if certificate is not None:
                self.note("L-8", entry["serial"] == certificate.serial_hex, "HASH_FAILURE")
                self.note("L-8", self.binding and entry["scene"] == self.binding.scene, "HASH_FAILURE")
            self.note("L-8", entry["letter"] == self.letter_digest, "HASH_FAILURE")
            added = {name for name in self.entries if later.is_name(name) or disclosures.is_name(name)}
            zero = {name: raw for name, raw in self.entries.items() if name != PROOF and name not in added}
            self.note("L-9", entry["bundle"] == hashlib.sha256(container.write_zip(zero)).hexdigest(), "HASH_FAILURE")

    def judge_seal(self):
        self.seal_stamp = self.judge_one_seal(SEAL, MANIFEST, self.later.zero_known_at)
        if self.seal_stamp is not None:
            leeway = datetime.timedelta(seconds=2)
            ordered = self.gen_time is None or self.seal_stamp.time + leeway >= self.gen_time
            self.note("S-5", ordered, "TIMESTAMP_ORDER_FAILURE")

    def under(self, rule, judge):
        """What a judge returns; all it objects to is noted as this one rule."""
        outer, inner = self.findings, Findings()
        self.findings, self.note, self.read = inner, inner.check, inner.read
        try:
            return judge()
        finally:
            self.findings, self.note, self.read = outer, outer.check, outer.read
            for inner_rule, sub_indication, why in inner.found:
                outer.check(rule, False, sub_indication, f"{inner_rule} {why}".strip())

    def judge_one_seal(self, seal, manifest, known_at):
        return self.judge_seal_over(self.entries[seal], self.entries[manifest], known_at)

    def judge_seal_over(self, seal, covered, known_at, policies=([], [POLICY_ARC + "2"])):
        """[S-1] to [S-4]; the stamp of a seal that is known to have existed then, None without one."""
        cms = self.read("S-1", pki.SignedData, seal)
        if cms is None:
            return None
        self.judge_cms(cms, covered, "S-1", "S-2", "S-1")
        raw, signer = self.token_of(cms, "S-3", "FORMAT_FAILURE"), cms.signer()
        stamp = None if raw is None else self.judge_token(raw, cms.signature, signer, "S-3", prefix="S-3")
        if stamp is not None:
            signatures.judge_age(lambda _, *rest: self.note("S-3", *rest), stamp, known_at)
        if signer is not None:
            self.used("seal", signer.spki, stamp.time if stamp is not None else self.at)
            proven = stamp is not None and stamp.holds
            instant = stamp.time if proven else self.at
            for _, sub in pki.judge_path(signer, cms.certificates, self.trust.seal, instant, "seal"):
                self.note("S-4", not proven and sub == "EXPIRED", sub)
            own = [oid for oid in signer.policies() if oid.startswith(POLICY_ARC)]
            self.note("S-4", own in policies, "CHAIN_CONSTRAINTS_FAILURE", "policy")
        return stamp


def media(name):
    return MEDIA.get(name.rsplit(".", 1)[1])


def judge(file, trust, at, reader=None):
    key = None if reader is None else disclosures.ReaderKey(Path(reader).read_bytes())
    bundle = Bundle(Path(file).read_bytes(), trust, at, key)
    bundle.judge()
    return bundle.findings.answer()


def batch():
    known = {}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            trust = known.get(asked["trust"]) or known.setdefault(asked["trust"], Trust(asked["trust"]))
            answer = judge(asked["file"], trust, moment(asked["at"]), asked.get("reader"))
        except Exception:  # a crash is an answer here, and a bug
            answer = {"verdict": "INDETERMINATE", "rules": {}, "crash": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


def main():
    parser = argparse.ArgumentParser(description="judges an evidence bundle")
    parser.add_argument("file", nargs="?")
    parser.add_argument("--trust")
    parser.add_argument("--at")
    parser.add_argument("--reader-key")
    parser.add_argument("--batch", action="store_true")
    given = parser.parse_args()
    if given.batch:
        batch()
        return 0
    if not (given.file and given.trust and given.at):
        parser.print_usage(sys.stderr)
        return 3
    answer = judge(given.file, Trust(given.trust), moment(given.at), given.reader_key)
    print(json.dumps(answer, indent=2))
    return {"TOTAL-PASSED": 0, "TOTAL-FAILED": 1, "INDETERMINATE": 2}[answer["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
