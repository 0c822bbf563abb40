"""The code of a certificate: nobody guesses it, and somebody can copy it from paper.

Four groups of four out of 31 letters and digits that are not mistaken for each other. Fifteen are random, 74
bits; the last is a check. Weights that differ modulo the prime 31 let it catch every single wrong letter and
every two that were swapped (as in ISBN-10; Verhoeff, Error Detecting Decimal Codes, 1969).
"""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 16
GROUP = 4


def new_code() -> str:
    """A fresh code, as `7QKD-M2XA-9TFW-4H3P`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return grouped(drawn + check_letter(drawn))


def grouped(letters: str) -> str:
    """The letters as they are printed."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def check_letter(drawn: str) -> str:
    """What must follow `drawn`."""
    total = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(drawn, start=1))
    return ALPHABET[total % len(ALPHABET)]


def read_code(typed: str) -> str | None:
    """`typed` as it is stored, whatever its case, spaces and hyphens; None if it cannot be a code."""
    letters = "".join(mark for mark in typed.upper() if mark.isalnum())
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return grouped(letters) if check_letter(letters[:-1]) == letters[-1] else None
