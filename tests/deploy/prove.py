"""`python tests/deploy/prove.py`: the compose file, from nothing to a verdict, where no registry is.

Needs root and `apt install podman buildah runc debootstrap podman-compose`. A Debian root from debootstrap
takes the base image's name, PostgreSQL and Redis are built from it, our images from deploy/Dockerfile; the
compose file then runs under podman-compose and a program hands in over HTTP. What it cannot show is said in
deploy/README.md.
With `--engine docker` the same is done by `docker` and `docker-compose`.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STAND_INS = Path(__file__).with_name("stand-ins")
OURS = ("web", "prepare", "worker")
THEIRS = {"postgres:15": "postgres", "redis:7": "redis"}
BASE = "debian:12-slim"
SERVICES = ("postgres", "redis", "prepare", "web", "scheduler", "cpu-worker")
PORT = 18474
ADDRESS = f"http://127.0.0.1:{PORT}/api/v1"
COURSE = "optimizacion-de-redes-neuronales"
EXERCISE = "tasa-de-convergencia"
HERE = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
runtime = "runc"
"""
PEOPLE = f"""
from accounts.models import User, Scope
from accounts.services.tokens import create_token
from lessons.models import Course
from lessons.services.enrolling import enrol
course = Course.objects.get(slug="{COURSE}")
person = User.objects.create_user("proof@example.org", "una frase bien larga", name="Proof")
enrol(student=person, course=course)
print(create_token(person=person, name="proof", scopes=[Scope.READ, Scope.SUBMIT])[1])
"""
NETWORK = "import socket\nsocket.create_connection(('192.0.2.1', 80))\n"


class Engine:
    """podman or docker, with its compose."""

    def __init__(self, name: str, compose: str, folder: Path) -> None:
        self.name = name
        self.compose_command = compose.split()
        (folder / "containers.conf").write_text(HERE)
        self.env = {
            **os.environ,
            "COURSESITE_PORT": f"127.0.0.1:{PORT}",
            "COURSESITE_HTTPS": "0",
            "COURSESITE_EMAIL_URL": "smtp://nowhere.invalid:587",
            "COMPOSE_PROJECT_NAME": "proof",
        }
        if name == "podman":
            self.env["CONTAINERS_CONF"] = str(folder / "containers.conf")

    def __call__(self, *words: str, **options: Any) -> str:
        done = subprocess.run(
            [self.name, *words],
            env=self.env,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )
        return done.stdout.strip()

    def compose(self, *words: str) -> None:
        command = [*self.compose_command, "--project-name", "proof", *words]
        subprocess.run(command, env=self.env, cwd=ROOT, check=True)

    def build(self, file: Path, tag: str, context: Path, *more: str) -> None:
        how = (
            ["buildah", "bud", "--isolation", "chroot", "--layers"]
            if self.name == "podman"
            else ["docker", "build"]
        )
        command = [*how, *more, "--file", str(file), "--tag", tag, str(context)]
        subprocess.run(command, env={**self.env, "DOCKER_BUILDKIT": "1"}, cwd=ROOT, check=True)

    def container(self, service: str) -> str:
        return self("ps", "--quiet", "--filter", f"name=proof[_-]{service}").splitlines()[0]


def base_image(engine: Engine, folder: Path, root: str) -> None:
    """debootstrap's Debian under the base image's name."""
    if not root:
        root = str(folder / "root")
        include = "--include=ca-certificates"
        subprocess.run(["debootstrap", "--variant=minbase", include, "bookworm", root], check=True)
    packed = subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE)
    engine("import", "-", BASE, stdin=packed.stdout)


def build(engine: Engine, more: list[str]) -> None:
    """Stand-ins for what a registry would give, then our images."""
    for tag, name in THEIRS.items():
        engine.build(STAND_INS / f"{name}.Dockerfile", tag, STAND_INS)
    for target in OURS:
        options = ["--target", target, "--build-arg", "RUNTIMES=numpy", *more]
        engine.build(ROOT / "deploy" / "Dockerfile", f"coursesite-{target}", ROOT, *options)


@contextmanager
def made_secrets() -> Iterator[None]:
    """The two secret files, as deploy/README.md has them made; an operator's own are left alone."""
    folder = ROOT / "deploy" / "secrets"
    if folder.exists():
        sys.exit(f"{folder} is there already: this proof makes and removes its own")
    folder.mkdir(mode=0o700)
    try:
        for name in ("secret-key", "database-password"):
            (folder / name).write_text(secrets.token_urlsafe(50))
            (folder / name).chmod(0o444)
        yield
    finally:
        shutil.rmtree(folder)


