"""News for the reader: the list, what they want to hear of, and no more mail at one press."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import news, selectors
from accounts.digest import reader_of
from accounts.models import NotificationKind, User
from accounts.notification_forms import ChoicesForm
from accounts.services import notifications as services

A_PAGE = 30


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """All that there is to tell, newest first, and the choices."""
    person = get_object_or_404(User, pk=request.user.pk)
    page = Paginator(selectors.notifications_of(person), A_PAGE).get_page(request.GET.get("page"))
    lines = [
        {"item": each, "sentence": news.sentence(each), "icon": news.ICONS[NotificationKind(each.kind)]}
        for each in page
    ]
    context = {"page": page, "lines": lines, "choices": selectors.choices_of(person)}
    return render(request, "accounts/notifications.html", context)


@login_required
@require_safe
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """On to what it tells of; opened, it is read."""
    person = get_object_or_404(User, pk=request.user.pk)
    found = get_object_or_404(person.notifications, pk=notification_id)
    services.mark_read(person=person, notification_id=found.pk)
    inside = url_has_allowed_host_and_scheme(found.url, allowed_hosts=None)
    return redirect(found.url if inside else "accounts:notifications")


@login_required
@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    """All of them are read."""
    services.mark_read(person=get_object_or_404(User, pk=request.user.pk))
    return redirect("accounts:notifications")


@login_required
@require_POST
def choose_notifications(request: HttpRequest) -> HttpResponse:
    """Keep what they want to hear of; a kind that does not exist is refused."""
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("No se guardó: la lista de avisos ha cambiado. Vuelve a elegir."))
    else:
        services.choose(person=get_object_or_404(User, pk=request.user.pk), **form.cleaned_data)
        messages.success(request, _("Guardado."))
    return redirect("accounts:notifications")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """No more digests, signed in or not: a button for people, one POST for mail programs (RFC 8058).

    Opening the address changes nothing, for mail scanners open every link.
    """
    person = reader_of(token)
    if person is None:
        return render(request, "accounts/unsubscribe.html", {"unknown": True}, status=404)
    if request.method == "POST":
        services.stop_mail(person=person)
    return render(request, "accounts/unsubscribe.html", {"done": request.method == "POST", "token": token})
