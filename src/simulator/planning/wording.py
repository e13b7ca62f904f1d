"""The few texts of reports: neutral, bracketed as synthetic, describing nothing."""

from __future__ import annotations

from simulator.world.profiles import CSAM, ENTICEMENT, MOLESTATION, TRAFFICKING

CHAT = {
    ENTICEMENT: (
        "[synthetic chat: an adult account asks a child account for age and home town]",
        "[synthetic chat: an adult account asks a child account to keep their talk secret]",
        "[synthetic chat: an adult account proposes to meet; the child account does not answer]",
    ),
    TRAFFICKING: (
        "[synthetic chat: two accounts speak about travel and payment for a third person]",
        "[synthetic chat: an account offers a young person's company for money]",
    ),
    MOLESTATION: (
        "[synthetic chat: a child account tells that a grown-up at home breaks rules]",
        "[synthetic chat: an account claims to live with a child]",
    ),
    CSAM: (
        "[synthetic chat: an account offers links to others]",
        "[synthetic chat: an account asks others for files]",
    ),
}
SEXTORTION = "[synthetic chat: an account demands money and threatens to share pictures]"
URGENT = {
    "meeting": "[synthetic chat: the adult account and the child account agree to meet today]",
    "at-home": "[synthetic chat: the child account writes that it is not safe at home tonight]",
    "self-harm": "[synthetic chat: the child account writes that it may hurt itself]",
    "live": "[synthetic chat: an account announces a live stream with a child for today]",
}
ESCALATION = {
    "meeting": "Possible immediate risk: a meeting with a child is arranged for today.",
    "at-home": "Possible immediate risk: the child may be living with the reported person.",
    "self-harm": "Possible immediate risk: the child may be about to hurt itself.",
    "live": "Possible immediate risk: a live stream with a child is announced for today.",
}
BIOGRAPHIES = ("music & hikes", "friends <3 photos", "new here", "collector; no ads please")
TERMS = "Our terms forbid any use that harms a child. [synthetic terms of service]"
POOR_NOTE = "Reported automatically. No further information is available."
VIRAL_NOTE = "Widely shared item, passed on with outrage or as a joke."


def company_template(name: str, contact: str, address: str) -> str:
    return f"{name} keeps the content for the preservation period. {address}. Urgent: {contact}"


def chat_of(incident_type: str) -> tuple[str, ...]:
    return CHAT.get(incident_type, CHAT[CSAM])
