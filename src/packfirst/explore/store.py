"""The study folder: a SQLite record of what was assessed, so that a study can stop, resume and be asked."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import cast

from packfirst.errors import InputError
from packfirst.explore.records import Brief, StudyRecord

FORMAT = 1
# Stands in the header of every file that we made (sqlite.org/fileformat2.html, 1.3): "pkf1". So a file of
# somebody else's is known before SQLite touches it.
MARK = 0x706B6631
_HEADER, _MARK_AT = b"SQLite format 3\x00", 68
_FILES = ("study.sqlite", "study.sqlite-wal", "study.sqlite-shm")
_WAIT_S = 2.0
_SCHEMA = (
    "create table meta (key text primary key, value text not null)",
    """create table candidate (
      key text primary key, describe text not null, integration text not null, carrier text not null,
      thermal_path text not null, lid_interface text not null, floorplan text not null, state text not null,
      joint_probability real not null, binding text, record text not null)""",
    """create table metric (candidate text not null, name text not null, value real not null, unit text not null,
      primary key (candidate, name))""",
    """create table "limit" (candidate text not null, id text not null, discipline text not null,
      kind text not null, subject text not null, mode text not null, demand real not null, capacity real not null,
      unit text not null, hard integer not null, probability real not null, sigma real not null,
      primary key (candidate, id))""",
)


class Study:
    """An open study folder. Use as a context manager."""

    def __init__(self, folder: Path, identity: Mapping[str, str]) -> None:
        """Opens or makes the folder; one that could not be made whole is taken away again.

        Raises
        ------
        InputError
            The folder cannot be written, holds another study (another Program, catalog or seed), a newer
            format, or something that is not a study.
        """
        self.file = folder / _FILES[0]
        made = _make_folder(folder)
        is_new = not _is_ours(self.file)
        try:
            with _clear_errors(self.file):
                self._db = sqlite3.connect(self.file, timeout=_WAIT_S)
                try:
                    if is_new:
                        self._create(identity)
                    else:
                        self._check(identity)
                    self._db.execute("pragma journal_mode = wal")
                    self._db.execute("pragma synchronous = normal")
                except BaseException:
                    self._db.close()
                    raise
        except BaseException:
            if is_new:
                _remove([*(folder / name for name in _FILES)], made)
            raise

    def __enter__(self) -> "Study":
        return self

    def __exit__(self, *exception: object) -> None:
        with suppress(sqlite3.Error):
            self._db.close()

    def _create(self, identity: Mapping[str, str]) -> None:
        with self._db:
            self._db.execute("begin exclusive")
            self._db.execute(f"pragma application_id = {MARK}")
            for statement in _SCHEMA:
                self._db.execute(statement)
            rows = [("format", str(FORMAT)), *identity.items()]
            self._db.executemany("insert into meta values (?, ?)", rows)

    def _check(self, identity: Mapping[str, str]) -> None:
        meta = _meta(self._db, self.file)
        other = [key.replace("_", " ") for key, value in identity.items() if meta.get(key) != value]
        if other:
            raise InputError.one(
                str(self.file),
                f"holds a study with another {' and another '.join(other)}; choose another folder with --out, "
                "or --fresh to start over",
            )

    def known(self) -> dict[str, Brief]:
        """Brief records of all candidates that are in the study, by key."""
        with _clear_errors(self.file):
            rows = self._db.execute("select key, record from candidate").fetchall()
            return {key: json.loads(text) for key, text in rows}

    def add(self, records: Iterable[Brief]) -> None:
        """Writes brief records, all or none.

        Raises
        ------
        InputError
            The disk is full or went away.
        """
        with _clear_errors(self.file), self._db:
            for record in records:
                self._write(record)

    def _write(self, record: Brief) -> None:
        binding, family, key = record["binding"], record["family"], record["key"]
        self._db.execute(
            "insert or replace into candidate values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, record["describe"], family[0], family[1], record["thermal_path"], record["lid_interface"],
                record["floorplan"], record["state"], record["joint_probability"],
                None if binding is None else binding["id"], _json(record),
            ),
        )  # fmt: skip
        self._db.executemany(
            "insert or replace into metric values (?, ?, ?, ?)",
            [(key, name, item["value"], item["unit"]) for name, item in record["metrics"].items()],
        )
        self._db.executemany(
            'insert or replace into "limit" values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [
                (
                    key, x["id"], x["discipline"], x["kind"], x["subject"], x["mode"], x["demand"], x["capacity"],
                    x["unit"], int(x["hard"]), x["probability"], x["sigma"],
                )
                for x in record["limits"]
            ],
        )  # fmt: skip

    def finish(self, study: StudyRecord) -> None:
        """Keeps the study record, from which the report is made.

        Raises
        ------
        InputError
            The disk is full or went away.
        """
        with _clear_errors(self.file):
            with self._db:
                self._db.execute("insert or replace into meta values ('study', ?)", (_json(study),))
            self._db.execute("pragma wal_checkpoint(truncate)")


def read_study(folder: Path) -> StudyRecord:
    """The study record of a folder.

    Raises
    ------
    InputError
        There is no study, it was not finished, it is damaged, or its format is newer.
    """
    file = folder / _FILES[0]
    if not file.is_file() or not _is_ours(file):
        raise InputError.one(
            str(folder), "no study here; make one with 'packfirst explore PROGRAM --out FOLDER'"
        )
    with _clear_errors(file), closing(_reader(file)) as db:
        meta = _meta(db, file)
        if "study" not in meta:
            raise InputError.one(
                str(file), "the study is not finished; run the same 'packfirst explore' again to resume it"
            )
        return cast(StudyRecord, json.loads(meta["study"]))


def discard(folder: Path) -> None:
    """Removes a study's own files, and nothing that is not one.

    Raises
    ------
    InputError
        The files cannot be removed, or are not a study's.
    """
    if not _is_ours(folder / _FILES[0]):
        return
    for name in (*_FILES, "report.html"):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise InputError.one(
                str(folder / name), f"cannot be removed: {error.strerror or error}"
            ) from None


def _reader(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT_S)


def _is_ours(file: Path) -> bool:
    """Whether a file is a study of ours; False where there is none yet.

    Raises
    ------
    InputError
        It is something else, or cannot be read.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(_MARK_AT + 4)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InputError.one(str(file), f"cannot be read: {error.strerror or error}") from None
    if not head:  # made, and stopped before anything was in it
        return False
    if not head.startswith(_HEADER) or head[_MARK_AT:] != MARK.to_bytes(4, "big"):
        raise InputError.one(str(file), "is not a study; choose another folder with --out")
    return True


