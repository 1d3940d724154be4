"""Later generations (docs/evidence-format.md, 2.3)."""

import re

NAMES = re.compile(r"META-INF/(?:ASiCManifest-\d{3}\.xml|signature-\d{3}\.p7s)|later/\d{3}/.+")


def is_name(name):
    return NAMES.fullmatch(name) is not None


def receipt_keys(files):
    return {}


def signature_known_at(it):
    return it.at


def sealed_known_at(it, generation):
    return it.at


def judge_generations(it):
    return
