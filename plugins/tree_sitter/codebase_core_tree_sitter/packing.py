"""Choose among the cuts: chunks of about one size, in the cheapest places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cuts import Cut

IDEAL_BYTES = 935
"""A chunk costs 1 and the square of its size in this unit, so that this size costs least a byte."""

LONGEST_BYTES = 2_000
"""Longer chunks are made of a single piece only."""

TINY_BYTES, TINY = 250, 0.7
"""A chunk of less costs up to so much more."""


def packed(cuts: Sequence[Cut], size: int) -> list[int]:
    """Return where the chunks of a file of ``size`` bytes begin, so that sizes and cuts cost least together."""
    count = len(cuts)
    places = [cut.at for cut in cuts] + [size]
    until = [0.0] * (count + 1)  # what all chunks before a place cost, and the cut there
    before = [0] * (count + 1)
    first = 0
    for place in range(1, count + 1):
        here = places[place]
        while here - places[first] > LONGEST_BYTES and first < place - 1:
            first += 1
        lowest = float("inf")
        for begin in range(place - 1, first - 1, -1):
            share = (here - places[begin]) / IDEAL_BYTES
            cost = until[begin] + share * share
            if cost < lowest:
                if here - places[begin] < TINY_BYTES:
                    cost += TINY * (1 - (here - places[begin]) / TINY_BYTES)
                    if cost >= lowest:
                        continue
                lowest, before[place] = cost, begin
        until[place] = lowest + 1 + (cuts[place].price if place < count else 0.0)
    bounds = []
    place = count
    while place:
        place = before[place]
        bounds.append(places[place])
    return bounds[::-1]
