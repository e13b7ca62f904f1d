"""Runs several commands in one process, for tests that would spend their time on starting it.

Reads a JSON list of [words, stdin] and prints a JSON list of [exit code, stdout, stderr].
"""

from __future__ import annotations

import json
import sys

from typer.testing import CliRunner

from tipline.doors.terminal.main import app


def main() -> None:
    runner = CliRunner()
    ended = []
    for words, stdin in json.load(sys.stdin):
        result = runner.invoke(app, words, input=stdin)
        problem = "" if isinstance(result.exception, SystemExit | None) else repr(result.exception)
        ended.append([result.exit_code, result.stdout, result.stderr + problem])
    json.dump(ended, sys.stdout)


if __name__ == "__main__":
    main()
