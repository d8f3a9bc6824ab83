#!/usr/bin/env python3
"""Looks at the page of `thresh stats --html` in a real browser.

    usage: look.py PROGRAM

Makes an archive, has Chromium lay the page out and draw it, compares the
document with the JSON of the same run, and looks for the plots in the picture.
Without Chromium the test is skipped (77), or fails if THRESH_REQUIRE_BROWSER
is set. KEEP_SCREENSHOT=FILE keeps the picture.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

SKIPPED = 77
WIDTH, HEIGHT = 1200, 1500
LIGHT = {"page": (0xFC, 0xFC, 0xFB), "bar": (0x26, 0x67, 0xB8)}
DARK = {"page": (0x18, 0x18, 0x17), "bar": (0x6C, 0xA6, 0xEC)}
PLOTS = 6  # three of sizes, shards, hash space, arrival times
NEXT_PLOT = 40  # rows without a bar that lie between two plots


def fail(message):
    sys.exit("look.py: " + message)


def find_browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    if os.environ.get("THRESH_REQUIRE_BROWSER"):
        fail("there is no Chromium; tools/scripts/deps.sh test installs it")
    print("skipped: there is no Chromium")
    sys.exit(SKIPPED)


def make_page(program, directory):
    """Writes page.html of a random archive; returns the JSON of the same run."""
    archive = os.path.join(directory, "archive")
    page = os.path.join(directory, "page.html")
    subprocess.run(
        [program, "generate", "-q", "-o", archive, "--records", "30000",
         "--record-size", "20..2kB", "--keys", "300", "--key-distribution",
         "zipf", "--container", "lambda-json", "--plain", "0.1"],
        check=True)
    run = subprocess.run(
        [program, "stats", archive, "--json", "--html", page],
        check=True, stdout=subprocess.PIPE)
    return json.loads(run.stdout)


def browse(browser, directory, *options):
    profile = tempfile.mkdtemp(dir=directory)
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu",
        "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--hide-scrollbars",
        "--user-data-dir=" + profile, f"--window-size={WIDTH},{HEIGHT}",
        *options, "file://" + os.path.join(directory, "page.html")]
    run = subprocess.run(command, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, timeout=240)
    if run.returncode != 0:
        fail(f"Chromium: status {run.returncode}:\n{run.stderr.decode()}")
    return run.stdout.decode()


def check_document(dom, stats):
    keys = stats["partition_keys"]
    wanted = [
        f"<b>{stats['summary']['user_records']:,}</b>",
        f"<b>{stats['summary']['kinesis_records']:,}</b>",
        f"<b>{keys['distinct']:,}</b>",
        f"{stats['aggregation']['bytes_saved_by_key_table']:,}</td>",
        f"median {stats['data_bytes']['p50']:,},",
    ]
    wanted += [f">{key['key']}</bdi>" for key in keys["by_records"]]
    wanted += [f"<title>{shard['shard']}: {shard['records']:,}</title>"
               for shard in stats["hash_keys"]["shards"]]
    for text in wanted:
        if text not in dom:
            fail(f"the document lacks {text}")
    if dom.count("<svg") != PLOTS:
        fail(f"{dom.count('<svg')} plots instead of {PLOTS}")
    bars = [float(height) for height in
            re.findall(r'<rect class="bar"[^>]* height="([0-9.]+)"', dom)]
    if len(bars) < 150 or max(bars) < 100:
        fail(f"{len(bars)} bars, the highest of {max(bars, default=0)}")


def paeth(left, up, corner):
    estimate = left + up - corner
    distances = (abs(estimate - left), abs(estimate - up),
                 abs(estimate - corner))
    return (left, up, corner)[distances.index(min(distances))]


def unfiltered(kind, row, above, step):
    """A row of PNG's filtered bytes as it was (PNG, section 9)."""
    if kind == 0:
        return row
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(row, above))
    for i, byte in enumerate(row):
        left = row[i - step] if i >= step else 0
        if kind == 1:
            predicted = left
        elif kind == 3:
            predicted = (left + above[i]) // 2
        else:
            corner = above[i - step] if i >= step else 0
            predicted = paeth(left, above[i], corner)
        row[i] = (byte + predicted) & 255
    return row


def read_png(path):
    """The rows of a picture of 8-bit RGB or RGBA, and bytes for a pixel."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        fail("the screenshot is no PNG")
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlaced = struct.unpack(
                ">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + size
    if depth != 8 or color not in (2, 6) or interlaced:
        fail(f"a PNG of depth {depth}, color type {color}")
    step = 3 if color == 2 else 4
    raw = zlib.decompress(packed)
    rows, above = [], bytearray(width * step)
    for y in range(height):
        begin = y * (width * step + 1)
        row = bytearray(raw[begin + 1:begin + 1 + width * step])
        above = unfiltered(raw[begin], row, above, step)
        rows.append(bytes(above))
    return rows, step


def bands(rows, step, color, begin, end):
    """How many groups of rows have `color` between two columns."""
    wanted, count, empty = bytes(color), 0, NEXT_PLOT
    for row in rows:
        part = row[begin * step:end * step]
        if wanted in part:
            count += empty >= NEXT_PLOT
            empty = 0
        else:
            empty += 1
    return count


def check_picture(path, colors):
    rows, step = read_png(path)
    if (len(rows), len(rows[0])) != (HEIGHT, WIDTH * step):
        fail(f"a picture of {len(rows[0]) // step} x {len(rows)}")
    seen = {row[i:i + 3] for row in rows[::3]
            for i in range(0, len(row), 3 * step)}
    if len(seen) < 20:
        fail(f"only {len(seen)} colors in the picture")
    if rows[0][:3] != bytes(colors["page"]):
        fail(f"the page's color is {tuple(rows[0][:3])}")
    for side, begin, end in (("left", 0, WIDTH // 2),
                             ("right", WIDTH // 2, WIDTH)):
        found = bands(rows, step, colors["bar"], begin, end)
        if found < PLOTS // 2:
            fail(f"{found} plots are drawn on the {side}")


def main():
    browser = find_browser()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        stats = make_page(sys.argv[1], directory)
        check_document(browse(browser, directory, "--dump-dom"), stats)
        for name, colors, options in (
                ("light", LIGHT, []),
                ("dark", DARK, ["--blink-settings=preferredColorScheme=0"])):
            picture = os.path.join(directory, name + ".png")
            browse(browser, directory, "--screenshot=" + picture, *options)
            if os.environ.get("KEEP_SCREENSHOT"):
                shutil.copy(picture,
                            os.environ["KEEP_SCREENSHOT"] + f".{name}.png")
            check_picture(picture, colors)
    print("The page shows what the numbers say.")


main()
