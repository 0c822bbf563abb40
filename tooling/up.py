"""`./dev up`: installs what is missing, prepares what has changed, and runs the site until Ctrl-C."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import sys
import time
from pathlib import Path

from grading.sandbox.offers import offers

from . import environments, frontend, machine, say, wall
from .installing import beside, ready
from .places import FRONTEND, ROOT, SITE_PYTHON, VAR, environment
from .running import Site
from .stamps import Stamps, fingerprint
from .steps import run, step
from .supervisor import Service, Supervisor

ANY = "0.0.0.0"  # noqa: S104
QUEUES = "cpu.submit,cpu.run,cpu.regrade"
GPU_QUEUES = "gpu.submit,gpu.run,gpu.regrade"
NODES = Path("/dev")
QUIET_ABOUT_ROOT = "ignore:You're running the worker with superuser"  # on one's own machine that may be
STAMPS = Stamps(VAR / "prepared.json")
ACCOUNTS = VAR / "demo-accounts.json"
PREVIEW = bool(os.environ.get("COURSESITE_PREVIEW"))  # set by ./dev preview


def up(words: list[str]) -> int:
    """The whole of it; returns when the site has ended."""
    started = time.monotonic()
    options = parse(words)
    machine.refuse_other_systems()
    machine.refuse_read_only()
    machine.refuse_long_socket(VAR / "redis.sock")
    site = Site()
    site.hold()
    machine.refuse_taken_port(options.host, options.port)
    later = beside() if options.beside else []
    ready(later=later, author=PREVIEW)
    prepare()
    address = f"http://{shown_host(options.host)}:{options.port}/"

    def opened() -> None:
        site.announce(address)
        greet(address, started)
        for missing in wall.missing():
            say.warn(missing)

    return Supervisor(services(options, later), opened).run()


def parse(words: list[str]) -> argparse.Namespace:
    """The options of `up`."""
    parser = argparse.ArgumentParser(prog="./dev up", description="Runs the site until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8000, help="where the site listens (default %(default)s)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 opens it to your network (default %(default)s)"
    )
    parser.add_argument(
        "--no-torch",
        dest="beside",
        action="store_false",
        help="install no runtime beside the site: PyTorch (1 GB), TensorFlow if a course names it (1 GB)",
    )
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count() or 1, help="gradings at once (default: the cores)"
    )
    parser.add_argument("--access-log", action="store_true", help="one line for each request")
    return parser.parse_args(words)


def prepare() -> None:
    """Database, static files, course and demo accounts: those of them whose sources have changed."""
    marks = {
        "database": fingerprint(
            ROOT.glob("*/migrations/*.py"), os.environ.get("COURSESITE_DATABASE_URL", "")
        ),
        "translations": fingerprint(ROOT.glob("locale/*/LC_MESSAGES/*.po")),
        "static": fingerprint([FRONTEND / "dist", *own_static()], environments.SITE.wanted()),
        "course": fingerprint([ROOT / "courses", *loader()]),
    }
    if os.environ.get("COURSESITE_MODE", "local") == "local":
        marks["demo"] = "made"
    if PREVIEW:  # it loads the course itself, again and again, and mistakes do not keep the site down
        del marks["course"], marks["demo"]
    database = VAR / "db.sqlite3"
    if not os.environ.get("COURSESITE_DATABASE_URL") and not database.exists():
        STAMPS.path.unlink(missing_ok=True)
    due = [part for part, mark in marks.items() if not STAMPS.holds(part, mark)]
    if not due:
        return
    frontend.ensure_packages()
    with step(f"prepare {', '.join(due)}"):
        run([SITE_PYTHON, "-m", "coursesite.embedded.prepare", *due], log="prepare")
    STAMPS.write(**{part: marks[part] for part in due})


def loader() -> list[Path]:
    """The code that turns a course folder into records: where it changes, courses are loaded anew."""
    code = [path for app in ("lessons", "exercises") for path in (ROOT / app).rglob("*.py")]
    return [*code, FRONTEND / "maths", FRONTEND / "package-lock.json"]


def own_static() -> list[Path]:
    """The apps' static folders; the data folder has one too, which is their copy."""
    return [folder for folder in ROOT.glob("*/static") if folder.parent != VAR]


