"""Organisations, people and credentials; the profiles of ESPs and agencies.

Owns who exists and what their role allows. Promises: an actor is made here and nowhere
else; ESP secrets are long, generated and kept as keyed HMAC-SHA-256 (an argon2 check per
request would cost 165 ms); people's passwords are argon2; profiles are versioned and a
report points at the version that held when it was opened. Called by every door.
"""
