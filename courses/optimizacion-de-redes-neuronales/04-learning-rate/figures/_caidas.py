"""Seven schedules as the share of the largest η at step k of T."""

import numpy as np

NAMES = {
    "constant": "constante",
    "root": "1/√k",
    "steps": "escalones",
    "onecycle": "one-cycle",
    "cosine": "coseno",
    "linear": "lineal",
    "wsd": "WSD",
}


def eta_share(name: str, k: float, total: int) -> float:
    """η at step k over its maximum; the steps divide by ten each third, the plateau of WSD is 80 %."""
    u = k / total
    match name:
        case "root":
            return 1 / np.sqrt(1 + 20 * u)
        case "steps":
            return 0.1 ** int(3 * u)
        case "onecycle":
            return 0.04 + 0.96 * u / 0.3 if u < 0.3 else (1 + np.cos(np.pi * (u - 0.3) / 0.7)) / 2
        case "cosine":
            return (1 + np.cos(np.pi * u)) / 2
        case "linear":
            return 1 - u
        case "wsd":
            return min(1.0, (1 - u) / 0.2)
        case _:
            return 1.0