def services(options: argparse.Namespace, runtimes: list[str]) -> list[Service]:
    """What runs, Redis first; last what installs the runtimes that are still to come."""
    address = os.environ.get("COURSESITE_SITE_URL") or f"http://{shown_host(options.host)}:{options.port}"
    env = environment(COURSESITE_ALLOWED_HOSTS=allowed_hosts(options.host), COURSESITE_SITE_URL=address)
    python = str(SITE_PYTHON)
    web = [
        python,
        "-m",
        "uvicorn",
        "coursesite.asgi:application",
        "--host",
        options.host,
        "--port",
        str(options.port),
    ]
    web += [
        "--timeout-graceful-shutdown",
        "2",
        "--lifespan",
        "off",
        "--log-level",
        "info" if options.access_log else "warning",
    ]
    celery = [python, "-m", "celery", "--quiet", "-A", "coursesite"]
    at_work = {**env, "PYTHONWARNINGS": QUIET_ABOUT_ROOT}
    worker = worker_of(celery, QUEUES, options.threads)
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "WARNING",
        "--pidfile",
        "",
        "--schedule",
        str(VAR / "beat-schedule"),
    ]
    redis = [sys.executable, str(ROOT / "coursesite" / "embedded" / "redis.py"), str(VAR)]
    running = [
        Service("redis", redis, env, "red", needed=True),
        Service(
            "web", web, env, "green", needed=True, healthy=lambda: web_answers(options.host, options.port)
        ),
        Service("worker", worker, at_work, "blue"),
        Service("beat", beat, env, "magenta"),
    ]
    if places := gpu_places():
        on_gpu = [*worker_of(celery, GPU_QUEUES, places), "--hostname", "gpu@%h"]
        running.append(Service("gpu", on_gpu, at_work, "blue"))
    if PREVIEW:
        running.append(Service("author", [python, "manage.py", "preview"], env, "yellow"))
    for name in runtimes:
        install = [sys.executable, "-m", "tooling", "install", name]
        running.append(Service(name, install, env, "cyan", once=True, niceness=10))
    return running


def worker_of(celery: list[str], queues: str, threads: int) -> list[str]:
    """A worker that grades what rings in `queues`, so many at once."""
    options = ["--pool", "threads", "--concurrency", str(threads), "--queues", queues]
    return [*celery, "worker", *options, "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


def gpu_places() -> int:
    """How many GPUs there are, where a runtime for them is installed; which may be had, leases say."""
    runtimes = [environments.runtime(offer.name) for offer in offers().values() if offer.needs_device]
    return len(list(NODES.glob("nvidia[0-9]*"))) if any(one.holds() for one in runtimes) else 0


def web_answers(host: str, port: int) -> bool:
    """Whether the site can be opened."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """An address of this machine at which a listener on `host` answers."""
    return {ANY: "127.0.0.1", "::": "::1"}.get(host, host)


def shown_host(host: str) -> str:
    """`host` as a person types it."""
    here = socket.gethostname()
    shown = {ANY: here, "::": here, "127.0.0.1": "localhost"}.get(host, host)
    return f"[{shown}]" if ":" in shown else shown


def allowed_hosts(host: str) -> str:
    """The Host headers to accept: this machine's names; `host` too where it is one of its addresses."""
    asked = os.environ.get("COURSESITE_ALLOWED_HOSTS")
    if asked:
        return asked
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in {ANY, "::"}:
        names += [socket.gethostname(), *_own_addresses()]
    elif host not in names:
        names.append(host)
    return ",".join(dict.fromkeys(names))


def _own_addresses() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [
        f"[{address[0]}]" if family == socket.AF_INET6 else str(address[0])
        for family, *_rest, address in found
    ]


def greet(address: str, started: float) -> None:
    """What the person came for: the address, and who to sign in as."""
    say.line()
    say.line(
        f"  Coursesite is open at {say.paint(address, 'bold')}  ({say.seconds(time.monotonic() - started)})"
    )
    try:
        accounts = json.loads(ACCOUNTS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        accounts = []
    for account in accounts:
        say.line(f"    {account['role']:<12}{account['email']:<22}{account['password']}")
    say.line(f"  {say.paint('Ctrl-C ends it. Logs follow.', 'grey')}")
    say.line()
