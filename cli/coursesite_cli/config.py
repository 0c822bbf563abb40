"""Which site, and with which token: from the environment, else from a file that only its owner reads."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .trouble import no_contact, refused
from .words import _

DEFAULT_SITE = "http://localhost:8000"
LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Account:
    """A site and the token that it knows somebody by."""

    site: str
    token: str = field(repr=False)


@dataclass
class Config:
    """The file: the site last signed in to, and a token for each."""

    site: str = ""
    tokens: dict[str, str] = field(default_factory=dict, repr=False)


def config_file(environment: Mapping[str, str]) -> Path:
    """Where the platform keeps such things."""
    if own := environment.get("COURSESITE_CONFIG_DIR"):
        return Path(own) / "config.json"
    if sys.platform == "win32":
        base = Path(environment.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "coursesite" / "config.json"


def read(path: Path) -> Config:
    """The file, or an empty one where there is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Config(str(told["site"]), {str(site): str(token) for site, token in told["tokens"].items()})
    except FileNotFoundError:
        return Config()
    except OSError as fault:
        raise refused(
            _("No se puede leer %(path)s: %(why)s") % {"path": path, "why": fault.strerror}
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        text = _("%(path)s no se entiende. Bórralo y entra otra vez: coursesite login") % {"path": path}
        raise refused(text, "bad_config") from None


def write(path: Path, config: Config) -> None:
    """Store it whole or not at all; nobody else may read it, not even for a moment."""
    told = json.dumps({"site": config.site, "tokens": config.tokens}, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".config-")  # made with mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(told)
        Path(name).replace(path)
    except OSError as fault:
        raise refused(
            _("No se puede escribir %(path)s: %(why)s") % {"path": path, "why": fault.strerror}
        ) from None


def site_address(text: str) -> str:
    """An address as people type it, as `scheme://host[:port][/folder]`. https unless it is this machine."""
    text = text.strip()
    if "://" not in text:
        host = urlsplit(f"//{text}").hostname or ""
        text = f"{'http' if host in LOCAL else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.username or any(sign.isspace() for sign in text):
        raise refused(_("«%(text)s» no es la dirección de un sitio.") % {"text": text}, "bad_site")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def in_the_open(site: str) -> bool:
    """Whether a token sent there can be read on its way."""
    parts = urlsplit(site)
    return parts.scheme == "http" and parts.hostname not in LOCAL


def chosen_site(*, named: str | None, environment: Mapping[str, str], config: Config) -> str:
    """The site of the option, of the environment, the one last signed in to, or this machine's."""
    wanted = named or environment.get("COURSESITE_SITE") or config.site or DEFAULT_SITE
    return site_address(wanted)


def account(*, named: str | None, environment: Mapping[str, str]) -> Account:
    """Who asks whom. A stored token goes to the site it was made for and to no other."""
    token = environment.get("COURSESITE_TOKEN", "").strip()
    config = Config() if token and environment.get("COURSESITE_SITE") else read(config_file(environment))
    site = chosen_site(named=named, environment=environment, config=config)
    token = token or config.tokens.get(site, "")
    if not token:
        raise no_contact(
            _("No has entrado en %(site)s. Entra con: coursesite login %(site)s") % {"site": site}, "no_token"
        )
    return Account(site, token)
