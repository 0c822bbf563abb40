"""The `oci` backend: each runtime's zygote in a container made by somebody else's program.

crun, runc, or an engine (podman, docker) builds the outer wall; inside it the launcher takes the very steps
that it takes without, as an ordinary user who holds nothing. It cannot inherit the link there, so it dials a
socket in a folder that the container is shown. A student is a fork of the zygote, as ever.
"""

import contextlib
import io
import itertools
import os
import select
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from . import doctor
from .bundle import ENGINES, IMAGE, Contents, contents, engine_options, write_bundle
from .care import USUAL, Care
from .interface import Layer, Metering, Runtime, WallFault
from .namespaces import NamespacesBackend, open_metering
from .zygotes import LEAVING_SECONDS, START_SECONDS, Launcher, fault, tail

PREFIX = "wall-zygote-"
_numbers = itertools.count()


class OciBackend(NamespacesBackend):
    """Zygotes in containers; everything else as in `namespaces`."""

    name = "oci"

    def __init__(self, metering: Metering, command: list[str], care: Care) -> None:
        super().__init__(metering, care)
        self._command = command

    @classmethod
    def open_with(cls, runtime: str, *, allow_coarse: bool, care: Care = USUAL) -> "OciBackend":
        """`runtime` is a command with its options: "runc", "podman --runtime runc", …"""
        command = shlex.split(runtime)
        if not command or shutil.which(command[0]) is None:
            remedy = (
                f'the container runtime "{runtime}" is not installed; COURSESITE_SANDBOX_OCI_RUNTIME names it'
            )
            raise WallFault("container", None, remedy)
        _sweep()
        backend = cls(open_metering(allow_coarse=allow_coarse), command, care)
        if Path(command[0]).name in ENGINES:
            _make_empty_image(command)
        return backend

    def _launch(self, runtime: Runtime) -> Launcher:
        return Container(self._command, contents(runtime))

    def doctor(self) -> list[Layer]:
        return [*doctor.layers(self.metering), doctor.container_runtime(self._command)]


class Container:
    """A running container whose first process is a launcher."""

    privileged = False

    def __init__(self, command: list[str], what: Contents) -> None:
        self._command = command
        self._is_engine = Path(command[0]).name in ENGINES
        name = f"{PREFIX}{os.getpid()}-{next(_numbers)}-"
        self._folder = Path(tempfile.mkdtemp(prefix=name))
        self._words = os.memfd_create("zygote", os.MFD_CLOEXEC)
        self._inner = -1  # a pidfd of the first process inside, once it has dialled
        self._undo = contextlib.ExitStack()
        self._undo.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._undo.callback(os.close, self._words)
        try:
            listener = self._listen()
            self._process = subprocess.Popen(
                self._start(what),
                stdin=subprocess.DEVNULL,
                stdout=self._words,
                stderr=self._words,
                cwd="/",
                start_new_session=True,
                umask=0o022,  # of the folders that the runtime makes for what is bound
            )
            self._undo.callback(self._end)
            self.link = self._accept(listener)
        except BaseException:
            self._undo.close()
            raise
        self.pid = self._process.pid

    def _listen(self) -> socket.socket:
        """A socket that whoever is inside may dial; the folder above it is closed to everybody else here."""
        place = self._folder / "link"
        place.mkdir()
        place.chmod(0o755)  # whatever the umask
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(place / "socket"))
        (place / "socket").chmod(0o666)
        listener.listen(1)
        return listener

    def _start(self, what: Contents) -> list[str]:
        if self._is_engine:
            podman = Path(self._command[0]).name == "podman"
            return [*self._command, "run", *engine_options(self._folder, what, podman=podman)]
        write_bundle(self._folder, what)
        state = ["--root", str(self._folder / "state")]
        return [*self._command, *state, "run", "--bundle", str(self._folder), self._folder.name]

    def _accept(self, listener: socket.socket) -> socket.socket:
        """The launcher's call, or the fault of a runtime that ended before it came."""
        deadline = time.monotonic() + START_SECONDS
        with listener:
            while not _is_ready(listener.fileno(), 100):
                if self.has_ended() or time.monotonic() > deadline:
                    raise fault("container", self._process.returncode, self.last_words())
            link, _ = listener.accept()
        self.inside = struct.unpack("3i", link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        self._inner = os.pidfd_open(self.inside)
        return link

    def has_ended(self) -> bool:
        """Its first process, by which all inside lives; the runtime has some clearing up to do after that."""
        inside = self._inner >= 0 and _is_ready(self._inner, 0)
        return inside or self._process.poll() is not None

    def kill(self) -> None:
        """The first process inside, with which the container ends; the runtime is left to clear up."""
        if self._inner < 0:
            self._process.terminate()
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._inner, signal.SIGKILL)

    def last_words(self) -> str:
        """An engine passes on what is printed inside, so its own end is waited for."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=LEAVING_SECONDS)
        return tail(self._words)

    def close(self) -> None:
        self._undo.close()

    def _end(self) -> None:
        """The container ends by itself once the link is closed; else it is killed, its runtime at last."""
        for harder in (self.kill, self._process.kill, None):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=LEAVING_SECONDS)
                break
            if harder is not None:
                harder()
        if self._inner >= 0:
            os.close(self._inner)
            self._inner = -1


def _is_ready(descriptor: int, milliseconds: int) -> bool:
    """Whether there is something to read, or the process behind a pidfd has ended."""
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(milliseconds))


def _make_empty_image(command: list[str]) -> None:
    """An engine insists on an image; ours has nothing in it, for everything is bound."""
    if (
        subprocess.run([*command, "image", "inspect", IMAGE], capture_output=True, check=False).returncode
        == 0
    ):
        return
    empty = io.BytesIO()
    with tarfile.open(fileobj=empty, mode="w") as archive:
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
    made = subprocess.run(
        [*command, "import", "-", IMAGE], input=empty.getvalue(), capture_output=True, check=False
    )
    if made.returncode:
        raise WallFault("container", made.returncode, made.stderr.decode().strip()[-500:])


def _sweep() -> None:
    """Folders of workers that were killed; their containers ended with the link."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        worker = folder.name.removeprefix(PREFIX).split("-")[0]
        if worker.isdigit() and not Path(f"/proc/{worker}").exists():
            shutil.rmtree(folder, ignore_errors=True)
