-- Times are ISO 8601 in UTC; manifest versions are 20 digits, so that their order and equality are those of the unsigned
-- 64-bit numbers; digests are written as in the standard.

CREATE TABLE clients (
    id TEXT NOT NULL PRIMARY KEY,
    standing TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every blob once, whoever refers to it; it goes with the last row that names it.
CREATE TABLE contents (
    digest TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- The newest manifest of a client and the one before.
CREATE TABLE heads (
    client TEXT NOT NULL REFERENCES clients (id),
    version TEXT NOT NULL CHECK (length(version) = 20),
    manifest TEXT NOT NULL REFERENCES contents (digest),
    bundle TEXT REFERENCES contents (digest),
    PRIMARY KEY (client, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX heads_manifest ON heads (manifest);
CREATE INDEX heads_bundle ON heads (bundle) WHERE bundle IS NOT NULL;

CREATE TABLE head_documents (
    client TEXT NOT NULL,
    version TEXT NOT NULL,
    deployment TEXT NOT NULL,
    document TEXT NOT NULL REFERENCES contents (digest),
    PRIMARY KEY (client, version, deployment),
    FOREIGN KEY (client, version) REFERENCES heads (client, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX head_documents_document ON head_documents (document);

CREATE TABLE devices (
    client TEXT NOT NULL REFERENCES clients (id),
    id TEXT NOT NULL,
    capabilities TEXT NOT NULL REFERENCES contents (digest),
    reported TEXT NOT NULL,
    PRIMARY KEY (client, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX devices_capabilities ON devices (capabilities);

-- The chosen values are a JSON object, by parameter.
CREATE TABLE deployments (
    client TEXT NOT NULL REFERENCES clients (id),
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    name TEXT NOT NULL,
    application TEXT NOT NULL,
    application_version TEXT NOT NULL,
    profile TEXT NOT NULL,
    chosen TEXT NOT NULL,
    asked TEXT NOT NULL,
    document TEXT NOT NULL REFERENCES contents (digest),
    since TEXT NOT NULL CHECK (length(since) = 20),
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    PRIMARY KEY (client, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deployments_document ON deployments (document);

-- A report is replaced often and never shared: its bytes stay here.
CREATE TABLE statuses (
    client TEXT NOT NULL REFERENCES clients (id),
    deployment TEXT NOT NULL,
    report BLOB NOT NULL,
    received TEXT NOT NULL,
    PRIMARY KEY (client, deployment)
) STRICT, WITHOUT ROWID;

CREATE TABLE packages (
    application TEXT NOT NULL,
    version TEXT NOT NULL,
    reference TEXT NOT NULL,
    manifest TEXT NOT NULL,
    description TEXT NOT NULL REFERENCES contents (digest),
    imported TEXT NOT NULL,
    PRIMARY KEY (application, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX packages_description ON packages (description);

CREATE TABLE package_pins (
    application TEXT NOT NULL,
    version TEXT NOT NULL,
    component TEXT NOT NULL,
    artifact TEXT NOT NULL,
    PRIMARY KEY (application, version, component),
    FOREIGN KEY (application, version) REFERENCES packages (application, version)
) STRICT, WITHOUT ROWID;
