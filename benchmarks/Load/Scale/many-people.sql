-- A company of a million people and ten thousand apps, made by the database itself: names by rule, so that two runs measure the same.
-- Variables: people, clients. Keys are not checked while rows come in by the million; they are right by construction.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

CREATE TEMP TABLE first_names AS SELECT row_number() OVER () - 1 AS n, a || b AS name
  FROM unnest(ARRAY['An','Be','Car','Da','El','Fa','Ga','Hel','In','Jo','Ka','Lu','Ma','Na','Ol','Pe','Ro','Sa','Ta','Vi']) a,
       unnest(ARRAY['na','la','ri','do','nia','ren','mir','so','lin','tus','ke','bert','ra','gi','mo','ly','za','nda','vid','ne','tor','ca','ja','ul','ette']) b;
CREATE TEMP TABLE last_names AS SELECT row_number() OVER () - 1 AS n, a || b || c AS name
  FROM unnest(ARRAY['Al','Bran','Cor','Den','Es','Fer','Gold','Har','Iver','Jan','Kow','Lind','Mor','Nor','Ols','Pet','Quin','Ras','Stein','Tor']) a,
       unnest(ARRAY['ber','ma','da','vi','ko','ste','ri','so','len','ha']) b, unnest(ARRAY['g','sen','ski','ton','ez','er','man','ino','ova','t']) c;

CREATE TEMP TABLE person AS
  SELECT i, gen_random_uuid()::text AS id, f.name AS first, l.name AS last, lower(f.name || '.' || l.name || '.' || i) AS user_name
    FROM generate_series(1, :people) i
    JOIN first_names f ON f.n = (i::bigint * 7919) % 500
    JOIN last_names l ON l.n = (i::bigint * 104729 / 17) % 2000;

INSERT INTO organizations (id, name, normalized_name, version, created_at, updated_at)
  SELECT gen_random_uuid()::text, 'org' || i, 'ORG' || i, 1, 0, 0 FROM generate_series(1, 500) i;
INSERT INTO groups (id, name, normalized_name, version, created_at, updated_at)
  SELECT gen_random_uuid()::text, 'group' || i, 'GROUP' || i, 1, 0, 0 FROM generate_series(1, 1000) i;
INSERT INTO roles (id, name, normalized_name, requires_second_factor, version, created_at, updated_at)
  SELECT gen_random_uuid()::text, 'role' || i, 'ROLE' || i, FALSE, 1, 0, 0 FROM generate_series(1, 200) i;
INSERT INTO rights (id, name, normalized_name, built_in, version, created_at, updated_at)
  SELECT gen_random_uuid()::text, 'thing' || i || ':use', 'THING' || i || ':USE', FALSE, 1, 0, 0 FROM generate_series(1, 1000) i;
CREATE TEMP TABLE g AS SELECT id, row_number() OVER (ORDER BY length(name), name) - 1 AS n FROM groups WHERE name LIKE 'group%';
CREATE TEMP TABLE r AS SELECT id, row_number() OVER (ORDER BY length(name), name) - 1 AS n FROM roles WHERE name LIKE 'role%';
CREATE TEMP TABLE p AS SELECT id, row_number() OVER (ORDER BY length(name), name) - 1 AS n FROM rights WHERE name LIKE 'thing%';
CREATE TEMP TABLE o AS SELECT id, row_number() OVER (ORDER BY length(name), name) - 1 AS n FROM organizations;
INSERT INTO group_roles (group_id, role_id) SELECT g.id, r.id FROM g, generate_series(0, 2) k, r WHERE r.n = (g.n * 3 + k) % 200;
INSERT INTO role_rights (role_id, right_id) SELECT r.id, p.id FROM r, generate_series(0, 9) k, p WHERE p.n = (r.n * 5 + k) % 1000;

INSERT INTO users (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number_confirmed, profile, security_stamp, concurrency_stamp, disabled, organization_id,
    password_reset_required, created_at, updated_at, is_administrator, email_code_enabled, two_factor_enabled, lockout_enabled, access_failed_count, number)
  SELECT person.id, user_name, upper(user_name), user_name || '@example.com', upper(user_name || '@example.com'), TRUE, FALSE,
    json_build_object('name', first || ' ' || last, 'given_name', first, 'family_name', last)::text, person.id, person.id, i % 50 = 0, o.id,
    FALSE, 1700000000000 + i::bigint * 1000, 1700000000000, FALSE, FALSE, FALSE, TRUE, 0, 1000 + i
  FROM person LEFT JOIN o ON o.n = i % 1000;
INSERT INTO user_words (word, user_id)
  SELECT word, id FROM person, LATERAL (SELECT DISTINCT unnest(ARRAY[upper(left(user_name, 64)), upper(left(user_name || '@example.com', 64)), upper(first || ' ' || last), upper(first), upper(last), i::text, 'EXAMPLE', 'COM']) AS word) w;
INSERT INTO user_groups (user_id, group_id, created_at) SELECT person.id, g.id, 0 FROM person, generate_series(0, 1) k, g WHERE g.n = (i * 7 + k) % 1000;
INSERT INTO user_roles (user_id, role_id, created_at) SELECT person.id, r.id, 0 FROM person, r WHERE r.n = i % 200;
UPDATE counters SET value = 1000 + :people WHERE name = 'user_number';

INSERT INTO clients (client_id, metadata, secrets, created_at, updated_at, version)
  SELECT 'app-' || i, replace(c.metadata, '"' || c.client_id || '"', '"app-' || i || '"'), c.secrets, c.created_at, c.updated_at, 1 FROM clients c, generate_series(1, :clients) i WHERE c.client_id = 'web';
UPDATE snapshot_versions SET version = version + 1;
ANALYZE;
