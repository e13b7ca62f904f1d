"""``python -m simulator``: drive any instance of the ESP Reporting API."""

from __future__ import annotations

import sys

from simulator.commands import main

sys.exit(main())
