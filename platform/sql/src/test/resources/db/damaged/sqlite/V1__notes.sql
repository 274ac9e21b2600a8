CREATE TABLE notes (
    id TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    parent TEXT REFERENCES notes (id)
) STRICT;
