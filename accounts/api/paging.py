"""Pages by cursor: rows that come in meanwhile neither repeat nor hide others."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class ByCursor(CursorPagination):
    """Newest first, 50 a page, at most 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-pk",)
