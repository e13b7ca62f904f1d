"""What is really so behind a report. Never sent; only the truth file names it."""

from __future__ import annotations

from enum import StrEnum


class Case(StrEnum):
    """The latent case. Five of them mean that a child is in danger at this time.

    The names are made so that none can stand in a document by chance: a test looks for them.
    """

    CONTACT = "latent_contact_offender"
    PRODUCER = "latent_producer"
    ENTICER = "latent_enticer"
    EXTORTER = "latent_extorter"
    TRAFFICKER = "latent_trafficker"
    ATTEMPT = "latent_attempt_over"
    PEERS = "latent_peers"
    TRADER = "latent_known_trader"
    HOLDER = "latent_old_holder"
    VIRAL = "latent_viral_sharer"
    GENERATED = "latent_generated_flag"
    MISTAKEN = "latent_mistaken"

    @property
    def endangered(self) -> bool:
        """Whether a child is in danger while the report waits."""
        return self in ENDANGERED

    @property
    def key(self) -> str:
        """The short name that profile files use."""
        return self.name.lower()


ENDANGERED = frozenset({Case.CONTACT, Case.PRODUCER, Case.ENTICER, Case.EXTORTER, Case.TRAFFICKER})

WORDS = {
    Case.CONTACT: "somebody with access to a child harms it now",
    Case.PRODUCER: "new material of a child is made or streamed now",
    Case.ENTICER: "a child is being talked into something, or into a meeting, now",
    Case.EXTORTER: "a child is being blackmailed now",
    Case.TRAFFICKER: "a child is offered or moved for money now",
    Case.ATTEMPT: "somebody tried and was refused or blocked; nothing goes on",
    Case.PEERS: "young people among themselves; no adult, no threat",
    Case.TRADER: "known material is passed on; the children in it are not in reach of the sender",
    Case.HOLDER: "material new to the clearinghouse, and old",
    Case.VIRAL: "a widely shared item, passed on in outrage or as a joke",
    Case.GENERATED: "flagged in bulk as machine-made, mostly without usable data",
    Case.MISTAKEN: "spam, an error of a classifier, or a misunderstanding",
}
