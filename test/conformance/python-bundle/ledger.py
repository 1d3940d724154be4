"""C2SP signed notes, checkpoints and tlog-proofs; RFC 6962 inclusion."""

import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from container import from_base64

SIGNATURE = re.compile(r"\u2014 ([^ +\n]+) ([A-Za-z0-9+/=]+)")
ED25519 = 1
COSIGNATURE = 4


class Key:
    """A verifier key, `name+id+base64(type || key)`."""

    def __init__(self, text):
        self.name, stated, encoded = text.strip().split("+", 2)
        material = from_base64(encoded)
        self.kind, self.public = material[0], material[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        if self.id.hex() != stated or self.kind not in (ED25519, COSIGNATURE) or len(self.public) != 32:
            raise ValueError("ledger key: malformed")

    @property
    def spki(self):
        """SubjectPublicKeyInfo of Ed25519 (RFC 8410)."""
        return bytes.fromhex("302a300506032b6570032100") + self.public

    def signed(self, message, signature):
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            return True
        except (InvalidSignature, ValueError):
            return False


class Checkpoint:
    """A signed note whose text is origin, size, root and perhaps extensions."""

    def __init__(self, text):
        body, separator, tail = text.rpartition("\n\n")
        if not separator or not tail.endswith("\n"):
            raise ValueError("note: malformed")
        self.text, self.signatures = body + "\n", []
        for line in tail[:-1].split("\n"):
            match = SIGNATURE.fullmatch(line)
            if not match:
                raise ValueError("note: signature line")
            self.signatures.append((match[1], from_base64(match[2])))
        origin, size, root, *more = body.split("\n")
        if not origin or not re.fullmatch(r"0|[1-9]\d{0,15}", size) or "" in more:
            raise ValueError("checkpoint: malformed")
        self.origin, self.size, self.root = origin, int(size), from_base64(root)
        if len(self.root) != 32:
            raise ValueError("checkpoint: root")

    def state(self, keys):
        """`signed` by one of these keys, `false` under a key's name, or `unknown` to all."""
        state = "unknown"
        for name, blob in self.signatures:
            for key in keys:
                if key.kind == ED25519 and key.name == name and key.id == blob[:4]:
                    if not key.signed(self.text.encode(), blob[4:]):
                        return "false"
                    state = "signed"
        return state

    def signers(self, keys):
        """Those of these keys under which a line of the note verifies."""
        return [
            key
            for key in keys
            if key.kind == ED25519
            and any(
                (name, blob[:4]) == (key.name, key.id) and key.signed(self.text.encode(), blob[4:])
                for name, blob in self.signatures
            )
        ]


class Proof:
    """tlog-proof v1."""

    def __init__(self, data):
        head, separator, checkpoint = data.decode("utf-8").partition("\n\n")
        lines = head.split("\n")
        if not separator or lines.pop(0) != "c2sp.org/tlog-proof@v1":
            raise ValueError("proof: head")
        self.extra = None
        if lines and lines[0].startswith("extra "):
            self.extra = from_base64(lines.pop(0)[len("extra ") :])
        match = re.fullmatch(r"index (0|[1-9]\d{0,15})", lines.pop(0) if lines else "")
        if not match:
            raise ValueError("proof: index")
        self.index, self.hashes = int(match[1]), [from_base64(line) for line in lines]
        if any(len(each) != 32 for each in self.hashes):
            raise ValueError("proof: hash")
        self.checkpoint = Checkpoint(checkpoint)

    def includes(self, entry):
        return root_of(entry, self.index, self.checkpoint.size, self.hashes) == self.checkpoint.root


def root_of(entry, index, size, hashes):
    """Root that an entry and its proof lead to (RFC 9162, 2.1.3.2); None where they do not fit."""
    if index >= size:
        return None
    node, last, found = index, size - 1, hashlib.sha256(b"\0" + entry).digest()
    for sibling in hashes:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = hashlib.sha256(b"\1" + sibling + found).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + sibling).digest()
        node, last = node >> 1, last >> 1
    return found if last == 0 else None
