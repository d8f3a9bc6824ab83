"""How every plot looks: colors, names, and how it is saved."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

# Colors of Okabe and Ito, which the color-blind can tell apart.
THRESH = "#0072B2"
THRESH_DARK = "#004a75"
THRESH_LIGHT = "#7fb8da"
LIMIT = "#555555"
PEERS = {
    "protobuf": "#D55E00",
    "arena": "#E69F00",
    "java": "#009E73",
    "go": "#56B4E9",
    "node": "#CC79A7",
    "python": "#8c8c00",
}
PEER_NAMES = {
    "protobuf": "C++ protobuf + OpenSSL",
    "arena": "C++ protobuf arena",
    "java": "Java KCL",
    "go": "Go",
    "node": "Node",
    "python": "Python",
}
DATASETS = {
    "small": "#0072B2",
    "medium": "#D55E00",
    "tiny": "#009E73",
    "varied": "#CC79A7",
    "varied-nohash": "#E69F00",
}

plt.rcParams.update(
    {
        "font.size": 10,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "legend.frameon": False,
        # Text stays text: small files, and fonts of whoever looks.
        "svg.fonttype": "none",
        "svg.hashsalt": "thresh",
    }
)


def entrant_name(name: str) -> str:
    if name in PEER_NAMES:
        return PEER_NAMES[name]
    jobs = name.removeprefix("thresh-")
    return f"Thresh, {jobs} job{'' if jobs == '1' else 's'}"


def entrant_color(name: str) -> str:
    if name in PEERS:
        return PEERS[name]
    return THRESH if name == "thresh-1" else THRESH_DARK


def rate_text(value: float) -> str:
    if value >= 10:
        return f"{value:.0f}"
    if value >= 1:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def size_text(count: float) -> str:
    for power, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= power:
            return f"{count / power:.3g} {unit}"
    return f"{count:.0f} B"


def caption(figure: Figure, results: dict) -> None:
    """One line below the plot: what it was measured on."""
    machine = results["machine"]
    text = (
        f"{machine['cpu'].get('model', 'unknown processor')}, {machine['cores']} cores,"
        f" {machine['system']}; best of {results['rounds']} rounds,"
        f" {results['date'][:10]}"
    )
    if results["quick"]:
        text += "; QUICK RUN, not for quoting"
    figure.text(0.01, 0.005, text, fontsize=8, color="#666666", va="bottom")


def binary_size_text(count: float) -> str:
    for shift, unit in ((20, "MiB"), (10, "KiB")):
        if count >= 1 << shift:
            return f"{count / (1 << shift):.3g} {unit}"
    return f"{count:.0f} B"


def log_scale(axes: Axes, which: str) -> None:
    """A logarithmic axis with plain figures."""
    getattr(axes, f"set_{which}scale")("log")
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def end_labels(axes: Axes, x: float, labels: list[tuple[float, str, str]]) -> None:
    """Writes (value, text, color) at x, none over another.

    Limits and scales of the axes must be set; the labels are pushed up where
    they would touch.
    """
    axes.figure.draw_without_rendering()
    scale, where = axes.transData, axes.transData.inverted()
    height = 1.25 * plt.rcParams["font.size"] * axes.figure.dpi / 72
    lowest = float("-inf")
    for value, text, color in sorted(labels):
        lowest = max(scale.transform((x, value))[1], lowest + height)
        y = where.transform((0, lowest))[1]
        axes.text(x, y, text, va="center", color=color)


def only_left_grid(axes: Axes, axis: str) -> None:
    axes.grid(True, axis=axis)
    axes.tick_params(length=0, which="both")


def save(figure: Figure, directory: Path, name: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    # No date in the file: the same results are to give the same bytes.
    figure.savefig(directory / f"{name}.svg", metadata={"Date": None})
    figure.savefig(directory / f"{name}.png", dpi=100)
    plt.close(figure)
