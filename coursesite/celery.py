"""The Celery application. Queues are named by capability and urgency: `cpu.submit`, `cpu.run`, …"""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursesite.settings")

app = Celery("coursesite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Celery closes each thread's database connection around every task, unless it is told to keep it for a number
# of them; Django then says which are too old or broken.
app.conf["CELERY_DB_REUSE_MAX"] = 10_000


@task_prerun.connect
def close_old_connections(**_signal: Any) -> None:
    """Before a task: what a request does before it begins."""
    from django.db import close_old_connections

    close_old_connections()
