"""Draws what compare.py measured.

usage: plots.py COMPARE_JSON DIRECTORY
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

import style


def shown_entrants(dataset: dict) -> list[str]:
    """Thresh with one job and with all, and the peers."""
    results = dataset["results"]
    thresh = [name for name in results if results[name]["family"] == "thresh"]
    peers = [name for name in results if results[name]["family"] == "peer"]
    return list(dict.fromkeys([thresh[-1], thresh[0], *peers]))


def draw_peers(axes: Axes, name: str, dataset: dict, names: list[str]) -> None:
    smallest = 0.005
    for row, entrant in enumerate(names):
        result = dataset["results"].get(entrant)
        if result is None or "gb_per_second" not in result:
            why = f"differs in {result['differs_in']}" if result else "did not run"
            axes.text(smallest * 1.1, row, why, va="center", color="#888888", size=9)
            continue
        rate = result["gb_per_second"]["best"]
        axes.barh(row, rate, color=style.entrant_color(entrant), height=0.72)
        text = style.rate_text(rate)
        records = result["million_records_per_second"]["best"]
        text += f"  ({style.rate_text(records)} M/s)"
        axes.text(rate * 1.08, row, text, va="center", size=9)
    axes.set_xscale("log")
    axes.set_xlim(smallest, 100)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.set_yticks(range(len(names)), [style.entrant_name(n) for n in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_title(name, pad=16)
    axes.text(0, 1.02, dataset["recipe"], transform=axes.transAxes, size=8)
    axes.set_xlabel("GB/s of archive, logarithmic")
    style.only_left_grid(axes, "x")


def plot_peers(results: dict, directory: Path) -> None:
    datasets = results["datasets"]
    names = shown_entrants(next(iter(datasets.values())))
    figure, grid = plt.subplots(3, 2, figsize=(12, 11), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.025, 1, 0.97), hspace=0.06)
    figure.suptitle(
        "Verified de-aggregation: GB/s of archive (million user records a second)",
        fontsize=13,
    )
    for axes, (name, dataset) in zip(grid.flat, datasets.items()):
        draw_peers(axes, name, dataset, names)
    for axes in grid.flat[len(datasets) :]:
        axes.axis("off")
        axes.text(
            0,
            0.9,
            "Peers run on one thread (the collectors of Java and Go\n"
            "may use more). Each of them is timed only on data of\n"
            "which it finds the same user records as Thresh.",
            va="top",
            color="#555555",
        )
    style.caption(figure, results)
    style.save(figure, directory, "peers")


def plot_scaling(results: dict, directory: Path) -> None:
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.04, 1, 0.96))
    most = 1
    labels = []
    for name, dataset in results["datasets"].items():
        points = sorted(
            (result["jobs"], result["gb_per_second"]["best"])
            for result in dataset["results"].values()
            if result["family"] == "thresh" and "gb_per_second" in result
        )
        jobs, rates = zip(*points)
        most = max(most, jobs[-1])
        color = style.DATASETS.get(name)
        axes.plot(jobs, rates, "o-", color=color, linewidth=2)
        axes.plot(jobs, [rates[0] * j for j in jobs], ":", color=color, linewidth=1)
        text = f"{name}: {rates[0]:.2f} to {rates[-1]:.2f}"
        labels.append((rates[-1], text, color))
    axes.set_xticks(range(1, most + 1))
    axes.set_xlim(0.9, most * 1.45)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("jobs")
    axes.set_ylabel("GB/s of archive")
    axes.set_title("Thresh over worker threads (dotted: one job's rate times jobs)")
    style.only_left_grid(axes, "y")
    style.end_labels(axes, most * 1.03, labels)
    style.caption(figure, results)
    style.save(figure, directory, "scaling")


# White around the figures, as they may lie on the line of a limit.
VALUE_ON_BAR = {
    "xytext": (0, 2.5),
    "textcoords": "offset points",
    "ha": "center",
    "va": "bottom",
    "size": 8.5,
    "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.5},
}


def draw_limits(axes: Axes, results: dict, target: str) -> None:
    """Lines, named above the axes, where nothing can lie under the names."""
    hot = results["limits"][f"md5@{target}"]["gb_per_second"]["best"]
    memory = results["limits"]["memory_read"]["gb_per_second"]["best"]
    axes.axhline(hot, color=style.LIMIT, linestyle="--", linewidth=1.2)
    text = f"dashed: MD5 of messages in the cache, {style.rate_text(hot)}"
    # Where memory is many times as fast, its line would flatten all else.
    if memory < 1.5 * hot:
        axes.axhline(memory, color=style.LIMIT, linestyle=":", linewidth=1.6)
        text += f"; dotted: reading memory, {style.rate_text(memory)}"
    axes.set_title(text, loc="right", size=9, weight="normal", color=style.LIMIT)


def bound(results: dict, target: str) -> float | None:
    """GB/s if a job did nothing but have pages mapped and compute MD5."""
    parts = [results.get(name) for name in ("pages", f"lanes@{target}")]
    if any(part is None or "gb_per_second" not in part for part in parts):
        return None
    return 1 / sum(1 / part["gb_per_second"]["best"] for part in parts)


def draw_bounds(axes: Axes, datasets: dict, target: str) -> None:
    label = "MD5 lanes and page table, one after the other"
    for place, dataset in enumerate(datasets.values()):
        rate = bound(dataset["results"], target)
        if rate is not None:
            axes.hlines(rate, place, place + 0.4, color=style.LIMIT, label=label)
            label = None


def draw_target(axes: Axes, results: dict, target: str) -> None:
    datasets = results["datasets"]
    kinds = (("lanes", "MD5 lanes alone", style.THRESH_LIGHT),)
    kinds += (("thresh-1", "whole job, 1 job", style.THRESH),)
    for offset, (kind, label, color) in zip((-0.2, 0.2), kinds):
        for place, dataset in enumerate(datasets.values()):
            result = dataset["results"].get(f"{kind}@{target}")
            if result is None or "gb_per_second" not in result:
                continue
            rate = result["gb_per_second"]["best"]
            at = place + offset
            bar_label = label if place == 0 else None
            axes.bar(at, rate, width=0.38, color=color, label=bar_label)
            axes.annotate(style.rate_text(rate), (at, rate), **VALUE_ON_BAR)
    draw_bounds(axes, datasets, target)
    draw_limits(axes, results, target)
    axes.set_xticks(range(len(datasets)), [n.replace("-", "-\n") for n in datasets])
    axes.set_title(target)
    style.only_left_grid(axes, "y")


def plot_roofline(results: dict, directory: Path) -> None:
    limits = results["limits"]
    if "memory_read" not in limits:
        return  # there was not enough memory to read
    targets = [n.removeprefix("md5@") for n in limits if n.startswith("md5@")]
    # SSSE3 is SSE4 in all that matters here.
    targets = [target for target in targets if target != "SSSE3"]
    columns = 2
    rows = -(-len(targets) // columns)
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(12, 3.6 * rows + 0.8),
        layout="constrained",
        squeeze=False,
    )
    figure.get_layout_engine().set(rect=(0, 0.025, 1, 0.96), hspace=0.05)
    memory = limits["memory_read"]["gb_per_second"]["best"]
    figure.suptitle(
        "What bounds Thresh on one core, by instruction set"
        f" (reading memory: {style.rate_text(memory)} GB/s)",
        fontsize=13,
    )
    for axes, target in zip(grid.flat, targets):
        draw_target(axes, results, target)
        # Each on its own scale: the slow ones would be flat.
        axes.set_ylim(top=axes.get_ylim()[1] * 1.05)
        axes.set_ylabel("GB/s of archive")
    for axes in grid.flat[len(targets) :]:
        axes.axis("off")
    handles, labels = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2)
    style.caption(figure, results)
    style.save(figure, directory, "roofline")


def plot_rss(results: dict, directory: Path) -> None:
    figure, axes = plt.subplots(figsize=(8, 5.5), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.04, 1, 0.96))
    mb = 1e6
    lines = []
    for name, points in results["memory"]["points"].items():
        sizes = [point["bytes"] / mb for point in points]
        color = style.entrant_color(name)
        peaks = [point["peak_rss_bytes"] / mb for point in points]
        axes.plot(sizes, peaks, "o-", color=color, linewidth=2)
        lines.append((peaks[-1], style.entrant_name(name), color))
        if name.startswith("thresh-"):
            own = [point["peak_rss_anon_bytes"] / mb for point in points]
            axes.plot(sizes, own, "o--", color=color, linewidth=1.5)
            text = style.entrant_name(name) + ", own memory"
            lines.append((own[-1], text, color))
    axes.plot(sizes, sizes, ":", color=style.LIMIT, linewidth=1)
    lines.append((sizes[-1], "the archive itself", style.LIMIT))
    style.log_scale(axes, "x")
    style.log_scale(axes, "y")
    axes.set_xlim(right=sizes[-1] * 6)
    style.end_labels(
        axes,
        sizes[-1] * 1.12,
        [(v, f"{text}: {style.size_text(v * mb)}", c) for v, text, c in lines],
    )
    axes.set_xticks([round(size, 1) for size in sizes])
    axes.set_xlabel(f"MB of archive (data set {results['memory']['dataset']})")
    axes.set_ylabel("peak RSS, MB")
    axes.set_title("Peak memory, the loaded or mapped archive included")
    style.only_left_grid(axes, "y")
    style.caption(figure, results)
    style.save(figure, directory, "rss")


def main() -> None:
    results = json.loads(Path(sys.argv[1]).read_text())
    directory = Path(sys.argv[2])
    for plot in (plot_peers, plot_scaling, plot_roofline, plot_rss):
        plot(results, directory)


if __name__ == "__main__":
    main()
