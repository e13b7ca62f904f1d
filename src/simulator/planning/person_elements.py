"""People of a report as elements, in the order of the schema."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from simulator.dice import dice
from simulator.planning import wording
from simulator.planning.clock import SenderClock
from simulator.planning.elements import Element, branch, leaf
from simulator.planning.story import IpEvent, Story
from simulator.wire.styles import STYLES
from simulator.world.people import Person

_IP_SHARES = {"recipient": 0.5, "victim": 0.35}


def person_reported(story: Story, clock: SenderClock) -> Element:
    """The subject, showing what the story shows."""
    pick = dice("as-written", story.report, story.subject.email)
    shown, person, esp = story.shown, story.subject, story.esp
    return branch(
        "personOrUserReported",
        [
            _person("personOrUserReportedPerson", story, clock, pick),
            leaf("espIdentifier", person.account(esp.slug)),
            leaf("espService", esp.name if pick.random() < 0.5 else None),
            leaf("compromisedAccount", True if story.compromised else None),
            _screen_name(story, pick),
            leaf("displayName", person.first_name if "name" in shown else None),
            leaf("profileUrl", _profile_url(story) if "profile_url" in shown else None),
            leaf("profileBio", pick.choice(wording.BIOGRAPHIES) if "biography" in shown else None),
            *[ip_event(event, clock) for event in story.ips],
            _device(story, clock) if "device" in shown else None,
            leaf("thirdPartyUserReported", True if story.third_party else None),
            *[leaf("priorCTReports", number) for number in story.prior_reports],
            _disabled(story, clock, pick) if "disabled" in shown else None,
            _estimated_location(story, clock, pick),
            leaf("allEmailsReported", True if {"email", "name"} <= shown else None),
            _associated(story, pick) if "associated" in shown else None,
            leaf("additionalInfo", "" if STYLES[esp.client].blanks else None),
        ],
    )


def batched_person(person: Person, story: Story, clock: SenderClock) -> Element:
    """One more reported account of a batched report."""
    event = IpEvent(person.place.other_address(person.address_slot), "Upload", story.happened)
    return branch(
        "personOrUserReported",
        [
            leaf("espIdentifier", person.account(story.esp.slug)),
            leaf("screenName", person.screen_name),
            ip_event(event, clock),
        ],
    )


def recipient(person: Person, story: Story, clock: SenderClock) -> Element:
    """Someone to whom the reported person sent or wrote."""
    event = IpEvent(person.place.other_address(person.address_slot), "Login", story.happened)
    return branch(
        "intendedRecipient",
        [
            leaf("espIdentifier", person.account(story.esp.slug)),
            leaf("screenName", person.screen_name),
            ip_event(event, clock) if shows_ip("recipient", person) else None,
        ],
    )


def victim(person: Person, story: Story, clock: SenderClock) -> Element:
    """A child: age or nothing, an account, seldom a school or an address."""
    pick = dice("victim", person.key, person.email)
    told = pick.random() < 0.8 if story.ages_told is None else person.key in story.ages_told
    age = person.age_on(story.happened.date()) if told else None
    event = IpEvent(person.place.other_address(person.address_slot), "Login", story.happened)
    school = f"{person.place.city} Example School" if pick.random() < 0.15 else None
    return branch(
        "victim",
        [
            branch("victimPerson", [leaf("age", age)]),
            leaf("espIdentifier", person.account(story.esp.slug)),
            leaf("screenName", person.screen_name if pick.random() < 0.7 else None),
            ip_event(event, clock) if shows_ip("victim", person) else None,
            leaf("schoolName", school),
        ],
    )


def shows_ip(role: str, person: Person) -> bool:
    """Whether the report gives an address for a recipient (half of them) or a victim."""
    return dice("shows-ip", role, person.key, person.email).random() < _IP_SHARES[role]


def ip_event(event: IpEvent, clock: SenderClock) -> Element:
    return branch(
        "ipCaptureEvent",
        [
            leaf("ipAddress", event.address),
            leaf("eventName", event.event),
            leaf("dateTime", clock(event.at)),
            leaf("possibleProxy", event.proxy),
            leaf("port", event.port),
        ],
    )


def _person(name: str, story: Story, clock: SenderClock, pick: Random) -> Element | None:
    shown, person = story.shown, story.subject
    children = [
        leaf("firstName", _spelt(person.first_name, pick) if "name" in shown else None),
        leaf("lastName", person.last_name if "name" in shown else None),
        _phone(person, pick) if "phone" in shown else None,
        _email(story, clock, pick) if "email" in shown else None,
        _address(person, pick) if "address" in shown else None,
        leaf("dateOfBirth", person.born.isoformat() if "birth" in shown else None),
    ]
    return branch(name, children) if any(children) else None


def _spelt(first_name: str, pick: Random) -> str:
    return first_name.upper() if pick.random() < 0.15 else first_name


def _phone(person: Person, pick: Random) -> Element | None:
    """The number in one of the ways in which numbers are written down."""
    if person.phone is None:
        return None
    code, digits = person.place.calling_code, person.phone
    verified = pick.choice((True, None))
    way = pick.randrange(3)
    if way == 0:
        return leaf("phone", f"{code}{digits}", type="Mobile", verified=verified)
    spaced = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    if way == 1:
        return leaf("phone", spaced, verified=verified, countryCallingCode=code)
    return leaf("phone", f"{code} {spaced.replace(' ', '-')}", verified=verified)


def _email(story: Story, clock: SenderClock, pick: Random) -> Element | None:
    text = story.subject.email
    if pick.random() < 0.2:
        text = text.capitalize()
    verified = pick.choice((True, True, False, None))
    since = story.happened - timedelta(days=pick.randint(30, 900)) if verified else None
    return leaf("email", text, type="Home", verified=verified, verificationDate=clock(since))


def _address(person: Person, pick: Random) -> Element:
    place = person.place
    return branch(
        "address",
        [
            leaf("address", f"{person.address_slot % 900 + 1} Example Street"),
            leaf("city", place.city),
            leaf("zipCode", place.postal_code or None),
            leaf("state", place.state or None),
            leaf("country", place.country),
        ],
        type=pick.choice(("Home", "Billing")),
    )


def _screen_name(story: Story, pick: Random) -> Element | None:
    if "screen_name" not in story.shown:
        return leaf("screenName", "" if STYLES[story.esp.client].blanks else None)
    name = story.subject.screen_name
    if pick.random() < 0.1:  # people vary their name a little from one service to the next
        name = pick.choice((name.title(), f"{name}_", f"{name}1"))
    return leaf("screenName", name)


def _profile_url(story: Story) -> str:
    account = story.subject.account(story.esp.slug)
    return f"https://{story.esp.host}/u/{account}?ref=report&lang=en"


def _device(story: Story, clock: SenderClock) -> Element:
    return branch(
        "deviceId",
        [
            leaf("idType", "IMEI"),
            leaf("idValue", story.subject.device()),
            leaf("eventName", "Login"),
            leaf("dateTime", clock(story.happened)),
        ],
    )


def _disabled(story: Story, clock: SenderClock, pick: Random) -> Element | None:
    notified = story.esp.notice == "tells"
    return leaf(
        "accountPermanentlyDisabled" if pick.random() < 0.7 else "accountTemporarilyDisabled",
        True,
        disabledDate=clock(story.noticed),
        userNotified=notified,
    )


def _estimated_location(story: Story, clock: SenderClock, pick: Random) -> Element | None:
    if "estimated_location" not in story.shown:
        return None
    place = story.subject.place
    exact = story.told == "place"
    return branch(
        "estimatedLocation",
        [
            leaf("city", place.city if exact and pick.random() < 0.7 else None),
            leaf("region", place.state if exact and place.state else None),
            leaf("countryCode", place.country),
        ],
        verified=False if pick.random() < 0.4 else None,
        timestamp=clock(story.happened) if pick.random() < 0.5 else None,
    )


def _associated(story: Story, pick: Random) -> Element:
    person = story.subject
    return branch(
        "associatedAccount",
        [
            leaf("email", person.email if "email" in story.shown else None),
            leaf("espService", "Examplepay"),
            leaf("espIdentifier", person.account("examplepay")),
        ],
        type=pick.choice(("Billing", "Linked")),
    )
