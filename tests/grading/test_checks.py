"""What an operator is told before anything is graded."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from grading import wall
from grading.sandbox import Layer


def test_a_missing_layer_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Layer(
        "user namespaces", False, "EPERM: not permitted", "sysctl kernel.unprivileged_userns_clone=1"
    )
    monkeypatch.setattr(wall, "layers", lambda: [missing])
    [told] = run_checks(tags=["sandbox"])
    assert "nothing can be graded here" in told.msg
    assert told.hint == "sysctl kernel.unprivileged_userns_clone=1"


def test_a_whole_wall_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "layers", lambda: [Layer("seccomp", True, "allowed")])
    assert run_checks(tags=["sandbox"]) == []


@pytest.mark.wall
def test_this_machines_required_layers_are_found() -> None:
    assert [layer.name for layer in wall.layers() if layer.required and not layer.present] == []
