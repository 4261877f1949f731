"""Start a program that ends when the process that started it ends, also by kill -9.

Used as `python -I leash.py PARENT PROGRAM ARGUMENTS…`: asks the kernel for SIGTERM at the parent's end and
then becomes the program. A file of its own, because code between fork and exec is not safe beside threads.
Standard library only. Elsewhere than on Linux it only becomes the program.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent and become the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # it ended before the kernel knew of the wish
    os.execvp(program[0], program)  # noqa: S606 - the arguments come from our own supervisor


if __name__ == "__main__":
    main()
