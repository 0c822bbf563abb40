"""The eleven verdicts of a check, in the words of the design."""

from enum import StrEnum


class Verdict(StrEnum):
    """How a test group ended."""

    PASSED = "passed"
    WRONG = "wrong"
    EXCEPTION = "exception"
    DIVERGED = "diverged"
    OVER_BUDGET = "over_budget"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    FORBIDDEN = "forbidden"
    BAD_VALUE = "bad_value"
    NOT_RUN = "not_run"
