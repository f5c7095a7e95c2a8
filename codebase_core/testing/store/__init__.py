"""What every store must hold."""

from .abilities import Abilities
from .checkouts import Checkouts
from .isolation import Isolation
from .places import Lifecycle
from .reading import Reading
from .runs import Runs
from .writing import Writing

__all__ = ["StoreConformance"]


class StoreConformance(Lifecycle, Isolation, Writing, Runs, Reading, Abilities, Checkouts):
    """Places of projects, apart from each other; batches whole or absent; answers as computed plainly."""
