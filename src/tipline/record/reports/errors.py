"""Why a report cannot be changed, with the code of the reporting API."""

from __future__ import annotations

from tipline.ground.foundation.errors import TiplineError


class NoSuchReport(TiplineError):  # noqa: N818 - the API's words
    """Unknown, foreign and expired reports look alike (5001)."""

    code = "5001"

    def __init__(self) -> None:
        super().__init__("The report does not exist.", field="id")


class AlreadyRetracted(TiplineError):  # noqa: N818
    code = "5101"

    def __init__(self) -> None:
        super().__init__("The report has been retracted already.", field="id")


class AlreadyFinished(TiplineError):  # noqa: N818
    code = "5102"

    def __init__(self) -> None:
        super().__init__("The report has been finished already.", field="id")


class NoSuchFile(TiplineError):  # noqa: N818
    """The file does not exist in that report (5002)."""

    code = "5002"

    def __init__(self) -> None:
        super().__init__("The file does not exist in this report.", field="fileId")
