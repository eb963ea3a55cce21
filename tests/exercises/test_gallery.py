"""The gallery: every picture draws, says what it shows, and comes out the same twice."""

import re
import subprocess
import sys
from base64 import b64decode
from html.parser import HTMLParser
from importlib.util import find_spec
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from exercises.cli import main
from exercises.discover import exercise_ids
from exercises.gallery import core
from exercises.gallery.core import FIGURES, GalleryError, Picture, number, pictures

HAS_MATPLOTLIB = find_spec("matplotlib") is not None
drawn_by_matplotlib = pytest.mark.skipif(
    not HAS_MATPLOTLIB, reason="matplotlib is not installed: pip install 'workings[figures]'"
)
NAMES = sorted(path.stem for path in FIGURES.glob("*.py") if path.stem != "__init__")
ASKED = {"activations", "gradient_descent", "perceptron", "svm", "gmm", "pca", "hmm"}
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """What the tests ask of the page: its tags with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def attributes(self, tag, name):
        return [attributes.get(name) for found, attributes in self.tags if found == tag]


@pytest.fixture(scope="module")
def drawings():
    """All pictures, drawn once."""
    return {picture.name: picture.render() for picture in pictures()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the command writes, in a process of its own."""
    folder = tmp_path_factory.mktemp("gallery") / "new"
    command = [sys.executable, "-c", "from exercises.cli import main; main()"]
    run = subprocess.run(
        [*command, "gallery", "-o", str(folder)], check=True, capture_output=True, text=True
    )
    assert run.stdout == f"wrote {len(NAMES)} figures and {folder / 'index.html'}\n"
    return folder


@drawn_by_matplotlib
def test_every_file_is_a_picture_and_every_figure_asked_for_is_there():
    assert sorted(picture.name for picture in pictures()) == NAMES
    assert {*ASKED, "optimizers", "initialization"} <= set(NAMES)


@drawn_by_matplotlib
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_draws_and_says_what_it_shows(name, drawings):
    drawing = drawings[name]
    root = ElementTree.fromstring(drawing.svg)
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text == drawing.picture.title
    assert root.find(f"{SVG}desc").text == drawing.words.alt
    assert 60 < len(drawing.words.alt) < 600
    assert 60 < len(drawing.words.caption) < 600
    assert drawing.words.alt.endswith(".")
    assert drawing.words.caption.endswith(".")
    assert drawing.picture.models
    # Something was drawn inside the axes, not only frames and labels.
    assert len(re.findall(r'id="(?:line2d|PathCollection|patch|QuadContour)', drawing.svg)) > 10
    assert not re.search(r' d="[^"]*(?:nan|inf)', drawing.svg)


@drawn_by_matplotlib
@pytest.mark.parametrize("name", NAMES)
def test_another_run_gives_the_same_bytes(name, folder, drawings):
    assert (folder / f"{name}.svg").read_bytes() == drawings[name].svg.encode()


@drawn_by_matplotlib
def test_another_run_gives_the_same_page(folder, drawings):
    from exercises.gallery.page import render_page

    page = render_page([drawings[picture.name] for picture in pictures()])
    assert (folder / "index.html").read_bytes() == page.encode()


@drawn_by_matplotlib
def test_the_page_holds_every_picture_and_needs_nothing_else(folder, drawings):
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    alts = page.attributes("img", "alt")
    assert alts == [drawings[picture.name].words.alt for picture in pictures()]
    for picture, source in zip(pictures(), page.attributes("img", "src"), strict=True):
        head, data = source.split(",")
        assert head == "data:image/svg+xml;base64"
        assert b64decode(data) == (folder / f"{picture.name}.svg").read_bytes()
    sections = page.attributes("section", "id")
    assert page.attributes("a", "href") == [f"#{name}" for name in sections]
    used = {tag for tag, _ in page.tags}
    assert not used & {"script", "link", "iframe"}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["index.html", *(f"{name}.svg" for name in NAMES)]
    )


@drawn_by_matplotlib
def test_every_colour_has_one_for_dark_pages(drawings):
    from exercises.gallery.palette import dark_scheme

    turned = set(re.findall(r"#[0-9a-f]{6}", dark_scheme()))
    for drawing in drawings.values():
        used = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", drawing.svg))
        assert used <= turned, drawing.picture.name


def luminance(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_colours_stand_out_on_light_and_on_dark():
    """The contrast that WCAG 2.1 asks of graphics is 3, that of text 4.5."""
    from exercises.gallery import palette

    for paper, colour_of in (
        (palette.PAPER, str),
        (palette._DARK[palette.PAPER], palette._DARK.get),
    ):
        for colour in (palette.BLUE, palette.VERMILLION, palette.GREEN, palette.PURPLE):
            light, dark = sorted([luminance(paper), luminance(colour_of(colour))], reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3, (paper, colour)
        for text in (palette.INK, palette.MUTED):
            light, dark = sorted([luminance(paper), luminance(colour_of(text))], reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (paper, text)


@drawn_by_matplotlib
def test_what_the_notes_print_is_what_is_drawn(drawings):
    assert "go to −1.6 and −1.28" in drawings["gradient_descent"].words.caption  # (56) and (57)
    assert "steeper than 0.25" in drawings["activations"].words.caption  # s(0) (1 - s(0))


@drawn_by_matplotlib
def test_a_user_s_settings_change_nothing(drawings):
    import matplotlib

    with matplotlib.rc_context({"lines.linewidth": 9.0, "font.size": 30.0, "axes.grid": True}):
        again = next(p for p in pictures() if p.name == "pca").render()
        assert matplotlib.rcParams["font.size"] == 30.0
    assert again.svg == drawings["pca"].svg


def test_without_matplotlib_the_command_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = CliRunner().invoke(main, ["gallery", "-o", str(tmp_path / "new")])
    assert result.exit_code == 1
    assert "pip install 'workings[figures]'" in result.output
    assert not (tmp_path / "new").exists()


@drawn_by_matplotlib
def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["gallery", "-o", str(tmp_path / "file" / "below")])
    assert result.exit_code == 1
    assert f"cannot write to {tmp_path / 'file' / 'below'}" in result.output


def test_figures_are_no_exercises():
    assert not [name for name in exercise_ids() if name.startswith("gallery")]
    assert [name for name in exercise_ids() if name.startswith("softmax.")]


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"one": SimpleNamespace()}, r"figures/one\.py must define the picture one"),
        ({"one": 3, "two": 3}, "one and two both stand at place 3"),
    ],
)
def test_badly_declared_pictures_are_refused(modules, message, monkeypatch):
    def declared(path):
        name = path.rsplit(".", 1)[1]
        if not isinstance(modules[name], int):
            return modules[name]
        draw = SimpleNamespace(__name__=name)
        return SimpleNamespace(**{name: Picture("A title", modules[name], 3.0, draw)})

    names = [SimpleNamespace(name=name) for name in modules]
    monkeypatch.setattr(core.pkgutil, "iter_modules", lambda paths: names)
    monkeypatch.setattr(core, "import_module", declared)
    with pytest.raises(GalleryError, match=message):
        pictures()


def test_numbers_have_a_minus_sign():
    assert [number(-1.28), number(-1086.4, ".0f"), number(2.0)] == ["−1.28", "−1086", "2"]
