CREATE TABLE alert (
	id BIGSERIAL NOT NULL,
	kind VARCHAR NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	began_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	severity DOUBLE PRECISION NOT NULL,
	detail TEXT NOT NULL,
	CONSTRAINT pk_alert PRIMARY KEY (id)
);
CREATE INDEX ix_alert_open ON alert (ended_at);
CREATE TABLE annotation (
	id BIGSERIAL NOT NULL,
	kind VARCHAR NOT NULL,
	text_nl TEXT NOT NULL,
	text_en TEXT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	from_at BIGINT NOT NULL,
	to_at BIGINT,
	made_by VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_annotation PRIMARY KEY (id)
);
CREATE TABLE audit (
	id BIGSERIAL NOT NULL,
	at BIGINT NOT NULL,
	who VARCHAR NOT NULL,
	action VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	detail TEXT NOT NULL,
	previous_hash VARCHAR NOT NULL,
	hash VARCHAR NOT NULL,
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE TABLE change (
	id BIGSERIAL NOT NULL,
	code VARCHAR NOT NULL,
	what_nl TEXT NOT NULL,
	what_en TEXT NOT NULL,
	why TEXT NOT NULL,
	kind VARCHAR NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	direction VARCHAR NOT NULL,
	expected DOUBLE PRECISION,
	state VARCHAR NOT NULL,
	registered_at BIGINT NOT NULL,
	started_at BIGINT NOT NULL,
	ramp_days INTEGER NOT NULL,
	finished_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	proposed_by VARCHAR NOT NULL,
	owner VARCHAR NOT NULL,
	customer_check TEXT NOT NULL,
	override_reason TEXT NOT NULL,
	cost_eur DOUBLE PRECISION,
	small BOOLEAN NOT NULL,
	CONSTRAINT pk_change PRIMARY KEY (id),
	CONSTRAINT uq_change_code UNIQUE (code)
);
CREATE TABLE contact (
	id BIGSERIAL NOT NULL,
	source VARCHAR NOT NULL,
	stream VARCHAR NOT NULL,
	external_id VARCHAR NOT NULL,
	version BIGINT NOT NULL,
	kind VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	happened_at BIGINT NOT NULL,
	received_at BIGINT NOT NULL,
	author_key VARCHAR,
	thread_key VARCHAR,
	case_key VARCHAR,
	language VARCHAR NOT NULL,
	text TEXT NOT NULL,
	mask_version INTEGER NOT NULL,
	themes VARCHAR NOT NULL,
	segments VARCHAR NOT NULL,
	url TEXT NOT NULL,
	engine VARCHAR NOT NULL,
	sentiment DOUBLE PRECISION,
	provenance VARCHAR NOT NULL,
	import_id BIGINT,
	import_new BOOLEAN NOT NULL,
	deleted_at BIGINT,
	CONSTRAINT pk_contact PRIMARY KEY (id),
	CONSTRAINT uq_contact_source_stream_external_id UNIQUE (source, stream, external_id)
);
CREATE INDEX ix_contact_author ON contact (author_key);
CREATE INDEX ix_contact_case ON contact (case_key);
CREATE INDEX ix_contact_happened ON contact (happened_at);
CREATE INDEX ix_contact_import ON contact (import_id) WHERE import_id IS NOT NULL;
CREATE TABLE correction (
	id BIGSERIAL NOT NULL,
	contact_id BIGINT NOT NULL,
	field VARCHAR NOT NULL,
	before VARCHAR NOT NULL,
	after VARCHAR NOT NULL,
	held_out BOOLEAN NOT NULL,
	applied BOOLEAN NOT NULL,
	made_by VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_correction PRIMARY KEY (id)
);
CREATE TABLE cursor (
	source VARCHAR NOT NULL,
	state TEXT NOT NULL,
	epoch BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_cursor PRIMARY KEY (source)
);
CREATE TABLE erasure (
	id BIGSERIAL NOT NULL,
	source VARCHAR NOT NULL,
	author_key VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	reason VARCHAR NOT NULL,
	CONSTRAINT pk_erasure PRIMARY KEY (id),
	CONSTRAINT uq_erasure_author_key_source UNIQUE (author_key, source)
);
CREATE TABLE expectation (
	id BIGSERIAL NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segment VARCHAR NOT NULL,
	mark DOUBLE PRECISION NOT NULL,
	variance DOUBLE PRECISION NOT NULL,
	n BIGINT NOT NULL,
	from_at BIGINT NOT NULL,
	source VARCHAR NOT NULL,
	CONSTRAINT pk_expectation PRIMARY KEY (id)
);
CREATE TABLE fact (
	key VARCHAR NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_fact PRIMARY KEY (key)
);
CREATE TABLE gap (
	id BIGSERIAL NOT NULL,
	source VARCHAR NOT NULL,
	stream VARCHAR NOT NULL,
	from_at BIGINT NOT NULL,
	to_at BIGINT NOT NULL,
	reason VARCHAR NOT NULL,
	CONSTRAINT pk_gap PRIMARY KEY (id)
);
CREATE TABLE import_batch (
	id BIGSERIAL NOT NULL,
	source VARCHAR NOT NULL,
	file TEXT NOT NULL,
	sha256 VARCHAR NOT NULL,
	mapping TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	finished_at BIGINT NOT NULL,
	undone_at BIGINT NOT NULL,
	received BIGINT NOT NULL,
	stored BIGINT NOT NULL,
	duplicates BIGINT NOT NULL,
	quarantined BIGINT NOT NULL,
	CONSTRAINT pk_import_batch PRIMARY KEY (id)
);
CREATE TABLE inbox (
	id BIGSERIAL NOT NULL,
	source VARCHAR NOT NULL,
	delivery_id VARCHAR NOT NULL,
	received_at BIGINT NOT NULL,
	headers TEXT NOT NULL,
	body BYTEA NOT NULL,
	state VARCHAR NOT NULL,
	CONSTRAINT pk_inbox PRIMARY KEY (id),
	CONSTRAINT uq_inbox_source_delivery_id UNIQUE (source, delivery_id)
);
CREATE INDEX ix_inbox_state ON inbox (state);
CREATE TABLE job (
	id BIGSERIAL NOT NULL,
	kind VARCHAR NOT NULL,
	arguments TEXT NOT NULL,
	state VARCHAR NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	started_at BIGINT NOT NULL,
	heartbeat_at BIGINT NOT NULL,
	finished_at BIGINT NOT NULL,
	result TEXT NOT NULL,
	CONSTRAINT pk_job PRIMARY KEY (id)
);
CREATE TABLE journey_version (
	id BIGSERIAL NOT NULL,
	journey VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	data TEXT NOT NULL,
	active BOOLEAN NOT NULL,
	made_by VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_journey_version PRIMARY KEY (id),
	CONSTRAINT uq_journey_version_journey_version UNIQUE (journey, version)
);
CREATE TABLE knots_version (
	version INTEGER NOT NULL,
	data TEXT NOT NULL,
	made_by VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_knots_version PRIMARY KEY (version)
);
CREATE TABLE meeting (
	id BIGSERIAL NOT NULL,
	at BIGINT NOT NULL,
	held BOOLEAN NOT NULL,
	notes TEXT NOT NULL,
	CONSTRAINT pk_meeting PRIMARY KEY (id)
);
CREATE TABLE one_thing (
	id BIGSERIAL NOT NULL,
	at BIGINT NOT NULL,
	guest_role VARCHAR NOT NULL,
	department VARCHAR NOT NULL,
	what_nl TEXT NOT NULL,
	what_en TEXT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	outcome TEXT NOT NULL,
	change_id BIGINT,
	CONSTRAINT pk_one_thing PRIMARY KEY (id)
);
CREATE TABLE panel (
	id BIGSERIAL NOT NULL,
	kind VARCHAR NOT NULL,
	reference VARCHAR NOT NULL,
	joined_at BIGINT NOT NULL,
	last_heard_at BIGINT NOT NULL,
	CONSTRAINT pk_panel PRIMARY KEY (id)
);
CREATE TABLE promise (
	id BIGSERIAL NOT NULL,
	code VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_promise PRIMARY KEY (id),
	CONSTRAINT uq_promise_code UNIQUE (code)
);
CREATE TABLE pulse (
	id SERIAL NOT NULL,
	version BIGINT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_pulse PRIMARY KEY (id)
);
CREATE TABLE quarantine (
	id BIGSERIAL NOT NULL,
	source VARCHAR NOT NULL,
	stream VARCHAR NOT NULL,
	received_at BIGINT NOT NULL,
	reason TEXT NOT NULL,
	connector_version VARCHAR NOT NULL,
	raw BYTEA NOT NULL,
	attempts INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	import_id BIGINT,
	CONSTRAINT pk_quarantine PRIMARY KEY (id)
);
CREATE INDEX ix_quarantine_source ON quarantine (source, state);
CREATE TABLE quote_approval (
	id BIGSERIAL NOT NULL,
	contact_id BIGINT NOT NULL,
	text TEXT NOT NULL,
	approved BOOLEAN NOT NULL,
	made_by VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_quote_approval PRIMARY KEY (id)
);
CREATE TABLE result (
	name VARCHAR NOT NULL,
	as_of BIGINT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_result PRIMARY KEY (name, as_of)
);
CREATE TABLE rollup_day (
	bucket BIGINT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segment VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	bin INTEGER NOT NULL,
	n BIGINT NOT NULL,
	w BIGINT NOT NULL,
	w2 BIGINT NOT NULL,
	m1 BIGINT NOT NULL,
	m2 BIGINT NOT NULL,
	v BIGINT NOT NULL,
	CONSTRAINT pk_rollup_day PRIMARY KEY (bucket, journey, stage, channel, segment, metric, bin)
);
CREATE TABLE rollup_hour (
	bucket BIGINT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segment VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	bin INTEGER NOT NULL,
	n BIGINT NOT NULL,
	w BIGINT NOT NULL,
	w2 BIGINT NOT NULL,
	m1 BIGINT NOT NULL,
	m2 BIGINT NOT NULL,
	v BIGINT NOT NULL,
	CONSTRAINT pk_rollup_hour PRIMARY KEY (bucket, journey, stage, channel, segment, metric, bin)
);
CREATE TABLE rollup_minute (
	bucket BIGINT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segment VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	bin INTEGER NOT NULL,
	n BIGINT NOT NULL,
	w BIGINT NOT NULL,
	w2 BIGINT NOT NULL,
	m1 BIGINT NOT NULL,
	m2 BIGINT NOT NULL,
	v BIGINT NOT NULL,
	CONSTRAINT pk_rollup_minute PRIMARY KEY (bucket, journey, stage, channel, segment, metric, bin)
);
CREATE TABLE rollup_theme (
	level VARCHAR NOT NULL,
	bucket BIGINT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	theme VARCHAR NOT NULL,
	n BIGINT NOT NULL,
	nm BIGINT NOT NULL,
	m1 BIGINT NOT NULL,
	CONSTRAINT pk_rollup_theme PRIMARY KEY (level, bucket, journey, stage, channel, theme)
);
CREATE TABLE rollup_week (
	bucket BIGINT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segment VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	bin INTEGER NOT NULL,
	n BIGINT NOT NULL,
	w BIGINT NOT NULL,
	w2 BIGINT NOT NULL,
	m1 BIGINT NOT NULL,
	m2 BIGINT NOT NULL,
	v BIGINT NOT NULL,
	CONSTRAINT pk_rollup_week PRIMARY KEY (bucket, journey, stage, channel, segment, metric, bin)
);
CREATE TABLE source_state (
	source VARCHAR NOT NULL,
	connector VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	detail TEXT NOT NULL,
	since_at BIGINT NOT NULL,
	heartbeat_at BIGINT NOT NULL,
	last_event_at BIGINT NOT NULL,
	last_stored_at BIGINT NOT NULL,
	cadence_s DOUBLE PRECISION NOT NULL,
	live BOOLEAN NOT NULL,
	wall_quotes BOOLEAN NOT NULL,
	expires_at BIGINT NOT NULL,
	budget TEXT NOT NULL,
	received BIGINT NOT NULL,
	stored BIGINT NOT NULL,
	duplicates BIGINT NOT NULL,
	quarantined BIGINT NOT NULL,
	CONSTRAINT pk_source_state PRIMARY KEY (source)
);
CREATE TABLE touchpoint (
	id BIGSERIAL NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	name_nl VARCHAR NOT NULL,
	name_en VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	moment_of_truth BOOLEAN NOT NULL,
	target DOUBLE PRECISION,
	as_is TEXT NOT NULL,
	to_be TEXT NOT NULL,
	CONSTRAINT pk_touchpoint PRIMARY KEY (id)
);
CREATE TABLE upkeep (
	source VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	place TEXT NOT NULL,
	began_at BIGINT NOT NULL,
	finished_at BIGINT NOT NULL,
	checked BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	edited BIGINT NOT NULL,
	detail TEXT NOT NULL,
	CONSTRAINT pk_upkeep PRIMARY KEY (source, kind)
);
CREATE TABLE usage (
	source VARCHAR NOT NULL,
	measure VARCHAR NOT NULL,
	hour_at BIGINT NOT NULL,
	amount BIGINT NOT NULL,
	CONSTRAINT pk_usage PRIMARY KEY (source, measure, hour_at)
);
CREATE TABLE wall (
	id BIGSERIAL NOT NULL,
	name VARCHAR NOT NULL,
	code_hash VARCHAR NOT NULL,
	code_expires_at BIGINT NOT NULL,
	token_hash VARCHAR NOT NULL,
	language VARCHAR NOT NULL,
	playlist TEXT NOT NULL,
	distance_m DOUBLE PRECISION NOT NULL,
	confirmed_by VARCHAR NOT NULL,
	confirmed_at BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	CONSTRAINT pk_wall PRIMARY KEY (id)
);
CREATE TABLE observation (
	id BIGSERIAL NOT NULL,
	contact_id BIGINT NOT NULL,
	metric VARCHAR NOT NULL,
	value DOUBLE PRECISION NOT NULL,
	count DOUBLE PRECISION NOT NULL,
	weight DOUBLE PRECISION NOT NULL,
	mark DOUBLE PRECISION,
	knots INTEGER NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segments VARCHAR NOT NULL,
	case_key VARCHAR,
	happened_at BIGINT NOT NULL,
	minute BIGINT NOT NULL,
	hour BIGINT NOT NULL,
	day BIGINT NOT NULL,
	week BIGINT NOT NULL,
	bin INTEGER NOT NULL,
	n BIGINT NOT NULL,
	w BIGINT NOT NULL,
	w2 BIGINT NOT NULL,
	m1 BIGINT NOT NULL,
	m2 BIGINT NOT NULL,
	v BIGINT NOT NULL,
	CONSTRAINT pk_observation PRIMARY KEY (id),
	CONSTRAINT fk_observation_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE INDEX ix_observation_case ON observation (case_key, metric);
CREATE INDEX ix_observation_cell ON observation (journey, stage, happened_at);
CREATE INDEX ix_observation_contact ON observation (contact_id);
CREATE TABLE placement (
	contact_id BIGINT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	by VARCHAR NOT NULL,
	confidence DOUBLE PRECISION NOT NULL,
	CONSTRAINT pk_placement PRIMARY KEY (contact_id, journey),
	CONSTRAINT fk_placement_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE promise_version (
	id BIGSERIAL NOT NULL,
	promise_id BIGINT NOT NULL,
	version INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	text_nl TEXT NOT NULL,
	text_en TEXT NOT NULL,
	journey VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	channel VARCHAR NOT NULL,
	segment VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	threshold DOUBLE PRECISION,
	share DOUBLE PRECISION,
	soft_mark DOUBLE PRECISION,
	valid_from BIGINT NOT NULL,
	valid_to BIGINT,
	reach DOUBLE PRECISION NOT NULL,
	emphasis INTEGER NOT NULL,
	floor DOUBLE PRECISION,
	campaign VARCHAR NOT NULL,
	said_where VARCHAR NOT NULL,
	link TEXT NOT NULL,
	owner VARCHAR NOT NULL,
	evidence TEXT NOT NULL,
	made_by VARCHAR NOT NULL,
	approved_by VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_promise_version PRIMARY KEY (id),
	CONSTRAINT uq_promise_version_promise_id_version UNIQUE (promise_id, version),
	CONSTRAINT fk_promise_version_promise_id FOREIGN KEY(promise_id) REFERENCES promise (id)
);
