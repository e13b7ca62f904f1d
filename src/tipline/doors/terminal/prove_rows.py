"""The rows of ``tipline prove``: each a promise and the tests that prove it."""

from __future__ import annotations

from dataclasses import dataclass

_PROOF = ("-m", "proof", "--hypothesis-profile=prove")


@dataclass(frozen=True, slots=True)
class Row:
    """``promises``: numbers of the page. ``words``: what pytest is asked to run.

    ``quick``: the same at the size of the suite; None when there is no shorter form.
    """

    name: str
    promises: str
    says: str
    words: tuple[str, ...]
    quick: tuple[str, ...] | None = None


ROWS = (
    Row(
        "crash",
        "T1 T14 T17",
        "200 kills of web and worker per database, at every named point and at random: nothing "
        "acknowledged is lost or doubled, nothing is half-done, no plaintext stays; 100 polite "
        "restarts under load.",
        ("tests/crash", *_PROOF),
        ("tests/crash",),
    ),
    Row(
        "big-upload",
        "T14",
        "A 5 GB file is taken in within 200 MB of memory; none of it touches the disk in plain.",
        ("tests/ispws/test_big_upload.py", *_PROOF),
        ("tests/ispws/test_big_upload.py",),
    ),
    Row(
        "books",
        "T4 T5",
        "Whatever is sent, in whatever order and however often: one effect each, and the books "
        "balance.",
        ("tests/intake", *_PROOF),
        ("tests/intake",),
    ),
    Row(
        "hostile",
        "T6 T7",
        "Hostile bodies, documents and values: the right code, never a fault.",
        ("tests/hostile", *_PROOF),
        ("tests/hostile",),
    ),
    Row(
        "check",
        "-",
        "The check before sending and the pipeline find the same in 1,000 simulated reports; "
        "what differs later has a name. How many informational reports its advice lifts.",
        ("tests/pipeline/test_check_agrees.py", *_PROOF),
        ("tests/pipeline/test_check_agrees.py",),
    ),
    Row(
        "lists",
        "T1 T4",
        "Lists of hashes and their copies end alike after 2,000 random stories; the index of "
        "hashes is right after 500 kills; pictures in any order are matched alike; a store that is "
        "filled by copying equals, row by row, what the pipeline makes.",
        (
            "tests/exchange/test_machine.py",
            "tests/matching/test_index_processes.py",
            "tests/pipeline/test_stages.py",
            "tests/pipeline/test_loading.py",
            *_PROOF,
        ),
        (
            "tests/exchange/test_machine.py",
            "tests/matching/test_index_processes.py",
            "tests/pipeline/test_stages.py",
            "tests/pipeline/test_loading.py",
        ),
    ),
    Row(
        "pages",
        "T8",
        "What the pages of every desk and the answers of the doors say, on both databases.",
        ("-m", "pages", "-n", "2"),
    ),
    Row(
        "gate",
        "T16",
        "Whatever is labelled, matched, opened, closed and published, in any order: no door shows "
        "pixels, EXIF data, frames or a preview of a file that the table blocks for who asks.",
        (
            "tests/evidence/test_gate_story.py",
            "tests/evidence/test_no_way_around.py",
            "--hypothesis-profile=prove",
        ),
        ("tests/evidence/test_gate_story.py", "tests/evidence/test_no_way_around.py"),
    ),
    Row(
        "history",
        "-",
        "Spark and this process link 100,000 reports alike; so do ten orders of looking; a linking "
        "that is killed again and again ends the same.",
        (
            "tests/entities/test_history_spark.py",
            "tests/entities/test_history_processes.py",
            "tests/entities/test_linking.py",
            "-m",
            "proof",
        ),
        ("tests/entities/test_history_spark.py", "tests/entities/test_history_processes.py"),
    ),
    Row(
        "mutation",
        "T18",
        "Of the changes that can be made to the gate's rules in one place, at least 95 in 100 are "
        "noticed by their tests.",
        ("tests/gate/test_mutation.py", "-m", "proof"),
    ),
    Row(
        "properties",
        "T18",
        "Every rule that is tested with generated examples holds for 5,000 of them.",
        ("-m", "hypothesis", "--hypothesis-profile=prove", "-n", "2"),
        ("-m", "hypothesis", "-n", "2"),
    ),
    Row(
        "suite",
        "all",
        "The whole suite: static checks, and every test on both databases.",
        (),
    ),
)
