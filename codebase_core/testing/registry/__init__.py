"""What every registry must hold."""

from .checkouts import Checkouts
from .pages import Pages
from .records import Records
from .tokens import Tokens

__all__ = ["RegistryConformance"]


class RegistryConformance(Records, Checkouts, Pages, Tokens):
    """Records are found as written, never overwritten unseen, and every change is in the trail.

    The registry that ``context`` leads to must be empty.
    """
