"""ASGI entry point, served by uvicorn."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursesite.settings")

pages = get_asgi_application()

from django.conf import settings  # noqa: E402  (named by the line above)

from .gate import Gate  # noqa: E402
from .threads import KeptThreads  # noqa: E402

application = Gate(KeptThreads(pages, most_idle=8), most_bytes=settings.REQUEST_MAX_BYTES)
