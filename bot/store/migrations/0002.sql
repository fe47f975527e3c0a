-- Items that their feed shows no more, although it shows older ones. Their pages
-- are looked at when look is due; one is lost while it answers 404 or 410.
CREATE TABLE absence (
	origin TEXT   NOT NULL,
	id     TEXT   NOT NULL,
	since  BIGINT NOT NULL,
	look   BIGINT,
	lost   BIGINT,
	PRIMARY KEY (origin, id),
	FOREIGN KEY (origin, id) REFERENCES item (origin, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX absence_look ON absence (look) WHERE look IS NOT NULL;
CREATE INDEX item_origin ON item (origin, first_seen) WHERE gone IS NULL AND reason = '';

-- Routes of a source outside are those of its feeds.
UPDATE route SET source = 'feed:' || source WHERE EXISTS (SELECT 1 FROM origin WHERE name = 'feed:' || route.source);

-- The schedule that was carried out, to know it again.
ALTER TABLE tick ADD COLUMN schedule TEXT NOT NULL DEFAULT '';
