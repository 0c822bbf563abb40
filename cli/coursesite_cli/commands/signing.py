"""`login` and `logout`: a token of the site, kept where only its owner reads it."""

from __future__ import annotations

import getpass
import webbrowser

from .. import config
from ..api import Site
from ..config import Account
from ..trouble import Exit, refused
from ..words import _
from .context import Context

NEEDED = ("read", "submit")


def login(context: Context) -> Exit:
    """Ask for the site and a token of it, try the token, keep it."""
    options, terminal = context.options, context.terminal
    path = config.config_file(context.environment)
    stored = config.read(path)
    named = options.address or options.site
    offered = config.chosen_site(named=named, environment=context.environment, config=stored)
    asks = terminal.input.isatty() and not options.token_stdin
    site = offered if named or not asks else config.site_address(ask_site(context, offered))
    if config.in_the_open(site):
        terminal.note(
            _("Cuidado: %(site)s no va cifrado; por el camino se puede leer tu clave.") % {"site": site}
        )
    page = f"{site}/accounts/tokens/"
    if asks:
        terminal.note(_("Crea una clave con los permisos «read» y «submit» en %(page)s") % {"page": page})
        if options.browser:
            webbrowser.open(page)
    token = (getpass.getpass(_("Clave: ")) if asks else terminal.input.readline()).strip()
    if not token or any(sign.isspace() or not sign.isascii() for sign in token):
        raise refused(_("Eso no es una clave. Crea una en %(page)s") % {"page": page}, "bad_token")
    me = Site(Account(site, token), say=terminal.note).get("me/")
    stored.site, stored.tokens[site] = site, token
    config.write(path, stored)
    lacking = [scope for scope in NEEDED if scope not in (me["scopes"] or [])]
    if lacking:
        text = _("A la clave le falta %(scopes)s: no podrás hacerlo todo.")
        terminal.note(text % {"scopes": ", ".join(lacking)})
    terminal.say(
        _("Hola, %(name)s. Has entrado en %(site)s.") % {"name": me["name"] or me["email"], "site": site}
    )
    terminal.answer({"site": site} | me)
    return Exit.PASSED


def ask_site(context: Context, offered: str) -> str:
    """The address that the person types, or the one offered."""
    print(_("Sitio [%(site)s]: ") % {"site": offered}, end="", file=context.terminal.err, flush=True)
    return context.terminal.input.readline().strip() or offered


def logout(context: Context) -> Exit:
    """Forget the token of the site. It goes on working until it is revoked there."""
    path = config.config_file(context.environment)
    stored = config.read(path)
    site = config.chosen_site(named=context.options.site, environment=context.environment, config=stored)
    if stored.tokens.pop(site, None) is None:
        raise refused(_("No habías entrado en %(site)s.") % {"site": site}, "no_token")
    if stored.site == site:
        stored.site = next(iter(stored.tokens), "")
    config.write(path, stored)
    page = f"{site}/accounts/tokens/"
    text = _(
        "Esta máquina ya no tiene tu clave de %(site)s. Si la copiaste a otra parte, revócala en %(page)s"
    )
    context.terminal.say(text % {"site": site, "page": page})
    context.terminal.answer({"site": site})
    return Exit.PASSED
