-- The vault's database, version 1, for SQLite. Each BLOB is a hash, a pseudonym, or a box that
-- src/key.rs describes; nothing in here can be read without the keyring and its root key.

CREATE TABLE vault_schema (
    version     BIGINT NOT NULL PRIMARY KEY,
    -- Public key of the vault whose keyring this database belongs to.
    vault_key   BLOB   NOT NULL
);

-- Up to where the log has been taken in; written with what was taken.
CREATE TABLE intake (
    id          BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    position    BIGINT NOT NULL
);

CREATE TABLE person (
    project     BIGINT NOT NULL,
    pseudonym   BLOB   NOT NULL,
    wrapped_key BLOB   NOT NULL,
    sealed_id   BLOB,
    PRIMARY KEY (project, pseudonym)
) WITHOUT ROWID;

-- What happened to a person's sealed fields, in order of `sequence`. What a later operation makes
-- void is deleted when that one arrives.
CREATE TABLE sealed_operation (
    project     BIGINT NOT NULL,
    pseudonym   BLOB   NOT NULL,
    sequence    BIGINT NOT NULL,
    field       TEXT   NOT NULL,
    operation   BIGINT NOT NULL,
    digest      BLOB   NOT NULL,
    sealed      BLOB   NOT NULL,
    PRIMARY KEY (project, pseudonym, sequence)
) WITHOUT ROWID;

-- `sequence` is the operation that the identifier stood in; 0 is the distinct id.
CREATE TABLE blind_index (
    project     BIGINT NOT NULL,
    hash        BLOB   NOT NULL,
    pseudonym   BLOB   NOT NULL,
    sequence    BIGINT NOT NULL,
    PRIMARY KEY (project, hash, pseudonym, sequence)
) WITHOUT ROWID;

CREATE INDEX blind_index_of_person ON blind_index (project, pseudonym, sequence);

-- Tombstones. A pseudonym in here is never given to anyone again.
CREATE TABLE erased (
    project     BIGINT NOT NULL,
    pseudonym   BLOB   NOT NULL,
    erased_at   BIGINT NOT NULL,
    PRIMARY KEY (project, pseudonym)
) WITHOUT ROWID;
