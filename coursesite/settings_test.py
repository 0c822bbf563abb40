"""Settings for the tests: the real ones, with fast password hashing and unhashed static names."""

import os
import tempfile

os.environ.setdefault("COURSESITE_VAR_DIR", tempfile.mkdtemp(prefix="coursesite-test-"))
if side := os.environ.pop(
    "PYTEST_XDIST_WORKER", ""
):  # each has its own database, Redis and files; what it starts is none
    os.environ["COURSESITE_VAR_DIR"] = os.path.join(os.environ["COURSESITE_VAR_DIR"], side)  # noqa: PTH118
    os.makedirs(os.environ["COURSESITE_VAR_DIR"], exist_ok=True)  # noqa: PTH103

from .settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):  # noqa: F405
    # a file, so that a real worker in its own process works on the same rows
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # noqa: F405
