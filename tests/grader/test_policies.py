"""Deadlines, lateness and extensions."""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.deadline import Late, is_zone, moment
from exercises.sheet import Sheet, SheetError
from exercises.sheet_file import read_sheet
from grader.policies import MomentError, Terms, lateness, read_moment, terms_of

DUE = datetime(2027, 5, 10, 22, tzinfo=UTC)
LATE = Late(percent_per_day=10, days=3, grace_minutes=15)
TERMS = Terms(DUE, LATE)


@pytest.mark.parametrize(
    ("after", "days", "percent", "refused"),
    [
        (timedelta(days=-400), 0, 0, False),
        (timedelta(0), 0, 0, False),
        (timedelta(minutes=15), 0, 0, False),
        (timedelta(minutes=15, microseconds=1), 1, 10, False),
        (timedelta(days=1), 1, 10, False),
        (timedelta(days=1, microseconds=1), 2, 20, False),
        (timedelta(days=3), 3, 30, False),
        (timedelta(days=3, microseconds=1), 4, 100, True),
    ],
)
def test_each_day_that_has_begun_counts_from_the_due_time(after, days, percent, refused):
    found = lateness(TERMS, DUE + after)
    assert (found.days, found.percent, found.refused) == (days, percent, refused)
    assert found.of(12) == pytest.approx(12 - 12 * percent / 100)


def test_words():
    said = [str(lateness(TERMS, DUE + timedelta(days=d))) for d in (0, 0.5, 2, 9)]
    assert said == [
        "in time",
        "1 day late, less 10 %",
        "2 days late, less 20 %",
        "9 days late, too late to count",
    ]


def test_without_a_late_policy_lateness_is_told_and_costs_nothing():
    found = lateness(Terms(DUE), DUE + timedelta(days=2))
    assert (found.days, found.of(7)) == (2, 7)


def test_nothing_is_late_when_the_time_or_the_deadline_is_unknown():
    assert lateness(TERMS, None).days == 0
    assert lateness(Terms(), DUE).days == 0


moments = st.datetimes(datetime(2027, 4, 1), datetime(2027, 6, 30), timezones=st.just(UTC))


@given(moments, st.none() | moments, moments)
def test_an_extension_never_costs_points(received, before, after):
    old, new = lateness(TERMS, received, before), lateness(TERMS, received, after)
    if before is None or before <= after:
        assert new.of(10) >= old.of(10)


@given(moments, moments)
def test_later_never_earns_more(first, second):
    early, late = sorted((first, second))
    assert lateness(TERMS, late).of(10) <= lateness(TERMS, early).of(10)


def test_a_day_ends_with_it_and_a_time_is_the_courses():
    berlin = "Europe/Berlin"
    assert moment(date(2027, 5, 10), berlin) == DUE  # midnight in summer is 22:00 UTC
    assert moment(date(2027, 1, 10), berlin) == datetime(2027, 1, 10, 23, tzinfo=UTC)
    assert moment(datetime(2027, 5, 11), berlin) == DUE
    own = datetime(2027, 5, 10, 19, tzinfo=timezone(timedelta(hours=-3)))
    assert moment(own, berlin) == DUE
    # Without a zone it is this machine's: what the C library says of that day.
    local = datetime.fromtimestamp(datetime(2027, 5, 11).timestamp(), UTC)
    assert moment(date(2027, 5, 10)) == local


def test_what_a_person_writes():
    assert read_moment("2027-05-10", "Europe/Berlin") == DUE
    assert read_moment("20270510", "Europe/Berlin") == DUE
    assert read_moment("2027-05-11T00:00", "Europe/Berlin") == DUE
    assert read_moment("2027-05-11T00:00+02:00") == DUE
    assert read_moment("2027-05-10T22:00Z") == DUE
    for text in ("", "soon", "10.5.2027", "2027-13-01", "9999-12-31", "2027-05-10T25:00"):
        with pytest.raises(MomentError, match=r"is no date; write 2027-05-10"):
            read_moment(text, "Europe/Berlin")


def test_zones():
    assert is_zone("Europe/Berlin")
    for name in ("", "Europe", "Mars/Olympus", "../etc/passwd", 3, None):
        assert not is_zone(name)


HEAD = 'title = "T"\nexercises = ["activations.tanh_at"]\n'


def sheet_of(text):
    return read_sheet("week1", tomllib.loads(HEAD + text))


def test_a_sheet_says_its_terms():
    found = sheet_of(
        'due = 2027-05-10\ntimezone = "Europe/Berlin"\nattempts = "latest"\n'
        "late = { percent_per_day = 10, days = 3, grace_minutes = 15 }"
    )
    terms = terms_of(found)
    assert terms == Terms(DUE, LATE, "latest")
    assert Terms.from_dict(terms.as_dict()) == terms
    assert terms_of(sheet_of("")) == Terms()
    assert Terms.from_dict(Terms().as_dict()) == Terms()
    assert isinstance(found, Sheet)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (LATE, "Each day late that has begun takes 10 % of the points; more than 3 days late "
               "counts nothing; the first 15 minutes are not late."),
        (Late(days=1), "More than 1 day late counts nothing."),
        (Late(percent_per_day=50, days=0), "Late counts nothing."),
    ],
)  # fmt: skip
def test_students_read_the_policy_on_their_sheet(late, said):
    table = f"percent_per_day = {late.percent_per_day}, days = {late.days}, "
    table += f"grace_minutes = {late.grace_minutes}"
    found = sheet_of(f'due = 2027-05-10\npolicies = ["Alone."]\nlate = {{ {table} }}')
    assert found.policies == ("Alone.", said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("late = 3", "late must be a table"),
        ("late = { days = 3 }", "late needs a due date"),
        ("late = {}", "must say percent_per_day, days or both"),
        ("late = { percent = 3 }", "late has no key percent; it has percent_per_day, days"),
        ("late = { percent_per_day = 101 }", "must lie between 0 and 100; got 101"),
        ("late = { percent_per_day = nan }", "must lie between 0 and 100; got nan"),
        ("late = { days = -1 }", "late.days must lie between 0 and 365"),
        ("late = { days = 1.5 }", "late.days must be a whole number; got 1.5"),
        ("late = { days = true }", "late.days must be a whole number; got True"),
        ('late = { percent_per_day = "10" }', "must be a number; got '10'"),
        ('timezone = "Berlin"', "timezone must be the name of a time zone"),
        ('attempts = "worst"', "attempts must be best or latest"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(text, said):
    with pytest.raises(SheetError, match=said):
        sheet_of(text)
