-- Times are milliseconds since 1970 in UTC. {{id}} is the engine's generated
-- number. What is said here holds for SQLite and PostgreSQL alike.

-- Where items come from: a content entry, a feed. Origins, sources and channels
-- are known again by their name or by their address.
CREATE TABLE origin (
	name       TEXT   NOT NULL PRIMARY KEY,
	address    TEXT   NOT NULL DEFAULT '',
	generation BIGINT NOT NULL DEFAULT 0 CHECK (generation >= 0), -- 0 before it is read
	first_read BIGINT,
	seen       BIGINT
);

CREATE TABLE source (
	name    TEXT NOT NULL PRIMARY KEY,
	address TEXT NOT NULL
);

CREATE TABLE channel (
	name    TEXT NOT NULL PRIMARY KEY,
	address TEXT NOT NULL
);

-- Where a channel was before, and where it is now.
CREATE TABLE former (
	address TEXT NOT NULL PRIMARY KEY,
	moved   TEXT NOT NULL
);

-- Every item that was ever seen; never deleted.
CREATE TABLE item (
	origin     TEXT   NOT NULL REFERENCES origin (name) ON UPDATE CASCADE,
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
CREATE INDEX item_url ON item (url);
CREATE INDEX item_seen ON item (source, first_seen);

-- Which source an announcement takes where, and since when.
CREATE TABLE route (
	announcement TEXT   NOT NULL,
	source       TEXT   NOT NULL,
	address      TEXT   NOT NULL,
	since        BIGINT NOT NULL,
	PRIMARY KEY (announcement, source, address)
);

-- Until when the schedule of an announcement was carried out.
CREATE TABLE tick (
	announcement TEXT   NOT NULL PRIMARY KEY,
	at           BIGINT NOT NULL
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
	kind         TEXT   NOT NULL CHECK (kind IN ('post', 'edit', 'retract', 'publish', 'pin', 'thread', 'member')),
	-- What an edit, retraction or follower is about, and the digest that a member
	-- is part of: NULL while it waits for one.
	target       BIGINT REFERENCES act (id),
	origin       TEXT   NOT NULL,
	announcement TEXT   NOT NULL,
	state        TEXT   NOT NULL CHECK (state IN ('owed', 'held', 'sending', 'sent', 'uncertain', 'failed', 'skipped')),
	reason       TEXT   NOT NULL,
	body         TEXT,
	-- What a member is about, for composing its digest.
	item         TEXT,
	-- News waits while a channel is quiet; everything else does not.
	news         BIGINT NOT NULL DEFAULT 0 CHECK (news IN (0, 1)),
	-- Whether what a follower is about has been said.
	ready        BIGINT NOT NULL DEFAULT 0 CHECK (ready IN (0, 1)),
	-- Until when the act waits for the page that it links to, and what then.
	page_until   BIGINT,
	page_missing TEXT   NOT NULL DEFAULT '' CHECK (page_missing IN ('', 'say', 'hold', 'skip')),
	message_id   TEXT   NOT NULL DEFAULT '',
	attempts     BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
	fence        BIGINT NOT NULL DEFAULT 0,
	created      BIGINT NOT NULL,
	not_before   BIGINT NOT NULL,
	useful_until BIGINT,
	tried        BIGINT,
	done         BIGINT,
	UNIQUE (subject, address, occasion),
	CHECK (kind <> 'post' OR target IS NULL),
	CHECK (kind IN ('post', 'member') OR target IS NOT NULL),
	CHECK (reason <> '' OR state IN ('owed', 'sending', 'sent')),
	CHECK (body IS NOT NULL OR state NOT IN ('owed', 'held', 'sending')),
	CHECK (fence > 0 OR kind = 'member' OR state NOT IN ('sending', 'sent', 'uncertain')),
	CHECK (message_id <> '' OR NOT (kind = 'post' AND state = 'sent')),
	CHECK ((done IS NULL) = (state IN ('owed', 'held', 'sending')))
);
CREATE INDEX act_owed ON act (address, not_before, id) WHERE state = 'owed' AND kind IN ('post', 'edit', 'retract');
CREATE INDEX act_follower ON act (not_before, id) WHERE state = 'owed' AND ready = 1;
CREATE INDEX act_member ON act (announcement, address) WHERE state = 'owed' AND kind = 'member' AND target IS NULL;
CREATE INDEX act_sending ON act (id) WHERE state = 'sending';
CREATE INDEX act_useful ON act (useful_until) WHERE state IN ('owed', 'held');
CREATE INDEX act_target ON act (target) WHERE target IS NOT NULL;
CREATE INDEX act_body ON act (done) WHERE body IS NOT NULL;
CREATE INDEX act_pace ON act (announcement, address, not_before) WHERE kind = 'post';
CREATE INDEX act_state ON act (state, id);

-- Acts that a person wants tried again; the speaker picks them up.
CREATE TABLE request (
	act BIGINT NOT NULL PRIMARY KEY REFERENCES act (id),
	at  BIGINT NOT NULL
);

-- How each feed was doing, and who is asking it. It is due at once where due is
-- NULL.
CREATE TABLE feed (
	source        TEXT   NOT NULL PRIMARY KEY,
	address       TEXT   NOT NULL,
	cursor        TEXT   NOT NULL,
	due           BIGINT,
	owner         TEXT   NOT NULL DEFAULT '',
	claimed_until BIGINT NOT NULL DEFAULT 0,
	polled        BIGINT,
	good          BIGINT,
	changed       BIGINT,
	failures      BIGINT NOT NULL,
	since         BIGINT,
	err           TEXT   NOT NULL,
	told          BIGINT NOT NULL CHECK (told IN (0, 1)),
	notice        TEXT   NOT NULL
);

-- Small things that platforms remember: an offset, a budget, a button's state.
CREATE TABLE memory (
	key   TEXT   NOT NULL PRIMARY KEY,
	value TEXT   NOT NULL,
	until BIGINT
);
CREATE INDEX memory_until ON memory (until) WHERE until IS NOT NULL;
