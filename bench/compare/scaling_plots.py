"""Draws what scaling.py measured.

usage: scaling_plots.py SCALING_JSON DIRECTORY
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

import style

SWEEPS = {
    "input_bytes": ("Size of the input", style.size_text),
    "files": ("Number of files", lambda value: f"{value:,.0f}"),
    "blob_bytes": ("Size of blobs", style.binary_size_text),
    "record_bytes": ("Size of records", style.size_text),
}
LINES = {"files": ("mapped files", style.THRESH), "pipe": ("a pipe", "#D55E00")}


def lines_of(points: list[dict]) -> dict[str, list[dict]]:
    kinds = dict.fromkeys(point["input"] for point in points)
    return {kind: [p for p in points if p["input"] == kind] for kind in kinds}


def prepare(axes: Axes, points: list[dict], text_of) -> None:
    axes.set_xscale("log")
    values = sorted({point["value"] for point in points})
    axes.set_xticks(values, [text_of(value) for value in values], rotation=35)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.12)
    style.only_left_grid(axes, "y")


def draw_rate(axes: Axes, points: list[dict]) -> None:
    for above, (kind, line) in zip((True, False), lines_of(points).items()):
        name, color = LINES[kind]
        values = [point["value"] for point in line]
        best = [point["gb_per_second"]["best"] for point in line]
        axes.plot(values, best, "o-", color=color, linewidth=2, label=name)
        for value, rate in zip(values, best):
            axes.annotate(
                style.rate_text(rate),
                (value, rate),
                xytext=(0, 6 if above else -6),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
                color=color,
                size=8.5,
            )
    axes.set_ylim(0, axes.get_ylim()[1] * 1.12)


def draw_memory(axes: Axes, points: list[dict]) -> None:
    for kind, line in lines_of(points).items():
        name, color = LINES[kind]
        values = [point["value"] for point in line]
        peak = [point["peak_rss_bytes"] / 1e6 for point in line]
        own = [point["peak_rss_anon_bytes"] / 1e6 for point in line]
        axes.plot(values, peak, "o-", color=color, linewidth=2, label=name)
        axes.plot(values, own, "o--", color=color, label=f"{name}: own memory")
    style.log_scale(axes, "y")


def plot_process(results: dict, directory: Path) -> None:
    figure, grid = plt.subplots(
        2, len(SWEEPS), figsize=(15, 7.2), sharey="row", layout="constrained"
    )
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))
    for (upper, lower), (name, (title, text_of)) in zip(grid.T, SWEEPS.items()):
        points = results["sweeps"][name]
        for axes in (upper, lower):
            prepare(axes, points, text_of)
        draw_memory(lower, points)
        draw_rate(upper, points)
        upper.set_title(title)
    highest = max(
        point["gb_per_second"]["best"]
        for points in results["sweeps"].values()
        for point in points
    )
    grid[0][0].set_ylim(0, highest * 1.15)
    grid[0][0].set_ylabel("GB/s of archive, whole process")
    grid[1][0].set_ylabel("peak RSS, MB")
    grid[1][0].legend(fontsize=8.5)
    style.caption(figure, results)
    style.save(figure, directory, "process")


def main() -> None:
    plot_process(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
