//! The tables of the store, as numbered migrations.
//!
//! Operators look at these tables, and the judges of a drill read them with SQL of their own:
//! columns are added, not renamed.

use rusqlite_migration::{M, Migrations};

/// Each entry brings the schema from its index to the next number. Entries are never edited.
pub(super) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![M::up(FIRST)])
}

const FIRST: &str = "
CREATE TABLE container_pair (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    a_id        TEXT UNIQUE,
    b_id        TEXT UNIQUE,
    stored_hash TEXT,
    a_token     TEXT,
    b_token     TEXT
) STRICT;
CREATE TABLE item (
    pair           INTEGER NOT NULL REFERENCES container_pair(id) ON DELETE CASCADE,
    side           TEXT NOT NULL CHECK (side IN ('a', 'b')),
    id             TEXT NOT NULL,
    uid            TEXT NOT NULL,
    revision       TEXT NOT NULL,
    raw_hash       TEXT NOT NULL,
    canonical_hash TEXT NOT NULL,
    event          TEXT NOT NULL,
    title          TEXT NOT NULL,
    attendees      INTEGER NOT NULL,
    own            INTEGER NOT NULL,
    updated        TEXT,
    PRIMARY KEY (pair, side, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE mapping (
    pair    INTEGER NOT NULL REFERENCES container_pair(id) ON DELETE CASCADE,
    uid     TEXT NOT NULL,
    a_id    TEXT NOT NULL,
    b_id    TEXT NOT NULL,
    a_hash  TEXT,
    b_hash  TEXT,
    a_raw   TEXT,
    b_raw   TEXT,
    a_event TEXT,
    b_event TEXT,
    PRIMARY KEY (pair, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE intent (
    id      TEXT PRIMARY KEY,
    run     INTEGER NOT NULL,
    pair    INTEGER NOT NULL,
    slot    TEXT NOT NULL,
    side    TEXT NOT NULL CHECK (side IN ('a', 'b')),
    uid     TEXT NOT NULL,
    change  TEXT NOT NULL,
    payload BLOB NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('stored', 'done', 'failed'))
) STRICT, WITHOUT ROWID;
CREATE INDEX intent_open ON intent (pair) WHERE state = 'stored';
CREATE TABLE unresolved (
    pair  INTEGER NOT NULL REFERENCES container_pair(id) ON DELETE CASCADE,
    slot  TEXT NOT NULL,
    error TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (pair, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE hold (
    pair     INTEGER NOT NULL REFERENCES container_pair(id) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    line     TEXT NOT NULL,
    approvable INTEGER NOT NULL,
    rule     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    since    TEXT NOT NULL,
    approved TEXT,
    PRIMARY KEY (pair, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
    id      INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended   TEXT,
    exit    INTEGER,
    summary TEXT
) STRICT;
CREATE TABLE removed (
    run   INTEGER NOT NULL,
    pair  INTEGER NOT NULL,
    at    TEXT NOT NULL,
    side  TEXT NOT NULL,
    uid   TEXT NOT NULL,
    item  TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX removed_at ON removed (at);
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    seq  INTEGER PRIMARY KEY,
    run  INTEGER NOT NULL,
    at   TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
";
