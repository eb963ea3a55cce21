"""Figures in questions: drawn for the variant, in every format, with words in their place."""

import base64
import itertools
import json
import math
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from exercises import figure
from exercises.cli import main
from exercises.discover import exercises
from exercises.formats.page import Page
from exercises.formats.render import beside, render
from exercises.sheet import Sheet, load_sheet

pytest.importorskip("matplotlib", reason="figures need matplotlib: pip install 'workings[figures]'")

DRAWN = [item for item in exercises() if item.picture]
ONE = next(item for item in DRAWN if item.id == "perceptron.by_hand")
SVG = "{http://www.w3.org/2000/svg}"


def page(item, seed=1):
    return Page(Sheet("one", item.title, (item,)), seed)


def test_several_exercises_have_figures():
    assert len(DRAWN) >= 8


@pytest.mark.parametrize("item", DRAWN, ids=lambda item: item.id)
def test_figure_is_drawn_alike_each_time_and_says_what_it_shows(item):
    variants = [item.draw(seed) for seed in range(4)]
    for variant in variants:
        first = item.picture.draw(variant, "svg")
        figure._drawn.cache_clear()
        assert item.picture.draw(variant, "svg") == first
        root = ElementTree.fromstring(first)
        assert len(list(root.iter(f"{SVG}path"))) > 5
        words = item.picture.words(variant)
        assert len(words) > 40
        assert "{{" not in words
        assert "\n" not in words


@pytest.mark.parametrize("item", DRAWN, ids=lambda item: item.id)
def test_labelled_nodes_of_a_graph_keep_apart(item):
    from matplotlib.figure import Figure

    drawn = Figure(figsize=figure.SIZE, dpi=72)  # so that a pixel is a point, as of a marker's size
    axes = drawn.add_axes(figure._PLACE)
    figure.called(item.picture.function, {**item.draw(1), "axes": axes})
    drawn.draw_without_rendering()
    nodes = [
        (axes.transData.transform(line.get_xydata()[0]), line.get_markersize())
        for line in axes.lines
        if line.get_marker() == "o" and len(line.get_xydata()) == 1 and line.get_markersize() > 15
    ]
    for (one, size), (other, _) in itertools.combinations(nodes, 2):
        assert math.dist(one, other) > size


def test_figure_follows_the_variant():
    one, other = (ONE.draw(seed) for seed in (1, 2))
    assert ONE.picture.draw(one, "svg") != ONE.picture.draw(other, "svg")
    words = ONE.picture.words(one)
    assert all(str(place) in words for place in one["data"])


def test_page_holds_the_picture_with_its_words():
    text = render(page(ONE), "html").decode()
    assert text.count('<svg role="img"') == 1
    assert "Four points in the plane" in text.split("aria-label=")[1].split(">")[0]
    assert 'xlink:href="#1-' in text
    twice = Page(Sheet("two", "Two", (ONE, DRAWN[0])), 1)
    ids = [word.split('"')[0] for word in render(twice, "html").decode().split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_markdown_and_tex_have_it_beside_them(tmp_path):
    arguments = ["sheet", "margins", "-o", str(tmp_path), "--format", "md", "--format", "tex"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    text = (tmp_path / "sheet.md").read_text(encoding="utf-8")
    assert "](perceptron-by_hand.svg)" in text
    assert (tmp_path / "perceptron-by_hand.svg").read_bytes().startswith(b"<?xml")
    assert "{perceptron-by_hand.pdf}" in (tmp_path / "sheet.tex").read_text(encoding="utf-8")
    assert (tmp_path / "perceptron-by_hand.pdf").read_bytes().startswith(b"%PDF")


def test_notebook_and_moodle_hold_it():
    book = json.loads(render(page(ONE), "ipynb"))
    held = [cell for cell in book["cells"] if cell.get("attachments")]
    ((name, kinds),) = held[0]["attachments"].items()
    assert f"(attachment:{name})" in "".join(held[0]["source"])
    assert base64.b64decode(kinds["image/png"]).startswith(b"\x89PNG")
    root = ElementTree.fromstring(render(page(ONE), "moodle").decode().split("\n", 1)[1])
    files = list(root.iter("file"))
    assert len(files) == len(ONE.parts)
    assert base64.b64decode(files[0].text).startswith(b"\x89PNG")
    assert f"@@PLUGINFILE@@/{files[0].get('name')}" in root.find("question/questiontext/text").text


def test_terminal_shows_the_words():
    output = CliRunner().invoke(main, ["exercises", "show", ONE.id, "--variant", "3"]).output
    assert f"Figure: {ONE.picture.words(ONE.draw(3))}" in output


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex (texlive-latex-base)")
@pytest.mark.parametrize(("name", "solutions"), [("margins", False), ("batchnorm", True)])
def test_tex_compiles(name, solutions, tmp_path):
    sheet = Page(load_sheet(name), 1, "Ada_L. & Söhne #1", solutions)
    for file, data in {"sheet.tex": render(sheet, "tex"), **beside(sheet, "tex")}.items():
        (tmp_path / file).write_bytes(data)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    found = subprocess.run(["kpsewhich", "listings.sty"], capture_output=True, check=False)
    if found.returncode == 0:  # without it long lines of code are not broken
        wide = re.findall(rb"Overfull \\hbox \(([\d.]+)pt", run.stdout)
        assert [points for points in wide if float(points) > 10] == []