def _make_folder(folder: Path) -> list[Path]:
    """Makes a folder and its parents; returns those that were not there, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove([], missing)
        raise InputError.one(str(folder), f"cannot be made: {error.strerror or error}") from None
    return missing


def _remove(files: Iterable[Path], folders: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _meta(db: sqlite3.Connection, file: Path) -> dict[str, str]:
    meta = dict(db.execute("select key, value from meta"))
    found = meta.get("format", "")
    if found != str(FORMAT):
        raise InputError.one(
            str(file), f"is a study of format {found!r}; this packfirst reads {FORMAT}: use a newer packfirst"
        )
    return meta


@contextmanager
def _clear_errors(file: Path) -> Iterator[None]:
    """What SQLite and the disk complain of, as one line that says what to do."""
    try:
        yield
    except json.JSONDecodeError:
        raise InputError.one(str(file), "is damaged; start over with --fresh") from None
    except sqlite3.OperationalError as error:
        said = str(error)
        if "locked" in said:
            advice = "another packfirst is at work on it; wait, or choose another folder with --out"
        elif "no such" in said:
            advice = "is damaged; start over with --fresh"
        else:
            advice = f"cannot be written: {said}; choose a folder with room with --out"
        raise InputError.one(str(file), advice) from None
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        raise InputError.one(str(file), "is damaged; start over with --fresh") from None
    except OSError as error:
        raise InputError.one(str(file), f"cannot be written: {error.strerror or error}") from None


def _json(value: Brief | StudyRecord) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)
