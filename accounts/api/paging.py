"""Pages by cursor: rows that come in meanwhile neither repeat nor hide others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView


class ByCursor(CursorPagination):
    """Newest first, 50 a page, at most 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    cursor_query_description = "Where the page begins: from `next` or `previous`."
    page_size_query_description = "How many a page, at most 200."
    ordering = ("-pk",)

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """A page. A cursor whose position is none of this list's is 404, as one that cannot be read."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError):
            raise NotFound(self.invalid_cursor_message) from None
