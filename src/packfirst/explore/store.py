"""The study folder: a SQLite record of what was assessed, so that a study can stop, resume and be asked."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from packfirst.errors import InputError

FORMAT = 1
_SCHEMA = """
create table meta (key text primary key, value text not null);
create table candidate (
  key text primary key, describe text not null, integration text not null, carrier text not null,
  thermal_path text not null, lid_interface text not null, floorplan text not null, state text not null,
  joint_probability real not null, binding text, record text not null
);
create table metric (candidate text not null, name text not null, value real not null, unit text not null,
  primary key (candidate, name));
create table "limit" (candidate text not null, id text not null, discipline text not null, kind text not null,
  subject text not null, mode text not null, demand real not null, capacity real not null, unit text not null,
  hard integer not null, probability real not null, sigma real not null, primary key (candidate, id));
"""


class Study:
    """An open study folder. Use as a context manager."""

    def __init__(self, folder: Path, identity: Mapping[str, str]) -> None:
        """Opens or makes the folder.

        Raises
        ------
        InputError
            The folder cannot be written, holds another study (another Program, catalog or seed), a newer
            format, or something that is not a study.
        """
        self.folder = folder
        self.file = folder / "study.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.file)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self.file, error) from None
        try:
            self._open(identity)
        except sqlite3.Error as error:
            self._db.close()
            raise _unusable(self.file, error) from None
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> "Study":
        return self

    def __exit__(self, *exception: object) -> None:
        self._db.close()

    def _open(self, identity: Mapping[str, str]) -> None:
        tables = {name for (name,) in self._db.execute("select name from sqlite_master where type = 'table'")}
        if not tables:
            with self._db:
                self._db.executescript(_SCHEMA)
                rows = [("format", str(FORMAT)), *identity.items()]
                self._db.executemany("insert into meta values (?, ?)", rows)
            return
        if "meta" not in tables:
            raise InputError.one(
                str(self.file), "this database is not a study; choose another folder with --out"
            )
        meta = dict(self._db.execute("select key, value from meta"))
        if int(meta.get("format", 0)) > FORMAT:
            raise InputError.one(
                str(self.file), f"format {meta['format']} is newer than this packfirst reads ({FORMAT})"
            )
        for key, value in identity.items():
            if meta.get(key) != value:
                raise InputError.one(
                    str(self.file),
                    f"holds a study with another {key.replace('_', ' ')}; choose another folder with --out, "
                    "or --fresh to start over",
                )

    def known(self) -> dict[str, dict[str, object]]:
        """Brief records of all candidates that are in the study, by key."""
        return {key: json.loads(text) for key, text in self._db.execute("select key, record from candidate")}

    def add(self, records: Iterable[Mapping[str, object]]) -> None:
        """Writes brief records, all or none.

        Raises
        ------
        InputError
            The disk is full or went away.
        """
        try:
            with self._db:
                for record in records:
                    self._write(record)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self.file, error) from None

    def _write(self, record: Mapping[str, object]) -> None:
        binding = record["binding"]
        family = record["family"]
        assert isinstance(family, list)
        self._db.execute(
            "insert or replace into candidate values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record["key"], record["describe"], family[0], family[1], record["thermal_path"],
                record["lid_interface"], record["floorplan"], record["state"], record["joint_probability"],
                binding["id"] if isinstance(binding, dict) else None, json.dumps(record, sort_keys=True),
            ),
        )  # fmt: skip
        metrics, limits = record["metrics"], record["limits"]
        assert isinstance(metrics, dict) and isinstance(limits, list)
        self._db.executemany(
            "insert or replace into metric values (?, ?, ?, ?)",
            [(record["key"], name, item["value"], item["unit"]) for name, item in metrics.items()],
        )
        self._db.executemany(
            'insert or replace into "limit" values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [
                (
                    record["key"], x["id"], x["discipline"], x["kind"], x["subject"], x["mode"], x["demand"],
                    x["capacity"], x["unit"], int(x["hard"]), x["probability"], x["sigma"],
                )
                for x in limits
            ],
        )  # fmt: skip

    def finish(self, study: Mapping[str, object]) -> None:
        """Keeps the study record, from which the report is made."""
        try:
            with self._db:
                self._db.execute("insert or replace into meta values ('study', ?)", (json.dumps(study),))
            self._db.execute("pragma wal_checkpoint(truncate)")
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self.file, error) from None


def read_study(folder: Path) -> dict[str, object]:
    """The study record of a folder.

    Raises
    ------
    InputError
        There is no study, it was not finished, or its format is newer.
    """
    file = folder / "study.sqlite"
    if not file.is_file():
        raise InputError.one(
            str(folder), "no study here; make one with 'packfirst explore PROGRAM --out FOLDER'"
        )
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
            meta = dict(db.execute("select key, value from meta"))
    except sqlite3.Error as error:
        raise _unusable(file, error) from None
    if int(meta.get("format", 0)) > FORMAT:
        raise InputError.one(
            str(file), f"format {meta['format']} is newer than this packfirst reads ({FORMAT})"
        )
    if "study" not in meta:
        raise InputError.one(
            str(file), "the study is not finished; run the same 'packfirst explore' again to resume it"
        )
    found = json.loads(meta["study"])
    assert isinstance(found, dict)
    return found


def _unusable(file: Path, error: Exception) -> InputError:
    reason = str(error) or type(error).__name__
    return InputError.one(
        str(file), f"cannot be written or read: {reason}; choose a folder with room with --out"
    )
