-- Control data: who may do what. Plain SQL that SQLite and PostgreSQL both take:
-- ids and times (milliseconds since 1970) as BIGINT, text as TEXT, no vendor functions.
CREATE TABLE IF NOT EXISTS projects (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    secret_hash TEXT NOT NULL UNIQUE,
    timezone TEXT NOT NULL,
    identity_mode TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS service_accounts (
    username TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    project BIGINT NOT NULL REFERENCES projects (id),
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS operators (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS enrolment_links (
    code_hash TEXT PRIMARY KEY,
    operator BIGINT NOT NULL REFERENCES operators (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY,
    operator BIGINT NOT NULL REFERENCES operators (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS group_keys (
    project BIGINT NOT NULL REFERENCES projects (id),
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (project, number),
    UNIQUE (project, name)
);
CREATE TABLE IF NOT EXISTS lookup_tables (
    project BIGINT NOT NULL REFERENCES projects (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (project, id)
);
