"""Files that carry their signs: new ones, and those that have gone round before."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from simulator.dice import dice, popularity
from simulator.media.files import Content, OtherFile
from simulator.media.pictures import CHANGES, Picture
from simulator.planning.attachments import Attachment
from simulator.planning.story import Story
from simulator.population.model import Sent, Values
from simulator.population.population import Population
from simulator.population.signs import NO, YES

KNOWN_POOL = 400
STANDING_VIRAL = 12
_VIDEO = 0.35
_CHANGED = 0.15  # of files in new bytes, those that are changed copies
_AFTER = 5  # days in which a burst's item still comes, without being a burst
_NAMES = ("IMG_{:04d}", "photo-{:d}", "DSC{:05d}", "снимок_{:d}", "Bild {:d}", "image({:d})")
_FLAGS = ("liveStreaming", "infant", "physicalHarm", "possibleSelfProduction", "generativeAi")
_VIEWED = {YES: True, NO: False}


def files_told(
    seed: int, sent: Sent, story: Story, population: Population
) -> tuple[Attachment, ...]:
    """The files of a report, in the order in which they are sent."""
    pick = dice(seed, "telling-files", sent.number)
    choose = _Contents(seed, sent, population, pick)
    return tuple(
        _file(choose.content(number), values, (number, story), pick)
        for number, values in enumerate(sent.files)
    )


def _file(content: Content, values: Values, where: tuple[int, Story], pick: Random) -> Attachment:
    number, story = where
    viewed = _VIEWED.get(values["viewed"])
    annotations = [flag for flag in _FLAGS if values[flag] == YES]
    return Attachment(
        number=number,
        content=content,
        name=f"{pick.choice(_NAMES).format(pick.randint(1, 9999))}.{content.suffix}",
        uploaded_at=story.happened - timedelta(seconds=pick.randint(0, 600)),
        viewed=viewed,
        viewed_by_person=bool(viewed) and story.esp.viewed == "person",
        public=None if story.esp.kind == "messaging" else pick.choice((True, False, None)),
        annotations=(*annotations, *values["meme"].split()),
        classification=values["class"] or None,
        hashes=("MD5",) if pick.random() < 0.5 else ("MD5", "SHA1"),
        ip=story.ips[0] if story.ips and pick.random() < 0.3 else None,
    )


class _Contents:
    """Chooses the files of one report by where they come from."""

    def __init__(self, seed: int, sent: Sent, population: Population, pick: Random) -> None:
        self._seed, self._sent, self._population, self._pick = seed, sent, population, pick

    def content(self, number: int) -> Content:
        origin = self._sent.files[number]["origin"]
        if origin == "known":
            return self._circulating()
        if origin == "viral":
            return viral(self._seed, self._viral_item())
        again = self._circulating() if self._pick.random() < _CHANGED else None
        if isinstance(again, Picture):  # bytes that nobody saw, of a picture that goes round
            take = 1000 + self._sent.number * 4 + number
            return again.near_copy(self._pick.choice(CHANGES), take)
        return _made(self._seed, f"f{self._sent.number}.{number}", self._pick)

    def _circulating(self) -> Content:
        return circulating(self._seed, popularity(KNOWN_POOL).at(self._pick.random()))

    def _viral_item(self) -> str:
        """Mostly the item of the running incident, else one that keeps coming back."""
        day, pick = self._sent.day, self._pick
        running = [
            (place, burst.extra / 2 ** (day - burst.day))
            for place, burst in enumerate(self._population.bursts)
            if 0 <= day - burst.day < burst.length + _AFTER
        ]
        options = [*(f"b{place}" for place, _ in running), ""]
        chosen = pick.choices(options, [*(weight for _, weight in running), 0.5])[0]
        return chosen or f"w{popularity(STANDING_VIRAL).at(pick.random())}"


def circulating(seed: int, number: int) -> Content:
    """The ``number``-th file of the pool that goes round unchanged."""
    name = f"k{number}"
    return _made(seed, name, dice(seed, "form", name))


def viral(seed: int, name: str) -> Content:
    """A viral item: ``w0`` and so on keep coming back, ``b0`` is that of the first burst."""
    return Picture(f"{seed}/{name}", 640, 480)


def _made(seed: int, name: str, pick: Random) -> Content:
    key = f"{seed}/{name}"
    return OtherFile(key, "video") if pick.random() < _VIDEO else Picture(key, 640, 480)
