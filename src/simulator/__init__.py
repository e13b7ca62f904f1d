"""Synthetic ESPs, people, pictures and agencies, with the truth behind every report.

Owns a made-up world: :func:`simulator.planning.plan.plan` says what would be sent and what
is really so, :func:`simulator.wire.driver.drive` sends it over HTTP to any instance of the
ESP Reporting API, :mod:`simulator.answers` answers as an agency would. Promises: the same
seed, count and profile give the same records, pictures and truth, byte for byte (with the
same Pillow and numpy); all companies, people and identifiers are invented, all pictures are
generated shapes, no text describes anything. Imports nothing of tipline. Called by
``python -m simulator``, the demo and the tests.
"""
