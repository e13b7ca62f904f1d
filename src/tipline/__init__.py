"""Tipline: a self-hostable clearinghouse for reports of online child sexual exploitation."""

__version__ = "0.1.0"
