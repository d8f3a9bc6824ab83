"""Draws what aggregation.py measured.

usage: aggregation_plots.py AGGREGATION_JSON DIRECTORY
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

import style

LABELS = {
    "thresh": "Thresh's Aggregator",
    "protobuf": "protobuf C++, OpenSSL",
    "arena": "the same in an arena",
    "python": "Python, aws_kinesis_agg",
}


def draw(axes: Axes, case: dict) -> None:
    names = [name for name in LABELS if name in case]
    rates = [case[name]["million_records_per_second"]["best"] for name in names]
    colors = [
        style.entrant_color("thresh-1") if name == "thresh" else style.LIMIT
        for name in names
    ]
    axes.barh(range(len(names)), rates, color=colors, height=0.7)
    for row, (name, rate) in enumerate(zip(names, rates)):
        text = f"{rate:.3g}"
        if name != "thresh":
            ratio = case[name]["thresh_is_times_as_fast"]["best"]
            text += f"  (Thresh {ratio:.{0 if ratio >= 10 else 1}f}x)"
        axes.annotate(
            text, (rate, row), xytext=(4, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(range(len(names)), [LABELS[name] for name in names])
    axes.invert_yaxis()
    axes.set_xlim(0, max(rates) * 1.15)
    axes.set_xlabel("million user records a second, one thread")
    style.only_left_grid(axes, "x")


def plot(results: dict, directory: Path) -> None:
    figure, grid = plt.subplots(2, 2, figsize=(12, 6.5), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97), hspace=0.08)
    for axes, (name, case) in zip(grid.flat, results["packing"].items()):
        draw(axes, case)
        axes.set_title(f"Packing {name}")
    style.caption(figure, results)
    style.save(figure, directory, "aggregation")


def main() -> None:
    plot(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
