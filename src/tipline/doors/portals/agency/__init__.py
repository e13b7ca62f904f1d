"""The desk of an agency: its morning, its referrals, its cases, its answers.

Owns the pages under ``/agency/`` for investigators. Promises: an agency sees what was made
available to it and nothing else; sections A to D stand as delivered, each fact with who
asserted it; the bytes of a file leave only where the gate opens them to this agency, as a
download with a purpose on the ledger; a download has every key that the field's tools index;
an answer takes one click, and what was clicked by mistake can be taken back.
"""
