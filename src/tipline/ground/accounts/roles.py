"""Roles and what each allows. Everything not listed is denied."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.actor import OrganisationKind, Permission


class Role(models.TextChoices):
    ANALYST = "analyst", _("Analyst")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    ESP_ENGINEER = "esp-engineer", _("ESP engineer")
    INVESTIGATOR = "investigator", _("Investigator")


_ANALYST = frozenset(
    {
        Permission.REPORTS_READ_ALL,
        Permission.REPORTS_TAKE_CALL,
        Permission.REPORTS_SUBMIT,  # what a caller tells is filed by the operator
        Permission.REPORTER_REVEAL,
        Permission.REPORTER_RELEASE,
        Permission.EVIDENCE_OPEN,
        Permission.LABELS_WRITE,
        Permission.LISTS_READ,
        Permission.MATCHES_JUDGE,
        Permission.LINKS_JUDGE,
        Permission.QUEUE_WORK,
        Permission.DISPOSITION_OVERRIDE,
        Permission.REFERRALS_MAKE,
        Permission.LEDGER_READ,
        Permission.FIGURES_READ,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: _ANALYST,
    Role.SUPERVISOR: _ANALYST
    | {
        Permission.BOOKS_READ,
        Permission.EVIDENCE_RECORD_OPENING,
        Permission.CARE_LIMITS_SET,
        Permission.LISTS_MANAGE,
        Permission.JUDGEMENTS_OVERSEE,
        # Two of them publish a policy: the one who proposed it is never the one who does.
        Permission.GATE_PROPOSE,
        Permission.GATE_PUBLISH,
        Permission.LINK_MODEL_PROPOSE,
        Permission.LINK_MODEL_PUBLISH,
        Permission.POLICY_PROPOSE,
        Permission.POLICY_PUBLISH,
    },
    # Administrators run the house and see no report: least privilege.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCOUNTS_MANAGE,
            Permission.MEMBERS_MANAGE,
            Permission.ESP_PROFILE_WRITE,
            Permission.JOBS_MANAGE,
            Permission.KEYS_MANAGE,
            Permission.VAULT_CHECK,
            Permission.BOOKS_READ,
            Permission.LEDGER_READ,
        }
    ),
    Role.ESP_ENGINEER: frozenset({Permission.REPORTS_SUBMIT, Permission.REPORTS_READ_OWN}),
    Role.INVESTIGATOR: frozenset(
        {
            Permission.REFERRALS_READ,
            Permission.CASES_WORK,
            Permission.OUTCOMES_RECORD,
            Permission.EVIDENCE_OPEN,
            Permission.EVIDENCE_RECORD_OPENING,
        }
    ),
}

#: Which kind of organisation may hold which role.
ROLE_HOME: dict[Role, OrganisationKind] = {
    Role.ANALYST: OrganisationKind.CLEARINGHOUSE,
    Role.SUPERVISOR: OrganisationKind.CLEARINGHOUSE,
    Role.ADMINISTRATOR: OrganisationKind.CLEARINGHOUSE,
    Role.ESP_ENGINEER: OrganisationKind.ESP,
    Role.INVESTIGATOR: OrganisationKind.AGENCY,
}

#: What a machine account of an ESP may do.
CREDENTIAL_PERMISSIONS = frozenset({Permission.REPORTS_SUBMIT, Permission.REPORTS_READ_OWN})
