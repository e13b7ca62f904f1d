"""What a report is about: the eight incident types and the flags on a report."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class IncidentType(StrEnum):
    """Our codes. Match on these; the wire strings are in :data:`INCIDENT_WIRE`."""

    CSAM = "csam"
    TRAFFICKING = "trafficking"
    TOURISM = "tourism"
    MOLESTATION = "molestation"
    MISLEADING_DOMAIN = "misleading_domain"
    MISLEADING_WORDS = "misleading_words"
    ENTICEMENT = "enticement"
    UNSOLICITED_OBSCENE = "unsolicited_obscene"

    @property
    def wire(self) -> str:
        """The exact string of the ESP schema (API table 6.1)."""
        return INCIDENT_WIRE[self]


INCIDENT_WIRE: Final[dict[IncidentType, str]] = {
    IncidentType.CSAM: "Child Pornography (possession, manufacture, and distribution)",
    IncidentType.TRAFFICKING: "Child Sex Trafficking",
    IncidentType.TOURISM: "Child Sex Tourism",
    IncidentType.MOLESTATION: "Child Sexual Molestation",
    IncidentType.MISLEADING_DOMAIN: "Misleading Domain Name",
    IncidentType.MISLEADING_WORDS: "Misleading Words or Digital Images on the Internet",
    IncidentType.ENTICEMENT: "Online Enticement of Children for Sexual Acts",
    IncidentType.UNSOLICITED_OBSCENE: "Unsolicited Obscene Material Sent to a Child",
}

# Strings met in client libraries and printed tables that mean one of the eight. They are
# mapped and flagged, never silently equal: a strict schema refuses them.
INCIDENT_MISSPELLINGS: Final[dict[str, IncidentType]] = {
    "Online Enticement of Children for Sexual Act": IncidentType.ENTICEMENT,
    "Child Sexual Molestation (not by family member)": IncidentType.MOLESTATION,
    "Child Pornography (possession, manufacture, distribution)": IncidentType.CSAM,
    "Child Pornography (possession, manufacture and distribution)": IncidentType.CSAM,
}

_BY_WIRE: Final = {wire: code for code, wire in INCIDENT_WIRE.items()}


def incident_type(wire: str) -> IncidentType | None:
    """The type of an exact wire string or a known misspelling; None for any other text."""
    text = wire.strip()
    return _BY_WIRE.get(text) or INCIDENT_MISSPELLINGS.get(text)


class ReportAnnotation(StrEnum):
    """Presence flags on a report (API table 6.2). The value is the element's name."""

    SEXTORTION = "sextortion"
    CSAM_SOLICITATION = "csamSolicitation"
    MINOR_TO_MINOR = "minorToMinorInteraction"
    SPAM = "spam"
    SADISTIC_ONLINE_EXPLOITATION = "sadisticOnlineExploitation"
    INFORMATIONAL = "informational"
    AGGRAVATING_FACTORS = "potentialAggravatingFactors"
    INSTRUMENTAL_USE = "instrumentalUse"


# Documented in 2026, not yet in the schema that clients hold.
NEWER_REPORT_ANNOTATIONS: Final = (
    ReportAnnotation.INFORMATIONAL,
    ReportAnnotation.AGGRAVATING_FACTORS,
    ReportAnnotation.INSTRUMENTAL_USE,
)


class IncidentKind(StrEnum):
    """Where it happened: the eight children of ``internetDetails`` (API table 5.1)."""

    WEB_PAGE = "webPageIncident"
    EMAIL = "emailIncident"
    NEWSGROUP = "newsgroupIncident"
    CHAT = "chatImIncident"
    ONLINE_GAMING = "onlineGamingIncident"
    CELL_PHONE = "cellPhoneIncident"
    NON_INTERNET = "nonInternetIncident"
    PEER_TO_PEER = "peer2peerIncident"


class BatchReason(StrEnum):
    """Why several reports were folded into one."""

    VIRAL_POTENTIAL_MEME = "VIRAL_POTENTIAL_MEME"
