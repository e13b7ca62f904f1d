"""The files of a report: which are new, which were sent before, which are near copies."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from simulator.dice import Cut, dice, popularity
from simulator.media.files import MEDIA_TYPES, Content, OtherFile
from simulator.media.pictures import CHANGES, Picture
from simulator.planning.roster import Roster, Scene
from simulator.planning.story import IpEvent, Story
from simulator.world.profiles import CSAM, Files, Profile

_VIRAL_FILES = 1.3  # mean of a viral report
_POOR_FILES = 0.5
_SIZES = ((640, 480), (640, 640), (480, 640), (640, 360))
_LARGE = (3000, 2250)
_TAKES = 2  # copies of each kind that a passed-on picture has
_CLASSES = ("A1", "A2", "B1", "B2")
_NAMES = ("IMG_{:04d}", "photo-{:d}", "DSC{:05d}", "снимок_{:d}", "Bild {:d}", "image({:d})")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as sent, with what its sender says about it.

    ``viewed``, ``exif_viewed``, ``public``: the sender's flags, None when absent.
    ``viewed_by_person``: what is really so. ``described``: whether file details are sent.
    """

    number: int
    content: Content
    name: str
    uploaded_at: datetime
    described: bool = True
    viewed: bool | None = None
    viewed_by_person: bool = False
    exif_viewed: bool | None = None
    public: bool | None = None
    supplemental: bool = False
    annotations: tuple[str, ...] = ()
    classification: str | None = None
    hashes: tuple[str, ...] = ()
    location: str | None = None
    ip: IpEvent | None = None

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.content.suffix]


def attachments_of(roster: Roster, story: Story) -> tuple[Attachment, ...]:
    """The files of the report, in the order in which they are sent."""
    pick = dice(roster.seed, "files", story.report)
    contents = _contents(roster, story, pick)
    return tuple(
        _attachment(story, number, content, pick) for number, content in enumerate(contents)
    )


def hash_only(roster: Roster, story: Story) -> Content | None:
    """The picture whose digest stands in the text of a report without files."""
    if story.poor_kind != "hash-only":
        return None
    return _known(roster, dice(roster.seed, "hash-only", story.report))


def _contents(roster: Roster, story: Story, pick: Random) -> list[Content]:
    if story.scene is Scene.VIRAL:
        count = 1 + (pick.random() < _VIRAL_FILES - 1)
        return [_viral(roster, pick) for _ in range(count)]
    if story.poor_kind in ("no-files", "hash-only"):
        return []
    contents: list[Content] = []
    if story.talk and story.incident_type != CSAM and pick.random() < 0.6:
        contents.append(OtherFile(_key(roster, f"t{story.report}"), "transcript"))
    wanted = _count(roster.profile, story, pick)
    contents += [_one(roster, story, number, pick) for number in range(wanted)]
    return _with_special(roster, story, contents)


def _count(profile: Profile, story: Story, pick: Random) -> int:
    """Geometric from one upwards, so that the whole plan has the profile's mean."""
    if story.scene is Scene.POOR:
        return pick.randint(1, 2)
    scenes = profile.scenes
    rest = 1 - scenes.viral - scenes.poor
    told = scenes.viral * _VIRAL_FILES + scenes.poor * _POOR_FILES
    mean = (profile.files.per_report - told) / rest if rest > 0 else 0.0
    if mean <= 1:
        return int(pick.random() < mean)
    return min(40, 1 + int(math.log(1 - pick.random()) / math.log(1 - 1 / mean)))


def _one(roster: Roster, story: Story, number: int, pick: Random) -> Content:
    files = roster.profile.files
    kind = pick.random()
    if kind < files.video:
        return _video(roster, story, number, pick)
    if kind < files.video + files.other:
        letter, what = pick.choice((("t", "transcript"), ("n", "note")))
        return OtherFile(_key(roster, f"{letter}{story.report}.{number}"), what)
    chance = pick.random()
    again, passed = _again_shares(roster.profile)
    if chance < again:
        return _known(roster, pick)
    if chance < again + passed:
        return _passed_on(roster, pick)
    return _fresh(roster, f"f{story.report}.{number}")


def _again_shares(profile: Profile) -> tuple[float, float]:
    """How many pictures of ordinary reports come from the two pools (known, passed on)."""
    files, scenes = profile.files, profile.scenes
    viral = scenes.viral * _VIRAL_FILES / max(files.per_report, 0.1)
    viral_pictures = min(0.9, viral / max(0.1, 1 - files.video))
    again = max(0.0, files.sent_again - viral_pictures) / (1 - viral_pictures)
    return again, min(1 - again, files.near * (1 - again) / 0.55)


def _pool(roster: Roster, share: float, times: int) -> int:
    """How many families a pool holds so that each is drawn about ``times`` times."""
    files = roster.profile.files
    drawn = roster.size * files.per_report * (1 - files.video - files.other) * share
    return max(4, round(drawn / times))


def _known(roster: Roster, pick: Random) -> Picture:
    """A picture that goes round unchanged."""
    again, _ = _again_shares(roster.profile)
    number = popularity(_pool(roster, again, 8)).at(pick.random())
    picture = _fresh(roster, f"k{number}")
    return picture if pick.random() < 0.92 else _changed(picture, pick)


