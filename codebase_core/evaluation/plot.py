"""The scores as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core.errors import PlotUnavailable

if TYPE_CHECKING:
    from .report import Evaluation

FORMATS = (".png", ".svg")


def plot(evaluations: Sequence[Evaluation], path: Path, *, k: int) -> None:
    """Write bars of NDCG, overall and by category, one colour a variant; raise PlotUnavailable without matplotlib."""
    if path.suffix not in FORMATS:
        raise PlotUnavailable(f"cannot draw {path}", hint=f"end the name with {' or '.join(FORMATS)}")
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra, and half a second
    except ImportError as exc:
        raise PlotUnavailable("matplotlib is not installed", hint="pip install 'codebase-core[plot]'") from exc
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    categories = sorted({name for each in evaluations for name in each.by_category})
    groups = ["overall", *categories]
    figure, axes = plt.subplots(figsize=(2.5 + 1.2 * len(groups), 4), layout="constrained")
    width = 0.8 / len(evaluations)
    for number, each in enumerate(evaluations):
        scores = {"overall": each.overall, **each.by_category}
        heights = [scores[name].ndcg if name in scores else 0.0 for name in groups]
        places = [index - 0.4 + width * (number + 0.5) for index in range(len(groups))]
        bars = axes.bar(places, heights, width * 0.95, label=each.name)
        axes.bar_label(bars, fmt="%.3f", fontsize=7)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_ylim(0, 1.05)
    axes.set_ylabel(f"NDCG@{k}")
    figure.legend(loc="outside upper left", fontsize=8, ncols=3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    try:
        figure.savefig(path, dpi=150)
    except OSError as exc:
        raise PlotUnavailable(f"cannot write {path}: {exc.strerror}", hint="name a folder that exists") from exc
    finally:
        plt.close(figure)
