"""Every write of the app: handing in, the life of a submission, and what the sweeper mends."""

from .handing_in import Refused, cancel, hand_in
from .life import Lease, claim, finish, give_back, is_suspect, put_back, renew, ring_next, set_aside
from .ranking import join_leaderboard, leave_leaderboard
from .sweeping import Swept, sweep

__all__ = [
    "Lease",
    "Refused",
    "Swept",
    "cancel",
    "claim",
    "finish",
    "give_back",
    "hand_in",
    "is_suspect",
    "join_leaderboard",
    "leave_leaderboard",
    "put_back",
    "renew",
    "ring_next",
    "set_aside",
    "sweep",
]