def _passed_on(roster: Roster, pick: Random) -> Picture:
    """A picture that is changed a little each time it is passed on."""
    _, passed = _again_shares(roster.profile)
    picture = _fresh(roster, f"p{pick.randrange(_pool(roster, passed, 4))}")
    return picture if pick.random() < 0.3 else _changed(picture, pick)


def _viral(roster: Roster, pick: Random) -> Picture:
    families = roster.profile.files.viral_pictures or max(3, roster.size // 500)
    picture = _fresh(roster, f"b{popularity(families).at(pick.random())}")
    return picture if pick.random() < 0.75 else _changed(picture, pick)


def _changed(picture: Picture, pick: Random) -> Picture:
    return picture.near_copy(pick.choice(CHANGES), pick.randrange(_TAKES))


def _fresh(roster: Roster, name: str) -> Picture:
    """The original of a family; its form follows from its name."""
    pick = dice(roster.seed, "form", name)
    width, height = pick.choice(_SIZES)
    kind = "png" if pick.random() < 0.2 else "jpeg"
    return Picture(_key(roster, name), width, height, kind)


def _video(roster: Roster, story: Story, number: int, pick: Random) -> OtherFile:
    again = roster.profile.files.video_again
    if pick.random() < again:
        return OtherFile(_key(roster, f"w{pick.randrange(_video_pool(roster))}"), "video")
    return OtherFile(_key(roster, f"w{story.report}.{number}"), "video")


def _video_pool(roster: Roster) -> int:
    """How many videos go round, each about twenty times."""
    files = roster.profile.files
    drawn = roster.size * files.per_report * files.video * files.video_again
    return max(2, round(drawn / 20))


def _key(roster: Roster, name: str) -> str:
    return f"{roster.seed}/{name}"


def _with_special(roster: Roster, story: Story, contents: list[Content]) -> list[Content]:
    """One large, one EXIF-bearing or one empty file, dealt evenly over the reports."""
    special = _special_cut(roster.profile.files).at(roster.special(story.report))
    if not special:
        return contents
    name = f"{special}{story.report}"
    if special == "empty":
        return [*contents, OtherFile(_key(roster, name), "empty")]
    picture = replace(_fresh(roster, name), kind="jpeg")
    if special == "large":
        picture = replace(picture, width=_LARGE[0], height=_LARGE[1])
    else:
        picture = replace(picture, exif=True)
    return [picture, *contents[1:]]


def _special_cut(files: Files) -> Cut[str]:
    rest = 1 - files.large - files.exif - files.empty
    return Cut([("large", files.large), ("exif", files.exif), ("empty", files.empty), ("", rest)])


def _attachment(story: Story, number: int, content: Content, pick: Random) -> Attachment:
    stem = pick.choice(_NAMES).format(pick.randint(1, 9999))
    viral, poor = story.scene is Scene.VIRAL, story.scene is Scene.POOR
    evidence = not isinstance(content, OtherFile) or content.kind == "video"
    by_person = evidence and pick.random() < _viewing_share(story)
    viewed = _viewed_flag(story, by_person, pick) if evidence else None
    exif = isinstance(content, Picture) and content.exif
    supplemental = not evidence
    return Attachment(
        number=number,
        content=content,
        name=f"{stem}.{content.suffix}",
        uploaded_at=story.happened - timedelta(seconds=pick.randint(0, 600)),
        described=not poor or pick.random() < 0.4,
        viewed=viewed,
        viewed_by_person=by_person,
        exif_viewed=bool(viewed) if exif else None,
        public=_public_flag(story, pick) if evidence else None,
        supplemental=supplemental,
        annotations=_annotations(story, pick) if evidence else (),
        classification=pick.choice(_CLASSES)
        if viewed and not viral and pick.random() < 0.5
        else None,
        hashes=("MD5",) if pick.random() < 0.5 else ("MD5", "SHA1") if evidence else (),
        location=f"https://{story.esp.host}/media?id={story.report}&file={number}"
        if pick.random() < 0.3
        else None,
        ip=story.ips[0] if story.ips and pick.random() < 0.3 else None,
    )


def _viewing_share(story: Story) -> float:
    """How often a person really looked, by the sender's practice."""
    return {"person": 0.75, "twin": 0.2, "machine": 0.0, "unknown": 0.4}[story.esp.viewed]


def _viewed_flag(story: Story, by_person: bool, pick: Random) -> bool | None:
    """The flag as the sender's practice sets it; poor reports often leave it out."""
    if story.scene is Scene.POOR and pick.random() < 0.6:
        return None
    practice = story.esp.viewed
    if practice == "person":
        return by_person
    if practice == "unknown":
        return pick.choice((True, None))
    return by_person or pick.random() < 0.8


def _public_flag(story: Story, pick: Random) -> bool | None:
    if story.esp.kind == "messaging":
        return False if pick.random() < 0.6 else None
    return pick.choices((True, False, None), (30, 40, 30))[0]


def _annotations(story: Story, pick: Random) -> tuple[str, ...]:
    if story.scene is Scene.VIRAL:
        return pick.choice((("potentialMeme",), ("viral",), ("potentialMeme", "viral")))
    found = []
    if story.urgency == "live":
        found.append("liveStreaming")
    if pick.random() < 0.02:
        found.append("generativeAi")
    if pick.random() < 0.03:
        found.append("possibleSelfProduction")
    if story.scene is Scene.COMPLETE and pick.random() < 0.05:
        found.append(pick.choice(("infant", "animeDrawingVirtualHentai", "physicalHarm")))
    return tuple(found)
