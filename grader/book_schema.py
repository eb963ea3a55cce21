"""The gradebook's tables, how they are opened, and what is said when they cannot be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateColumn

from grader.refusal import RefusalError

LAYOUT = 3
MAX_NAME = 200
WAIT_SECONDS = 30
# Layout 1 had no table that names it.
FIRST_COLUMNS = {"id", "student", "sheet", "digest", "points", "out_of", "report", "graded"}


class BookError(RefusalError):
    """The gradebook cannot do what was asked; the message says why."""


class Moment(TypeDecorator[datetime]):
    """A moment, kept and given back in UTC whether or not the database knows time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as it is kept."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as it was."""
        if value is None:
            return None
        naive = value.tzinfo is None
        result: datetime = value.replace(tzinfo=UTC) if naive else value.astimezone(UTC)
        return result


metadata = MetaData()
layout = Table("layout", metadata, Column("version", Integer, primary_key=True))
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student", String(MAX_NAME), nullable=False, index=True),
    Column("sheet", String(MAX_NAME), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("points", Float, nullable=False),
    Column("out_of", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("graded", Moment, nullable=False),
    Column("received", Moment),
    Column("terms", Text),
    UniqueConstraint("student", "sheet", "digest"),
)
replaced = Table(
    "replaced",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt", ForeignKey("attempts.id"), nullable=False),
    Column("report", Text, nullable=False),
    Column("made", Moment, nullable=False),
)
overrides = Table(
    "overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt", ForeignKey("attempts.id"), nullable=False),
    Column("part", String(MAX_NAME), nullable=False),
    Column("points", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Moment, nullable=False),
)
hints = Table(
    "hints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student", String(MAX_NAME), nullable=False, index=True),
    Column("sheet", String(MAX_NAME), nullable=False),
    Column("part", String(MAX_NAME), nullable=False),
    Column("count", Integer, nullable=False),
    Column("made", Moment, nullable=False),
)
extensions = Table(
    "extensions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student", String(MAX_NAME), nullable=False),
    Column("sheet", String(MAX_NAME), nullable=False),
    Column("until", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Moment, nullable=False),
)


def opened(url: str, create: bool, wait: float) -> Engine:
    """The database of a URL or a path, with the tables of a gradebook.

    Raises:
        BookError: it cannot be opened, is none, or was made by a newer version.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        _check_place(address.database or "", create)
    with explained(address):
        try:
            options = {"timeout": wait} if address.get_backend_name() == "sqlite" else {}
            engine = create_engine(address, connect_args=options)
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise BookError(_no_driver(address, error)) from error
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _keep_references)
        try:
            _prepare(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


@contextlib.contextmanager
def explained(address: URL) -> Iterator[None]:
    """What goes wrong with the database, in words that help."""
    try:
        yield
    except SQLAlchemyError as error:
        raise BookError(_reason(address, error)) from error


def _address(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise BookError(
            f"{url!r} is no address of a database; give a file such as marks.db, or "
            "postgresql://user@host/database"
        ) from error
    if address.drivername in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    return address


def _check_place(path: str, create: bool) -> None:
    place = Path(path)
    if path in ("", ":memory:") or path.startswith("file:"):
        return
    if place.is_dir():
        raise BookError(f"{path} is a folder; give a file in it, such as {place / 'marks.db'}")
    if not place.exists() and not create:
        raise BookError(f"there is no gradebook {path}; `grade class/ --book {path}` makes one")
    if not place.parent.is_dir():
        raise BookError(f"there is no folder {place.parent} for the gradebook {place.name}")


def _prepare(engine: Engine) -> None:
    """Make what is missing; several programs may try at the same time."""
    for attempt in range(5):
        try:
            if _is_current(engine):
                return
            with engine.begin() as connection:
                _bring_up(connection)
        except SQLAlchemyError:
            # Another one may have made the same table a moment before.
            if attempt == 4 or _refuses(engine):
                raise
    if not _is_current(engine):
        raise BookError("the gradebook's tables could not be made; try again")


def _refuses(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            inspect(connection).get_table_names()
    except SQLAlchemyError:
        return True
    return False


def _is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if "layout" not in tables:
            _check_ours(connection, tables)
            return False
        version = connection.execute(select(func.max(layout.c.version))).scalar()
    if version is not None and version > LAYOUT:
        raise BookError(
            f"this gradebook has layout {version}, and this version of workings knows layouts up "
            f"to {LAYOUT}; update workings (nothing was changed)"
        )
    return version == LAYOUT


def _check_ours(connection: Connection, tables: set[str]) -> None:
    """Refuse a database that somebody else keeps other things in."""
    if "attempts" in tables:
        columns = {column["name"] for column in inspect(connection).get_columns("attempts")}
        ours = columns >= FIRST_COLUMNS
    else:
        # A server's database may be shared; a file with other tables is another program's.
        ours = not tables or connection.dialect.name != "sqlite"
    if not ours:
        raise BookError("this database belongs to another program; give the gradebook its own")


def _bring_up(connection: Connection) -> None:
    """From no tables, or from an older layout, to this one; the version is written last."""
    metadata.create_all(connection)
    present = {column["name"] for column in inspect(connection).get_columns("attempts")}
    for column in (attempts.c.received, attempts.c.terms):
        if column.name not in present:
            words = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE attempts ADD COLUMN {words}")
    connection.execute(layout.delete())
    connection.execute(layout.insert().values(version=LAYOUT))


def _keep_references(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def _no_driver(address: URL, error: Exception) -> str:
    if address.drivername == "postgresql+psycopg":
        return (
            "a gradebook on PostgreSQL needs the package psycopg; get it with: "
            "python -m pip install 'workings[postgres]'"
        )
    return f"the gradebook {_shown(address)} needs a driver that is not installed: {error}"


def _reason(address: URL, error: SQLAlchemyError) -> str:
    shown = _shown(address)
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    if "file is not a database" in said:
        return f"{shown} is not a gradebook; it is a file of another kind (nothing was changed)"
    if "readonly" in said or "read-only" in said:
        return f"the gradebook {shown} cannot be written; check the file's and the folder's rights"
    if "locked" in said:
        return f"the gradebook {shown} is in use by another program; try again when it is done"
    if address.get_backend_name() == "sqlite" and "unable to open" in said:
        return f"the gradebook {shown} cannot be opened; check the file's and the folder's rights"
    return f"the gradebook {shown} cannot be used: {said.partition(chr(10))[0]}"


def _shown(address: URL) -> str:
    if address.get_backend_name() == "sqlite":
        return address.database or "in memory"
    return address.render_as_string(hide_password=True)
