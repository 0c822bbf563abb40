"""From how the student's process ended, or what it raised, to a verdict and its words."""

from __future__ import annotations

import errno
import signal
from typing import Any

from grading.sandbox import Ending, Usage

from .report import JobLimits
from .spanish import THIN, integer, number, printable, seconds
from .stops import Stop
from .verdicts import Verdict

_REFUSED = {
    "network": "abrir la red",
    "ptrace": "mirar dentro de otro proceso",
    "mount": "montar un sistema de archivos",
    "file handle": "abrir un archivo saltándose su ruta",
    "namespace": "crear un espacio de nombres",
    "kernel": "tocar el núcleo del sistema",
    "io_uring": "usar io_uring",
    "keyring": "abrir el llavero del sistema",
    "clock": "cambiar el reloj",
    "syscall": "hacer una llamada vedada al sistema",
}
"""The wall's categories, completing «Tu código intentó …»."""
_REFUSED_ERRNOS = {
    errno.EPERM: "hacer algo que el sistema le niega",
    errno.EACCES: "abrir algo que no es suyo",
    errno.EROFS: "escribir en un sistema de archivos de solo lectura",
    errno.ENETUNREACH: "abrir la red",
    errno.ENETDOWN: "abrir la red",
    errno.EAFNOSUPPORT: "abrir la red",
}
_FATAL = {
    signal.SIGSEGV: "accedió a memoria ajena o abortó",
    signal.SIGBUS: "accedió a memoria ajena o abortó",
    signal.SIGABRT: "abortó",
    signal.SIGFPE: "hizo una operación aritmética no válida",
    signal.SIGILL: "ejecutó una instrucción no válida",
}


def at_step(step: int | None) -> str:
    """« en el paso 380», or nothing where no step was counted."""
    return f" en el paso {integer(step)}" if step else ""


def time_limit(limit: float, usage: Usage, step: int | None, *, granted: float = 0.0) -> Stop:
    """The student's time is up. Who had the processor meanwhile is said, because it was measured.

    `granted` is what was given on top because the machine was loaded.
    """
    text = f"Pasó de {seconds(limit)} y lo paramos{at_step(step)}."
    evidence = {"limit_seconds": limit, "cpu_seconds": round(usage.cpu_seconds, 3)}
    if granted:
        text += f" La máquina iba cargada y te dimos {seconds(granted)} más."
        evidence["granted_seconds"] = round(granted, 3)
    elif usage.cpu_seconds >= 0.6 * limit:
        text += " La máquina iba bien: el tiempo es de tu código."
    else:
        text += f" Solo {seconds(usage.cpu_seconds)} fueron de cálculo: el resto, tu código esperaba."
    return Stop(Verdict.TIME_LIMIT, text, evidence=_with_step(evidence, step))


def asked_too_much(asked: float, overall: float, step: int | None) -> Stop:
    """The judge computed for the student until the group's whole time was over."""
    text = f"Lo que tu código pidió calcular{at_step(step)} llevó {seconds(asked)}, "
    text += f"y el grupo entero tiene {seconds(overall)}."
    evidence = {"asked_seconds": round(asked, 3), "overall_seconds": overall}
    return Stop(Verdict.TIME_LIMIT, text, evidence=_with_step(evidence, step))


def cpu_limit(limits: JobLimits, step: int | None) -> Stop:
    """More processor time than allowed, on one core or on several."""
    text = f"Gastó más de {seconds(limits.cpu_seconds)} de CPU y lo paramos{at_step(step)}."
    return Stop(Verdict.TIME_LIMIT, text, evidence=_with_step({"cpu_seconds": limits.cpu_seconds}, step))


def memory_limit(
    limits: JobLimits, step: int | None, line: int | None = None, evidence: dict[str, Any] | None = None
) -> Stop:
    """More memory than allowed."""
    where = f" al reservar{at_step(step) or (f' en la línea {line}' if line else '')}" if step or line else ""
    text = f"Pasó de {integer(limits.memory_mb)}{THIN}MB{where}."
    return Stop(Verdict.MEMORY_LIMIT, text, evidence=_with_step(evidence or {}, step))


def gpu_memory_limit(limits: JobLimits, step: int | None, evidence: dict[str, Any] | None = None) -> Stop:
    """More of the GPU's memory than allowed, or than it has."""
    text = f"Pasó de {integer(limits.gpu_memory_mb)}{THIN}MB de memoria de la GPU{at_step(step)}."
    return Stop(Verdict.MEMORY_LIMIT, text, evidence=_with_step(evidence or {}, step))


def output_limit(limits: JobLimits) -> Stop:
    """Printed too much."""
    kept = "guardamos el principio y el final"
    return Stop(Verdict.OUTPUT_LIMIT, f"Imprimiste más de {integer(limits.output_kb)}{THIN}kB; {kept}.")


def forbidden(what: str, evidence: dict[str, Any] | None = None) -> Stop:
    """The wall said no. `what` completes «Tu código intentó …»."""
    text = f"Tu código intentó {what}; aquí no se puede y no hace falta."
    return Stop(Verdict.FORBIDDEN, text, evidence=evidence)


def bad_frame(reason: str) -> Stop:
    """Something on the channel that the protocol does not know."""
    return Stop(Verdict.BAD_VALUE, f"Devolviste {printable(reason, 160)}; se piden datos simples.")


def intruder() -> Stop:
    """A frame out of turn: the student's code wrote on the channel by itself."""
    text = "Tu código escribió en el canal del juez algo que no es la respuesta de tu función."
    return Stop(Verdict.BAD_VALUE, text)


