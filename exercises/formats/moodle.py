"""Moodle XML: the parts that Moodle can mark by itself, for its question bank.

A number becomes a numerical question and a formula a short answer with the spellings that are worth
accepting; what needs a kernel or a sandbox becomes an essay whose marking notes hold the solution.
The file holds the answers: it is for teachers.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from xml.etree import ElementTree

from exercises.answers import Expression, Number
from exercises.formats.html import body
from exercises.formats.page import Page, Question, Section

FILE = "sheet.xml"
SOLUTIONS = False
ANSWERS = True


def render(page: Page) -> str:
    """The questions as Moodle XML."""
    quiz = ElementTree.Element("quiz")
    category = ElementTree.SubElement(quiz, "question", type="category")
    _text(category, "category", f"$course$/{page.sheet.title.replace('/', '//')}")
    for section in page.sections:
        for question in section.questions:
            quiz.append(_question(page, section, question))
    ElementTree.indent(quiz)
    text = ElementTree.tostring(quiz, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _question(page: Page, section: Section, question: Question) -> ElementTree.Element:
    answer = question.part.answer
    kind = {Number: "numerical", Expression: "shortanswer"}.get(type(answer), "essay")
    made = ElementTree.Element("question", type=kind)
    _text(made, "name", f"{page.sheet.name}.{question.part.id} (seed {page.seed})")
    how = question.instruction if kind == "essay" else _TYPED[kind]
    text = _html(made, "questiontext", f"{question.text}\n\n{how}")
    if section.picture:
        _picture(text, section)
    _html(made, "generalfeedback", "" if kind == "essay" else question.solution)
    ElementTree.SubElement(made, "defaultgrade").text = str(question.part.points)
    ElementTree.SubElement(made, "hidden").text = "0"
    if kind == "numerical":
        _numerical(made, question)
    elif kind == "shortanswer":
        _short(made, question)
    else:
        _essay(made, question)
    for hint in question.part.hints:
        _html(made, "hint", hint)
    return made


_TYPED = {
    "numerical": "Give the number as a decimal.",
    "shortanswer": "Type the formula with `*` for every product and `**` for powers.",
}


def _numerical(made: ElementTree.Element, question: Question) -> None:
    from sympy import N, sympify

    answer = question.part.answer
    assert isinstance(answer, Number)
    value = sympify(question.part.reference(question.variant))
    # Half a unit of the last figure asked for; else what a decimal of eight figures can hold.
    relative = 0.5 * 10.0 ** (1 - answer.digits) if answer.digits else max(answer.rtol, 1e-6)
    tolerance = max(relative * abs(float(value)), answer.atol)
    right = _answer(made, 100, str(N(value, 15) if not value.is_Integer else value))
    ElementTree.SubElement(right, "tolerance").text = f"{tolerance:.6g}"
    for slip in question.part.mistakes:
        wrong = N(sympify(slip.value(question.variant)), 15)
        share = 100 * slip.credit / question.part.points
        known = _answer(made, share, str(wrong), slip.help)
        ElementTree.SubElement(known, "tolerance").text = f"{tolerance:.6g}"


def _short(made: ElementTree.Element, question: Question) -> None:
    from sympy import expand, factor, sstr, together

    ElementTree.SubElement(made, "usecase").text = "1"
    value = question.part.reference(question.variant)
    spellings: dict[str, None] = {}
    for form in (value, expand(value), factor(value), together(value)):
        for text in (sstr(form), sstr(form).replace(" ", "")):
            for spelled in (text, text.replace("**", "^")):
                spellings[spelled] = None
    for text in spellings:
        _answer(made, 100, text.replace("*", r"\*"))  # a bare star stands for any text in Moodle


def _essay(made: ElementTree.Element, question: Question) -> None:
    ElementTree.SubElement(made, "responseformat").text = "monospaced"
    ElementTree.SubElement(made, "responserequired").text = "1"
    ElementTree.SubElement(made, "responsefieldlines").text = "15"
    scheme = "\n".join(f"- {points}: {reason}" for points, reason in question.scheme)
    _html(made, "graderinfo", f"{question.solution}\n\n{scheme}")
    _html(made, "responsetemplate", f"```\n{question.part.answer.blank}\n```")


def _answer(
    made: ElementTree.Element, fraction: float, text: str, feedback: str = ""
) -> ElementTree.Element:
    found = ElementTree.SubElement(made, "answer", fraction=f"{fraction:.5g}", format="plain_text")
    ElementTree.SubElement(found, "text").text = text
    if feedback:
        _html(found, "feedback", feedback)
    return found


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(ElementTree.SubElement(parent, tag), "text").text = text


def _html(parent: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, tag, format="html")
    ElementTree.SubElement(made, "text").text = str(body(text, _tex))
    return made


def _picture(text: ElementTree.Element, section: Section) -> None:
    """Put a picture above a question; Moodle keeps the file and finds it under this address."""
    name, inner = section.file("png"), text.find("text")
    assert inner is not None
    shown = f'<p><img src="@@PLUGINFILE@@/{name}" alt="{escape(section.alt)}"></p>'
    inner.text = f"{shown}\n{inner.text}"
    file = ElementTree.SubElement(text, "file", name=name, path="/", encoding="base64")
    file.text = b64encode(section.drawn("png")).decode()


def _tex(latex: str, display: bool) -> str:
    # Moodle's own filter sets TeX; MathML is cleaned away from texts of untrusted authors.
    return escape(f"\\[{latex}\\]" if display else f"\\({latex}\\)", quote=False)
