"""Who acts, and what they may do.

One enum holds every permission of the product (``room:thing:verb``). A door makes an
:class:`Actor` from a session or a credential and hands it down; services and queries ask
it and nobody else. Denied is the default: an actor has what its role lists, nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tipline.ground.foundation.errors import NotAllowed


class Permission(StrEnum):
    """Everything that can be allowed, once."""

    REPORTS_SUBMIT = "reports:report:submit"
    REPORTS_READ_OWN = "reports:report:read-own"
    REPORTS_READ_ALL = "reports:report:read-all"
    REPORTS_TAKE_CALL = "reports:report:take-call"
    REPORTER_REVEAL = "reports:reporter:reveal"
    EVIDENCE_OPEN = "evidence:file:open"
    EVIDENCE_RECORD_OPENING = "evidence:opening:record"
    GATE_PROPOSE = "evidence:policy:propose"
    GATE_PUBLISH = "evidence:policy:publish"
    CARE_LIMITS_SET = "care:limit:set"
    LABELS_WRITE = "annotation:label:write"
    LISTS_READ = "lists:list:read"
    LISTS_MANAGE = "lists:list:manage"
    MATCHES_JUDGE = "lists:match:judge"
    MEMBERS_MANAGE = "lists:member:manage"
    HASHES_EXCHANGE = "lists:hash:exchange"
    LINKS_JUDGE = "entities:link:judge"
    LINK_MODEL_PROPOSE = "entities:model:propose"
    LINK_MODEL_PUBLISH = "entities:model:publish"
    QUEUE_WORK = "triage:queue:work"
    DISPOSITION_OVERRIDE = "triage:disposition:override"
    JUDGEMENTS_OVERSEE = "triage:judgement:oversee"
    POLICY_PROPOSE = "triage:policy:propose"
    POLICY_PUBLISH = "triage:policy:publish"
    FIGURES_READ = "triage:figures:read"
    REFERRALS_MAKE = "routing:referral:make"
    REFERRALS_READ = "routing:referral:read"
    REPORTER_RELEASE = "routing:reporter:release"
    CASES_WORK = "cases:case:work"
    OUTCOMES_RECORD = "outcomes:outcome:record"
    BOOKS_READ = "intake:books:read"
    LEDGER_READ = "audit:ledger:read"
    JOBS_MANAGE = "foundation:job:manage"
    KEYS_MANAGE = "custody:key:manage"
    VAULT_CHECK = "evidence:vault:check"
    ACCOUNTS_MANAGE = "accounts:account:manage"
    ESP_PROFILE_WRITE = "accounts:esp-profile:write"


class OrganisationKind(StrEnum):
    CLEARINGHOUSE = "clearinghouse"
    ESP = "esp"
    AGENCY = "agency"


class ActorKind(StrEnum):
    PERSON = "person"
    CREDENTIAL = "credential"
    MEMBER = "member"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that acts, as plain values.

    ``person_id`` is set for people, ``credential_id`` for machine accounts;
    ``organisation_id`` for both. The public and the system have neither. A member of the hash
    exchange has ``member_id`` and the ``credential_id`` of an account there.
    """

    kind: ActorKind
    permissions: frozenset[Permission] = frozenset()
    person_id: int | None = None
    credential_id: int | None = None
    organisation_id: int | None = None
    organisation_kind: OrganisationKind | None = None
    name: str = ""
    member_id: int | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise :class:`NotAllowed` unless the actor has the permission."""
        if permission not in self.permissions:
            raise NotAllowed(f"This needs the permission {permission.value}.")

    @property
    def person_key(self) -> int:
        """The person's id; :class:`NotAllowed` when no person acts."""
        if self.person_id is None:
            raise NotAllowed("Only a person may do this.")
        return self.person_id

    @property
    def organisation_key(self) -> int:
        """The organisation's id; :class:`NotAllowed` when the actor belongs to none."""
        if self.organisation_id is None:
            raise NotAllowed("Only a member of an organisation may do this.")
        return self.organisation_id

    @property
    def member_key(self) -> int:
        """The member of the hash exchange; :class:`NotAllowed` when none acts."""
        if self.member_id is None:
            raise NotAllowed("Only a member of the hash exchange may do this.")
        return self.member_id

    @property
    def reference(self) -> str:
        """A short id for the ledger: never a name, never an address."""
        if self.person_id is not None:
            return f"person:{self.person_id}"
        if self.member_id is not None:
            return f"member:{self.member_id}"
        if self.credential_id is not None:
            return f"credential:{self.credential_id}"
        return self.kind.value


SYSTEM = Actor(ActorKind.SYSTEM, permissions=frozenset(Permission), name="system")
PUBLIC = Actor(ActorKind.PUBLIC, permissions=frozenset({Permission.REPORTS_SUBMIT}), name="public")