def hung_up() -> Stop:
    """The process lives, but closed the socket."""
    return Stop(Verdict.EXCEPTION, "Tu código cerró el canal con el juez antes de devolver su respuesta.")


def ended(ending: Ending, usage: Usage, limits: JobLimits, step: int | None) -> Stop:
    """The process is gone before it answered."""
    if ending.out_of_gpu_memory:
        return gpu_memory_limit(limits, step)
    if ending.out_of_memory:
        return memory_limit(limits, step)
    if ending.forbidden or ending.signal == signal.SIGSYS:
        name = ending.forbidden or ""
        return forbidden(
            _REFUSED.get(name, f"usar «{printable(name, 40)}»" if name else "una llamada vedada")
        )
    beyond = ending.signal == signal.SIGKILL and usage.cpu_seconds >= 0.95 * limits.cpu_seconds
    if ending.out_of_time == "cpu" or ending.signal == signal.SIGXCPU or beyond:
        return cpu_limit(limits, step)
    if ending.signal == signal.SIGXFSZ:
        return forbidden("escribir un archivo demasiado grande")
    if ending.signal is not None:
        name, why = _signal(ending.signal)
        said = f"Tu código {why} y el sistema lo terminó" if why else "Tu código terminó el proceso"
        evidence = _with_step({"signal": name}, step)
        return Stop(Verdict.EXCEPTION, f"{said} ({name}){at_step(step)}.", evidence=evidence)
    text = "Tu código terminó el proceso antes de devolver su respuesta."
    return Stop(Verdict.EXCEPTION, text, evidence={"code": ending.code})


def raised(info: Any, source: str, limits: JobLimits, step: int | None) -> Stop:
    """What the student's code raised, as its own process tells it: data, believed only as words."""
    if type(info) is not dict:
        return intruder()
    name = _identifier(info.get("type"))
    told = info.get("kinds")
    kinds = {one for one in told if type(one) is str} if type(told) is list else set()
    message = printable(info["message"], 300) if type(info.get("message")) is str else ""
    lines = source.split("\n")
    if (syntax := _syntax(info.get("syntax"), lines)) is not None:
        text = f"Python no puede leer la línea {syntax['line']}: {message.partition(' (solution.py')[0]}."
        return Stop(Verdict.EXCEPTION, text, evidence={"type": name, **syntax})
    trace = _trace(info.get("frames"), lines)
    line = trace[-1]["line"] if trace else None
    evidence: dict[str, Any] = {"type": name, "traceback": trace}
    if line is not None:
        evidence |= {"line": line, "text": trace[-1]["text"]}
    evidence = _with_step(evidence, step)
    if "OutOfMemoryError" in kinds and "CUDA" in message:
        return gpu_memory_limit(limits, step, evidence)
    if "MemoryError" in kinds or ("RuntimeError" in kinds and "allocate memory" in message):
        return memory_limit(limits, step, line, evidence)
    number_ = info.get("errno")
    if "gaierror" in kinds:
        return forbidden("abrir la red", evidence)
    if "OSError" in kinds and type(number_) is int and number_ in _REFUSED_ERRNOS:
        network = "socket" in (evidence.get("text") or "") and number_ in (errno.EPERM, errno.EACCES)
        return forbidden("abrir la red" if network else _REFUSED_ERRNOS[number_], evidence)
    where = f" en la línea {integer(line)}" if line is not None else ""
    if name == "SystemExit":
        text = f"Tu código llamó a `sys.exit`{where} y terminó antes de devolver su respuesta."
        return Stop(Verdict.EXCEPTION, text, evidence=evidence)
    said = f": {message}" if message else "."
    return Stop(Verdict.EXCEPTION, f"Tu código lanzó `{name}`{where}{said}", evidence=evidence)


def diverged(step: int | None, what: str, since: int | None = None, rate: float | None = None) -> Stop:
    """`what` is what stopped being finite, with its verb: «la pérdida dejó de ser finita»."""
    text = f"Divergió{at_step(step)}: {what}."
    evidence: dict[str, Any] = _with_step({}, step)
    if since is not None and rate is not None:
        text += f" Desde el {integer(since)}, ‖w‖ crecía ×{number(rate, 2)} por paso."
        evidence |= {"since": since, "growth": round(rate, 4)}
    return Stop(Verdict.DIVERGED, text, evidence=evidence)


def _signal(number_: int) -> tuple[str, str]:
    try:
        known = signal.Signals(number_)
    except ValueError:
        return str(number_), ""
    return known.name, _FATAL.get(known, "")


def _with_step(evidence: dict[str, Any], step: int | None) -> dict[str, Any]:
    return evidence | {"step": step} if step else evidence


def _identifier(name: Any) -> str:
    return printable(name, 80) if type(name) is str and name else "Exception"


def _trace(frames: Any, lines: list[str]) -> list[dict[str, Any]]:
    if type(frames) is not list:
        return []
    trace = []
    for frame in frames[-12:]:
        if type(frame) is list and len(frame) == 2 and type(frame[0]) is int and 0 < frame[0] <= len(lines):
            text = printable(lines[frame[0] - 1].strip(), 160)
            trace.append({"line": frame[0], "name": _identifier(frame[1]), "text": text})
    return trace


def _syntax(syntax: Any, lines: list[str]) -> dict[str, Any] | None:
    if type(syntax) is not list or len(syntax) != 2 or type(syntax[0]) is not int:
        return None
    line = min(max(syntax[0], 1), max(len(lines), 1))
    text = lines[line - 1] if lines else ""
    offset = syntax[1] if type(syntax[1]) is int and 0 < syntax[1] <= len(text) + 1 else 1
    return {"line": line, "offset": offset, "text": printable(text[:400].replace("\t", " "), 400, lines=True)}