def wait_for(what: str, condition: Any, seconds: float = 600) -> Any:
    """What `condition` gives once it gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except (OSError, subprocess.CalledProcessError, LookupError):
            pass
        time.sleep(1)
    sys.exit(f"prove: {what} did not come within {seconds:.0f} s")


def ask(path: str, token: str, body: Mapping[str, str] | None = None) -> Any:
    """One request of the API."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Host": "localhost"}
    headers["X-Forwarded-Proto"] = "https"
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(
        urllib.request.Request(f"{ADDRESS}{path}", data, headers), timeout=30
    ) as answer:
        return json.load(answer)


def walk(engine: Engine) -> None:
    """A right and a hostile hand-in, over HTTP, each to its verdict."""
    web = wait_for("the web service", lambda: engine.container("web"))
    token = wait_for(
        "the course", lambda: engine("exec", web, "python", "manage.py", "shell", "-v0", "-c", PEOPLE)
    )
    token = token.splitlines()[-1]
    folder = next((ROOT / "courses" / COURSE).glob(f"*/exercises/{EXERCISE}"))
    right = (folder / "solution.py").read_text()
    for source, expected in ((right, {"passed"}), (NETWORK + right, {"forbidden", "not_run"})):
        started = time.monotonic()
        state = ask(f"/courses/{COURSE}/exercises/{EXERCISE}/submissions/", token, {"source": source})
        address = f"/submissions/{state['id']}/"
        graded = wait_for(
            "the verdict", lambda at=address: (s := ask(at, token))["state"] == "graded" and s, 120
        )
        verdicts = {group["verdict"] for group in graded["groups"]}
        print(
            f"prove: {sorted(verdicts)}, score {graded['score']}, {time.monotonic() - started:.1f} s",
            flush=True,
        )
        if verdicts - expected or verdicts == {"not_run"}:
            sys.exit(f"prove: expected {sorted(expected)}: {graded}")


def look_around(engine: Engine) -> None:
    """That the containers are as confined as the file says."""
    worker = engine.container("cpu-worker")
    print(
        engine("exec", "--user", "10001:10001", worker, "python", "manage.py", "sandbox", "doctor"),
        flush=True,
    )
    status = engine("exec", worker, "cat", "/proc/1/status")
    for name in ("Uid", "CapBnd", "CapEff", "NoNewPrivs", "Seccomp"):
        print("worker's pid 1:", next(one for one in status.splitlines() if one.startswith(f"{name}:")))
    for service in ("web", "scheduler", "cpu-worker"):
        tried = subprocess.run(
            [engine.name, "exec", engine.container(service), "touch", "/app/written"],
            env=engine.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if tried.returncode == 0 or "Read-only" not in tried.stderr:
            sys.exit(f"prove: the root of {service} can be written: {tried.stderr}")
        ask_health = ["python", "deploy/healthy.py", service.split("-")[-1]]
        command = [engine.name, "exec", engine.container(service), *ask_health]
        ill = subprocess.run(command, env=engine.env, check=False)
        print(f"prove: {service}: read-only root, {'ill' if ill.returncode else 'healthy'}", flush=True)


def main() -> None:
    """All of it; what was made is removed, but for the images with --keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["podman", "docker"], default="podman")
    parser.add_argument("--compose", default="podman-compose", help="the command (docker: docker-compose)")
    parser.add_argument("--root", default="", help="a Debian root that debootstrap has made already")
    parser.add_argument("--build-option", action="append", default=[], help="passed on to each build of ours")
    parser.add_argument("--built", action="store_true", help="the images are there")
    parser.add_argument("--keep", action="store_true", help="leave the images")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursesite-proof-") as folder, made_secrets():
        engine = Engine(words.engine, words.compose, Path(folder))
        if not words.built:
            base_image(engine, Path(folder), words.root)
            build(engine, words.build_option)
        try:
            engine.compose("up", "--detach", *SERVICES)
            walk(engine)
            look_around(engine)
        finally:
            engine.compose("down", "--volumes")
            if left := engine("ps", "--all", "--quiet", "--filter", "name=proof[_-]").split():
                engine("rm", "--force", *left)
            if left := engine("network", "ls", "--quiet", "--filter", "name=proof[_-]").split():
                engine("network", "rm", *left)
            if not words.keep:
                images = [*(f"coursesite-{one}" for one in OURS), *THEIRS, BASE]
                engine("rmi", "--force", *images)
    print("prove: done")


if __name__ == "__main__":
    main()
