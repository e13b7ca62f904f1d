"""Fingerprints of files, by the reading of the record. Pure."""

from __future__ import annotations

from tipline.insight.entities.forms.rules_form import Form, Problem, form, none
from tipline.record.reports.facts_digests import NoDigest, read

_PROBLEMS = {NoDigest.EMPTY: Problem.EMPTY, NoDigest.TOO_LONG: Problem.TOO_LONG}
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}


def digest(raw: str, algorithm: str) -> Form:
    """Lower-case hex within its algorithm; without a name, its length tells it."""
    found = read(algorithm or _BY_LENGTH.get(len(raw.strip()), ""), raw)
    if found.reason is not None:
        return none(_PROBLEMS.get(found.reason, Problem.MALFORMED))
    return form(found.value, found.kind.value)
