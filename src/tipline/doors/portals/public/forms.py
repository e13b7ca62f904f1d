"""The questions of the public form, one form a page, in the order in which they are asked."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.public.document import UNSURE
from tipline.doors.portals.telling import Text, clock_time, day, line, lines, zone
from tipline.ground.foundation import clock
from tipline.ground.taxonomy.areas import COUNTRIES, US_STATES
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.record.reports.reading_rules import is_future
from tipline.record.reports.told_times import ToldTime

MOST_WORDS = 2500
_NOT_SAID = ("", _("not known"))
_CHOOSE = {"required": _("Choose one of the answers.")}
_AGE = {"invalid": _("Write the age as a number, such as 12. A guess is fine.")}


def _age() -> forms.IntegerField:
    """An age as text with number keys: a number field would swallow "about 12" unseen."""
    return forms.IntegerField(
        label=_("Age"),
        min_value=0,
        max_value=150,
        required=False,
        error_messages=_AGE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 5}),
    )


class Page(forms.Form):
    """One page. ``heading`` is its question; of the single question's page its label is."""

    heading: ClassVar[Promise | str] = ""
    hint: ClassVar[Promise | str] = ""
    single: ClassVar[bool] = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for each in self.fields.values():  # a shared computer remembers nothing of this
            each.widget.attrs["autocomplete"] = "off"


class Danger(Page):
    heading = _("Is a child in danger right now?")
    single = True

    danger = forms.ChoiceField(
        label=heading,
        choices=[("yes", _("Yes")), ("no", _("No")), (UNSURE, _("I am not sure"))],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


class What(Page):
    heading = _("What happened?")
    single = True

    what = forms.ChoiceField(
        label=heading,
        help_text=_("Choose what comes closest. You can say more later."),
        choices=[
            (
                IncidentType.ENTICEMENT.value,
                _("Someone online asks a child for sexual talk, pictures or a meeting"),
            ),
            (
                IncidentType.CSAM.value,
                _("There are sexual pictures or videos of a child: made, shared, sold or kept"),
            ),
            (
                IncidentType.UNSOLICITED_OBSCENE.value,
                _("A child was sent sexual pictures or messages that they did not ask for"),
            ),
            (IncidentType.MOLESTATION.value, _("Someone touches or abuses a child sexually")),
            (
                IncidentType.TRAFFICKING.value,
                _("A child is sold, or made to do sexual things for money or goods"),
            ),
            (
                IncidentType.TOURISM.value,
                _("Someone travels, or plans to travel, to abuse a child"),
            ),
            (
                IncidentType.MISLEADING_DOMAIN.value,
                _("A web address that leads children to sexual content by its name"),
            ),
            (
                IncidentType.MISLEADING_WORDS.value,
                _("Words or pictures on a site that lead children to sexual content"),
            ),
            (UNSURE, _("Something else, or I am not sure")),
        ],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


class When(Page):
    heading = _("When did it happen?")
    hint = _("Fill in what you know. Your own words are enough.")

    day = day(_("Day"))
    time = clock_time(_("Time of day"))
    zone = zone(_("Time zone of that time"), help_text=_("Leave it when you do not know it."))
    words = line(
        _("In your own words"), 500, help_text=_("For example: last Friday evening, or for a month")
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if (said.get("time") or said.get("zone")) and not said.get("day") and "day" in said:
            self.add_error("day", _("Give the day too, or write it in your own words below."))
        if said.get("day") and is_future(self.told().written, clock.now()):
            self.add_error("day", _("This day or time has not come yet. Check it."))
        return said

    def told(self) -> ToldTime:
        said = self.cleaned_data
        return ToldTime(
            said.get("day"), said.get("time"), said.get("zone", ""), said.get("words", "")
        )


class Where(Page):
    heading = _("Where online did it happen?")
    hint = _("Leave empty what you do not know, or all of it when it was not online.")

    service = line(_("App, game or site"), 100)
    link = line(
        _("Web address or link"),
        2083,
        help_text=_("Copy the address. Do not send or save any pictures."),
    )
    account = line(_("User name of the person there"), 256)


class Who(Page):
    heading = _("Who did it?")
    hint = _("Write what you know. All of it may stay empty.")

    first_name = line(_("First name"), 100)
    last_name = line(_("Last name"), 100)
    age = _age()
    phone = line(_("Phone number"), 50)
    email = forms.EmailField(label=_("Email address"), max_length=255, required=False)
    city = line(_("Town"), 100)
    state = forms.ChoiceField(
        label=_("State, in the United States"),
        choices=[_NOT_SAID, *US_STATES.items()],
        required=False,
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=[_NOT_SAID, *COUNTRIES.items()], required=False
    )


class Child(Page):
    heading = _("What do you know about the child?")
    hint = _("If there are several children, begin with the youngest; name the others later.")

    age = _age()
    city = line(_("Town"), 100)
    state = forms.ChoiceField(
        label=_("State, in the United States"),
        choices=[_NOT_SAID, *US_STATES.items()],
        required=False,
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=[_NOT_SAID, *COUNTRIES.items()], required=False
    )
    known = forms.ChoiceField(
        label=_("Do you know this child?"),
        choices=[
            ("", _("I would rather not say")),
            ("me", _("I am the child")),
            ("yes", _("Yes")),
            ("no", _("No")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


class Words(Page):
    heading = _("Is there anything else that we should know?")
    single = True

    words: Text = lines(
        heading,
        MOST_WORDS,
        10,
        help_text=_(
            "Tell it in your own words, as much or as little as you wish. Nothing that happened "
            "is your fault. The police read these words. If you wish to say who you are, do it "
            "on the next page, where it is kept sealed."
        ),
    )


class You(Page):
    heading = _("May we contact you?")
    hint = _(
        "You need not say who you are. If you do, the police get your report without your name, "
        "unless it is released to them for a reason."
    )

    contact = forms.ChoiceField(
        label=_("Your choice"),
        choices=[
            ("anonymous", _("No, I stay anonymous")),
            ("contact", _("Yes, this is how to reach me")),
        ],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    first_name = line(_("Your first name"), 100)
    last_name = line(_("Your last name"), 100)
    phone = line(_("Your phone number"), 50)
    email = forms.EmailField(label=_("Your email address"), max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        choice = said.get("contact")
        reachable = bool(said.get("phone") or said.get("email")) or {"phone", "email"} & set(
            self.errors
        )
        if choice == "contact" and not reachable:
            self.add_error("phone", _("Give a phone number or an email address."))
        if choice == "anonymous" and any(said.get(name) for name in IDENTITY):
            self.add_error("contact", _("You wrote who you are below: take it out, or choose yes."))
        return said


IDENTITY: Final = ("first_name", "last_name", "phone", "email")
PAGES: Final[dict[str, type[Page]]] = {
    "danger": Danger,
    "what": What,
    "when": When,
    "where": Where,
    "who": Who,
    "child": Child,
    "words": Words,
    "you": You,
}
FIRST: Final = "danger"
CHECK: Final = "check"


def after(page: str) -> str:
    """The page after this one; the check after the last."""
    order = [*PAGES, CHECK]
    return order[order.index(page) + 1]


def before(page: str) -> str:
    """The page before this one; the first has none but itself."""
    order = [*PAGES, CHECK]
    return order[max(0, order.index(page) - 1)]
