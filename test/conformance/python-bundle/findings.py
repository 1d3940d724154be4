"""What was found wrong, by the numbers of docs/evidence-format.md."""

FAILED = {"FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "EXPIRED", "NOT_YET_VALID"}


class Findings:
    """One per bundle; the verdict is the worst of what stands in it ([V-1], [V-2])."""

    def __init__(self):
        self.found = []

    def check(self, rule, holds, sub_indication, why=""):
        """Notes a rule that does not hold; says whether it does."""
        if not holds:
            self.found.append((rule, sub_indication, why))
        return bool(holds)

    def read(self, rule, reader, *arguments):
        """What a reader returns; None and FORMAT_FAILURE when it cannot read."""
        try:
            return reader(*arguments)
        except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
            self.check(rule, False, "FORMAT_FAILURE", f"{type(error).__name__}: {error}")
            return None

    @property
    def verdict(self):
        if any(sub in FAILED for _, sub, _ in self.found):
            return "TOTAL-FAILED"
        return "INDETERMINATE" if self.found else "TOTAL-PASSED"

    def answer(self):
        rules = {}
        for rule, sub, why in self.found:
            rules.setdefault(rule, f"{sub} {why}".strip())
        return {"verdict": self.verdict, "rules": rules}
