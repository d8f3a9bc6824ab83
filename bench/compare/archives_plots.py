"""Draws what archives.py measured.

usage: archives_plots.py ARCHIVES_JSON DIRECTORY
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

import style

LABELS = {
    "python": "Python: json,\naws_kinesis_agg",
    "libdeflate": "libdeflate alone",
    "plain": "Thresh, 1 job,\nnot compressed",
    "one_after_the_other": "those two, one\nafter the other",
}


def label(name: str, compressed: bool) -> str:
    if name in LABELS:
        return LABELS[name]
    return style.entrant_name(name) + (",\ngzip" if compressed else "")


def rate_of(result: dict) -> float:
    return result.get("gb_per_second", result)["best"]


def draw(
    axes: Axes, case: dict, names: list[str], against: str, compressed: bool
) -> None:
    names = [name for name in names if name in case]
    base = rate_of(case[against]) if against in case else None
    rates = [rate_of(case[name]) for name in names]
    colors = [
        style.LIMIT if name in LABELS else style.entrant_color(name) for name in names
    ]
    axes.barh(range(len(names)), rates, color=colors, height=0.7)
    for row, rate in enumerate(rates):
        text = style.rate_text(rate)
        if base is not None and names[row].startswith("thresh") and rate != base:
            text += f"  ({rate / base:.2g}x)"
        axes.annotate(
            text, (rate, row), xytext=(4, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(range(len(names)), [label(name, compressed) for name in names])
    axes.invert_yaxis()
    axes.set_xlim(0, max(rates) * 1.3)
    axes.set_xlabel("GB/s of content")
    style.only_left_grid(axes, "x")


def plot_archives(results: dict, directory: Path) -> None:
    cases = results["cases"]
    most = next(name for name in reversed(cases["gzip-files"]) if "thresh" in name)
    figure, grid = plt.subplots(2, 2, figsize=(12, 6.5), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97), hspace=0.08)
    panels = {
        "lambda-json": ("Lambda events, JSON and base64", "python"),
        "gzip": ("One gzip file", "one_after_the_other"),
        "lambda-json-files": ("Lambda events in 64 files", "thresh-1"),
        "gzip-files": ("64 gzip files", "thresh-1"),
    }
    others = {
        "lambda-json": ["python"],
        "gzip": ["libdeflate", "plain", "one_after_the_other"],
    }
    for axes, (name, (title, against)) in zip(grid.flat, panels.items()):
        names = [*others.get(name, []), "thresh-1"]
        names += [] if name == "gzip" else [most]
        draw(axes, cases[name], names, against, "gzip" in name)
        axes.set_title(title)
    style.caption(figure, results)
    style.save(figure, directory, "archives")


def main() -> None:
    plot_archives(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
