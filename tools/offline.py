"""Run a command in a network of its own, where nothing but this machine can be reached.

    python tools/offline.py [--strict] [--if-possible] COMMAND …

The exit code is the command's. Whatever tried to reach another machine, also from C and from
child processes, is counted by the kernel and told; with `--strict` it is a failure (exit 3).
Linux only; where the system gives no network of one's own, that is said (exit 4), and with
`--if-possible` the command is run nevertheless.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h
_SET_FLAGS, _UP = 0x8914, 0x1  # linux/sockios.h, linux/if.h
REACHED_OUT, REFUSED = 3, 4


def go_offline() -> None:
    """Put this process into a network with the loopback alone; `OSError` where that is refused."""
    flags = _NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER
    if ctypes.CDLL(None, use_errno=True).unshare(flags):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        fcntl.ioctl(asked, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))


def attempts() -> int:
    """How often something here found no way to another machine (IPv4 and IPv6)."""
    names, values = (
        line.split()
        for line in Path("/proc/net/snmp").read_text().splitlines()
        if line.startswith("Ip:")
    )
    six = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    return int(values[names.index("OutNoRoutes")]) + int(six["Ip6OutNoRoutes"])


def main() -> int:
    """Run it, count, and pass its exit code on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--if-possible", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    try:
        go_offline()
    except (AttributeError, OSError) as exc:
        print(f"this system gives no network of one's own: {exc}", file=sys.stderr)
        return (
            subprocess.run(given.command, check=False).returncode if given.if_possible else REFUSED
        )
    done = subprocess.run(given.command, check=False).returncode
    found = attempts()
    print(f"attempts to reach another machine: {found}", file=sys.stderr)
    return done or (REACHED_OUT if found and given.strict else 0)


if __name__ == "__main__":
    sys.exit(main())
