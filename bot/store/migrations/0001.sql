-- Times are milliseconds since 1970 in UTC. {{id}} is the engine's generated
-- number. What is said here holds for SQLite and PostgreSQL alike.

-- Where items come from: a content entry, a feed.
CREATE TABLE origin (
	name       TEXT   NOT NULL PRIMARY KEY,
	generation BIGINT NOT NULL CHECK (generation > 0),
	first_read BIGINT NOT NULL,
	seen       BIGINT NOT NULL
);

-- Every item that was ever seen; never deleted.
CREATE TABLE item (
	origin     TEXT   NOT NULL REFERENCES origin (name),
	id         TEXT   NOT NULL CHECK (id <> ''),
	source     TEXT   NOT NULL,
	subject    TEXT   NOT NULL CHECK (subject <> ''),
	url        TEXT   NOT NULL,
	title      TEXT   NOT NULL,
	version    TEXT   NOT NULL,
	revision   TEXT   NOT NULL,
	first_seen BIGINT NOT NULL,
	gone       BIGINT,
	reason     TEXT   NOT NULL,
	PRIMARY KEY (origin, id)
);
CREATE INDEX item_subject ON item (subject);

-- Which source an announcement takes where, and since when.
CREATE TABLE route (
	announcement TEXT   NOT NULL,
	source       TEXT   NOT NULL,
	address      TEXT   NOT NULL,
	since        BIGINT NOT NULL,
	PRIMARY KEY (announcement, source, address)
);

-- Why something was not said.
CREATE TABLE decision (
	subject      TEXT   NOT NULL,
	announcement TEXT   NOT NULL,
	address      TEXT   NOT NULL,
	at           BIGINT NOT NULL,
	reason       TEXT   NOT NULL CHECK (reason <> ''),
	PRIMARY KEY (subject, announcement, address)
);

-- Who speaks on a platform, and until when nobody does.
CREATE TABLE platform (
	name         TEXT   NOT NULL PRIMARY KEY,
	owner        TEXT   NOT NULL,
	fence        BIGINT NOT NULL CHECK (fence > 0),
	lease_until  BIGINT NOT NULL,
	paused_until BIGINT NOT NULL DEFAULT 0
);

-- The queue of one address.
CREATE TABLE lane (
	address      TEXT   NOT NULL PRIMARY KEY,
	platform     TEXT   NOT NULL CHECK (platform <> ''),
	taken        BIGINT NOT NULL DEFAULT 0,
	paused_until BIGINT NOT NULL DEFAULT 0
);

-- The ledger. Rows are never deleted; their bodies are.
CREATE TABLE act (
	id           {{id}},
	subject      TEXT   NOT NULL CHECK (subject <> ''),
	address      TEXT   NOT NULL REFERENCES lane (address),
	occasion     TEXT   NOT NULL CHECK (occasion <> ''),
	kind         TEXT   NOT NULL CHECK (kind IN ('post', 'edit', 'retract', 'publish', 'pin', 'thread')),
	target       BIGINT REFERENCES act (id),
	origin       TEXT   NOT NULL,
	announcement TEXT   NOT NULL,
	state        TEXT   NOT NULL CHECK (state IN ('owed', 'held', 'sending', 'sent', 'uncertain', 'failed', 'skipped')),
	reason       TEXT   NOT NULL,
	body         TEXT,
	message_id   TEXT   NOT NULL DEFAULT '',
	attempts     BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
	fence        BIGINT NOT NULL DEFAULT 0,
	created      BIGINT NOT NULL,
	not_before   BIGINT NOT NULL,
	useful_until BIGINT,
	tried        BIGINT,
	done         BIGINT,
	UNIQUE (subject, address, occasion),
	CHECK ((kind = 'post') = (target IS NULL)),
	CHECK (reason <> '' OR state IN ('owed', 'sending', 'sent')),
	CHECK (body IS NOT NULL OR state NOT IN ('owed', 'held', 'sending')),
	CHECK (fence > 0 OR state NOT IN ('sending', 'sent', 'uncertain')),
	CHECK (message_id <> '' OR NOT (kind = 'post' AND state = 'sent')),
	CHECK ((done IS NULL) = (state IN ('owed', 'held', 'sending')))
);
CREATE INDEX act_owed ON act (address, not_before, id) WHERE state = 'owed';
CREATE INDEX act_sending ON act (id) WHERE state = 'sending';
CREATE INDEX act_useful ON act (useful_until) WHERE state IN ('owed', 'held');
CREATE INDEX act_target ON act (target) WHERE target IS NOT NULL;
CREATE INDEX act_body ON act (done) WHERE body IS NOT NULL;
