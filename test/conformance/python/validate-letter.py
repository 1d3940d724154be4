"""Long-term validation of one PDF by pyHanko: validate-letter.py LETTER AT ROOT STAMP_ROOT...

AT (RFC 3339) is what the clock of the whole process says, and no argument of the validation: pyHanko takes
a moment it is given in some places and the clock in others. Nothing is fetched, and every certificate below
a root must have revocation data in the letter.

Prints one JSON object about the oldest signature:
  indication    ETSI EN 319 102-1 section 5.6.3: OK, or a sub-indication
  intact        digest and signature value hold
  evidence      time of the oldest document timestamp that proves something, or null
  changes       of each signature and document timestamp, oldest first: what the difference analysis says of
                the revisions after it (NONE, LTA_UPDATES, ... or OTHER)
  passed        all of it: OK, evidence, and nothing but validation material added since, which every
                signature covers up to its own revision and the newest covers whole
"""

import asyncio
import json
import logging
import sys

from asn1crypto import x509
from freezegun import freeze_time
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager


def read(file):
    with open(file, 'rb') as stream:
        return stream.read()


def policy(files):
    roots = [x509.Certificate.load(read(file)) for file in files]
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=REQUIRE_REVINFO),
    )


def level_after(signature):
    """How far the file was changed after this signature."""
    found = signature.diff_result
    # anything else is the error that says what cannot be explained
    return found.modification_level if isinstance(found, DiffResult) else ModificationLevel.OTHER


def validate(letter, root, stamp_roots):
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy([root]),
            ts_cert_validation_policy=policy(stamp_roots),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            key_usage_settings=KeyUsageConstraints(key_usage={'non_repudiation'}),
        )
    )
    reader = PdfFileReader(letter)
    found = asyncio.run(ades_lta_validation(reader.embedded_regular_signatures[0], spec))
    status = found.api_status
    evidence = found.oldest_evidence_record_timestamp

    signatures = reader.embedded_signatures
    for signature in signatures:
        signature.compute_integrity_info()
    levels = [level_after(it) for it in signatures]
    unchanged = (
        all(it <= ModificationLevel.LTA_UPDATES for it in levels)
        and all(it.summarise_integrity_info()['docmdp_ok'] for it in signatures)
        and all(it.coverage >= SignatureCoverageLevel.ENTIRE_REVISION for it in signatures)
        and signatures[-1].coverage == SignatureCoverageLevel.ENTIRE_FILE
    )
    indication = found.ades_subindic.standard_name
    sound = bool(status and status.bottom_line)
    return {
        'indication': indication,
        'intact': bool(status and status.intact and status.valid),
        'evidence': evidence.strftime('%Y-%m-%dT%H:%M:%SZ') if evidence else None,
        'changes': [it.name for it in levels],
        'passed': indication == 'OK' and sound and unchanged and evidence is not None,
    }


if __name__ == '__main__':
    # it tells every failed attempt at a path, with its stack
    logging.disable(logging.CRITICAL)
    letter, at, root, *stamp_roots = sys.argv[1:]
    with freeze_time(at, real_asyncio=True), open(letter, 'rb') as stream:
        print(json.dumps(validate(stream, root, stamp_roots)))
