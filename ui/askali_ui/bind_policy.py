"""Who could open the room, decided before anything is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from askali import SettingsError

LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")

SHORTEST = 8
"""A shorter password is refused: it could be guessed, one guess a second."""


def check_reach(host: str, hosts: Sequence[str], password: str) -> None:
    """Raises `SettingsError` where others could open the room without a password."""
    if password:
        check_password(password)
    elif host not in LOCAL or hosts:
        raise SettingsError(
            f"others could open askali at {', '.join(dict.fromkeys([host, *hosts]))}: give a "
            "password with --password or ASKALI_PASSWORD, or stay with --host 127.0.0.1"
        )


def check_password(password: str) -> None:
    """Raises `SettingsError` for one that is too short to keep anybody out."""
    if len(password) < SHORTEST:
        raise SettingsError(
            f"the password has {len(password)} characters; give at least {SHORTEST}"
        )
