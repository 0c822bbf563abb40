"""`{{ due.at|moment }}`: a moment in the reader's zone and in UTC."""

from __future__ import annotations

from datetime import datetime

from django import template

from accounts import news

register = template.Library()


@register.filter
def moment(at: datetime) -> str:
    """As `accounts.news.moment` says it."""
    return news.moment(at)
