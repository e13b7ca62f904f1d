"""The words for people: one label per code, translated when shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipline.ground.taxonomy.areas import COUNTRIES, US_STATES
from tipline.ground.taxonomy.contacts import (
    AccountType,
    AddressType,
    CaptureType,
    EmailType,
    EventName,
    PhoneType,
)
from tipline.ground.taxonomy.files import (
    FileAnnotation,
    FileRelevance,
    IndustryClassification,
    MetadataType,
)
from tipline.ground.taxonomy.incidents import (
    BatchReason,
    IncidentKind,
    IncidentType,
    ReportAnnotation,
)
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.ground.taxonomy.outcomes import (
    ClosingReason,
    NotUsefulReason,
    OutcomeStatus,
    Question,
)

Label = str | Promise

_LABELS: Final[tuple[tuple[StrEnum, Label], ...]] = (
    (IncidentType.CSAM, _("Child sexual abuse material")),
    (IncidentType.TRAFFICKING, _("Child sex trafficking")),
    (IncidentType.TOURISM, _("Child sex tourism")),
    (IncidentType.MOLESTATION, _("Child sexual molestation")),
    (IncidentType.MISLEADING_DOMAIN, _("Misleading domain name")),
    (IncidentType.MISLEADING_WORDS, _("Misleading words or images on the internet")),
    (IncidentType.ENTICEMENT, _("Online enticement of a child")),
    (IncidentType.UNSOLICITED_OBSCENE, _("Unsolicited obscene material sent to a child")),
    (ReportAnnotation.SEXTORTION, _("Sextortion")),
    (ReportAnnotation.CSAM_SOLICITATION, _("Solicitation of material")),
    (ReportAnnotation.MINOR_TO_MINOR, _("Between minors")),
    (ReportAnnotation.SPAM, _("Spam")),
    (ReportAnnotation.SADISTIC_ONLINE_EXPLOITATION, _("Sadistic online exploitation")),
    (ReportAnnotation.INFORMATIONAL, _("Marked informational by the provider")),
    (ReportAnnotation.AGGRAVATING_FACTORS, _("Potential aggravating factors")),
    (ReportAnnotation.INSTRUMENTAL_USE, _("Instrumental use")),
    (IncidentKind.WEB_PAGE, _("Web page")),
    (IncidentKind.EMAIL, _("Email")),
    (IncidentKind.NEWSGROUP, _("Newsgroup")),
    (IncidentKind.CHAT, _("Chat or messenger")),
    (IncidentKind.ONLINE_GAMING, _("Online gaming")),
    (IncidentKind.CELL_PHONE, _("Mobile phone")),
    (IncidentKind.NON_INTERNET, _("Not on the internet")),
    (IncidentKind.PEER_TO_PEER, _("Peer-to-peer")),
    (BatchReason.VIRAL_POTENTIAL_MEME, _("Viral material, possibly a meme")),
    (FileAnnotation.ANIME_DRAWING_VIRTUAL, _("Drawing, animation or virtual")),
    (FileAnnotation.POTENTIAL_MEME, _("Potential meme")),
    (FileAnnotation.VIRAL, _("Viral")),
    (FileAnnotation.POSSIBLE_SELF_PRODUCTION, _("Possible self-production")),
    (FileAnnotation.PHYSICAL_HARM, _("Physical harm")),
    (FileAnnotation.VIOLENCE_GORE, _("Violence or gore")),
    (FileAnnotation.BESTIALITY, _("Bestiality")),
    (FileAnnotation.LIVE_STREAMING, _("Live streaming")),
    (FileAnnotation.INFANT, _("Infant or toddler")),
    (FileAnnotation.GENERATIVE_AI, _("Made by generative AI")),
    (IndustryClassification.A1, _("A1: prepubescent, sex act")),
    (IndustryClassification.A2, _("A2: prepubescent, lascivious exhibition")),
    (IndustryClassification.B1, _("B1: pubescent, sex act")),
    (IndustryClassification.B2, _("B2: pubescent, lascivious exhibition")),
    (FileRelevance.REPORTED, _("Reported")),
    (FileRelevance.SUPPLEMENTAL, _("Supplemental")),
    (MetadataType.EXIF, _("Metadata of the file")),
    (MetadataType.HASH, _("Digests")),
    (EventName.LOGIN, _("Login")),
    (EventName.REGISTRATION, _("Registration")),
    (EventName.PURCHASE, _("Purchase")),
    (EventName.UPLOAD, _("Upload")),
    (EventName.OTHER, _("Other event")),
    (EventName.UNKNOWN, _("Unknown event")),
    (AddressType.HOME, _("Home address")),
    (AddressType.BUSINESS, _("Business address")),
    (AddressType.BILLING, _("Billing address")),
    (AddressType.SHIPPING, _("Shipping address")),
    (AddressType.TECHNICAL, _("Technical contact's address")),
    (EmailType.HOME, _("Private email")),
    (EmailType.WORK, _("Work email")),
    (EmailType.BUSINESS, _("Business email")),
    (EmailType.RECOVERY, _("Recovery email")),
    (PhoneType.MOBILE, _("Mobile phone number")),
    (PhoneType.HOME, _("Home phone number")),
    (PhoneType.BUSINESS, _("Business phone number")),
    (PhoneType.WORK, _("Work phone number")),
    (PhoneType.FAX, _("Fax number")),
    (PhoneType.INTERNET, _("Internet phone number")),
    (PhoneType.RECOVERY, _("Recovery phone number")),
    (AccountType.BILLING, _("Billing account")),
    (AccountType.LINKED, _("Linked account")),
    (AccountType.BUSINESS, _("Business account")),
    (AccountType.CREATOR, _("Creator account")),
    (AccountType.PARENT_GUARDIAN, _("Parent's or guardian's account")),
    (AccountType.OTHER, _("Other account")),
    (CaptureType.IP_ADDRESS, _("IP address")),
    (CaptureType.PROFILE_URL, _("Profile address")),
    (CaptureType.URL, _("Web address")),
    (Level.ESP, _("E: provider's report")),
    (Level.ONE, _("1: a child may be in imminent danger")),
    (Level.TWO, _("2")),
    (Level.THREE, _("3")),
    (Disposition.REFERRAL, _("Referral")),
    (Disposition.INFORMATIONAL, _("Informational")),
    (OutcomeStatus.CONVICTION, _("Conviction")),
    (OutcomeStatus.ARREST, _("Arrest")),
    (OutcomeStatus.ONGOING, _("Ongoing investigation")),
    (OutcomeStatus.REFERRED, _("Referred to another agency")),
    (OutcomeStatus.CLOSED, _("Closed")),
    (ClosingReason.SUBJECT_NOT_LOCATED, _("Unable to locate the subject")),
    (ClosingReason.ESP_RESPONSE_EMPTY, _("The provider's legal response holds no information")),
    (ClosingReason.NO_CRIME, _("No crime committed")),
    (ClosingReason.NO_PROSECUTORIAL_MERIT, _("No prosecutorial merit")),
    (ClosingReason.ADULT, _("The alleged child is an adult")),
    (ClosingReason.AGE_UNDETERMINED, _("Age of the child cannot be determined")),
    (ClosingReason.FALSE_REPORT, _("False report")),
    (ClosingReason.UNFOUNDED, _("Unfounded")),
    (ClosingReason.DECEASED, _("The reported person is deceased")),
    (ClosingReason.OTHER, _("Other reason")),
    (NotUsefulReason.STALE, _("Stale")),
    (NotUsefulReason.LIMITED, _("Limited")),
    (NotUsefulReason.OTHER, _("Other reason")),
    (Question.CHILD_IDENTIFIED, _("Was a child identified?")),
    (Question.ADDITIONAL_VICTIMS, _("Were additional victims found?")),
    (Question.ADDITIONAL_VICTIM_COUNT, _("How many additional victims?")),
    (Question.SELF_PRODUCTION, _("Was the material self-produced?")),
    (Question.INFORMATION_USEFUL, _("Was the information useful?")),
)

# StrEnum members compare as plain strings, so two vocabularies may share a key ("Business"):
# the class tells them apart.
_BY_MEMBER: Final = {(type(code), code.value): words for code, words in _LABELS}


def label(code: StrEnum) -> Label:
    """The words for a code of this room, lazily translated. Another room's code is a KeyError."""
    return _BY_MEMBER[type(code), code.value]


def choices(vocabulary: type[StrEnum]) -> list[tuple[str, Label]]:
    """``[(code, words)]`` in the vocabulary's order, for forms."""
    return [(code.value, label(code)) for code in vocabulary]


def state_name(code: str) -> str:
    """The state's English name; the code itself when it is none of ours."""
    return US_STATES.get(code, code)


def country_name(code: str) -> str:
    """The country's English name; the code itself when it is none of ours."""
    return COUNTRIES.get(code, code)
