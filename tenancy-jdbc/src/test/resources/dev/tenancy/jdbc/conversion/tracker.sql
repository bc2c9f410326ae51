-- An issue tracker: organizations have everything, keys are UUIDs, names are sometimes quoted.
CREATE TYPE issue_state AS ENUM ('open', 'in progress', 'closed');
CREATE DOMAIN hex_color AS text CHECK (VALUE ~ '^#[0-9a-f]{6}$');
CREATE TABLE locales (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text NOT NULL CONSTRAINT organizations_slug_is_free UNIQUE,
    locale text REFERENCES locales, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    email text NOT NULL, name text NOT NULL, disabled boolean NOT NULL DEFAULT false, updated_at timestamptz NOT NULL DEFAULT '2020-01-01');
CREATE UNIQUE INDEX accounts_email ON accounts (lower(email)) WHERE NOT disabled;
COMMENT ON INDEX accounts_email IS 'nobody''s address twice';
CREATE TABLE "Teams" (
    "Id" serial PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE, "Name (short)" text NOT NULL,
    UNIQUE (organization_id, "Name (short)"));
CREATE TABLE team_members (
    team_id integer NOT NULL REFERENCES "Teams" ON DELETE CASCADE, account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (team_id, account_id));
CREATE INDEX ON team_members (account_id);
CREATE TABLE projects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    lead_id uuid REFERENCES accounts ON DELETE SET NULL, code varchar(10) NOT NULL, name text NOT NULL);
ALTER TABLE projects ADD CONSTRAINT projects_code UNIQUE (organization_id, code) DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE milestones (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    title text NOT NULL, due date, UNIQUE (project_id, title) INCLUDE (due));
CREATE TABLE issues (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    number integer NOT NULL, parent_id uuid REFERENCES issues DEFERRABLE INITIALLY DEFERRED, milestone_id uuid REFERENCES milestones ON DELETE SET NULL,
    reporter_id uuid NOT NULL REFERENCES accounts ON DELETE RESTRICT, state issue_state NOT NULL DEFAULT 'open', title text NOT NULL,
    body text NOT NULL DEFAULT '', words tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || body)) STORED,
    fields jsonb NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (project_id, number));
CREATE INDEX issues_words ON issues USING gin (words);
CREATE INDEX issues_state ON issues (state, created_at DESC NULLS LAST) WHERE state <> 'closed';
CREATE INDEX issues_created ON issues USING brin (created_at);
CREATE TABLE issue_links (
    source_id uuid NOT NULL REFERENCES issues ON DELETE CASCADE, target_id uuid NOT NULL REFERENCES issues ON DELETE CASCADE,
    kind text NOT NULL, PRIMARY KEY (source_id, target_id, kind), CHECK (source_id <> target_id));
CREATE TABLE labels (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE, name text NOT NULL, color hex_color);
CREATE UNIQUE INDEX labels_name ON labels USING btree (project_id, name COLLATE "C" text_pattern_ops);
CREATE TABLE issue_labels (
    issue_id uuid REFERENCES issues ON DELETE CASCADE, label_id uuid REFERENCES labels ON DELETE CASCADE, PRIMARY KEY (issue_id, label_id));
CREATE TABLE comments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, issue_id uuid NOT NULL REFERENCES issues ON DELETE CASCADE,
    author_id uuid REFERENCES accounts ON DELETE SET NULL, reply_to bigint CONSTRAINT comments_reply REFERENCES comments ON DELETE CASCADE,
    body text NOT NULL, updated_at timestamptz NOT NULL DEFAULT '2020-01-01');
COMMENT ON CONSTRAINT comments_reply ON comments IS 'threads';
CREATE TABLE reactions (
    comment_id bigint NOT NULL REFERENCES comments ON DELETE CASCADE, account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
    emoji text NOT NULL, UNIQUE (comment_id, account_id, emoji));
ALTER TABLE reactions REPLICA IDENTITY USING INDEX reactions_comment_id_account_id_emoji_key;
CREATE TABLE attachments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), issue_id uuid REFERENCES issues ON DELETE CASCADE, comment_id bigint REFERENCES comments ON DELETE CASCADE,
    name text NOT NULL, data bytea, CHECK (num_nonnulls(issue_id, comment_id) = 1));
CREATE TABLE work_log (
    account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE, day date NOT NULL, issue_id uuid NOT NULL REFERENCES issues ON DELETE CASCADE,
    minutes integer NOT NULL, PRIMARY KEY (account_id, day, issue_id)) PARTITION BY RANGE (day);
CREATE TABLE work_log_2029 PARTITION OF work_log FOR VALUES FROM ('2029-01-01') TO ('2030-01-01');
CREATE TABLE work_log_2030 PARTITION OF work_log FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
CREATE INDEX ON work_log (issue_id, day);
CREATE TABLE webhooks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project_id uuid, url text NOT NULL, secret text NOT NULL, FOREIGN KEY (project_id) REFERENCES projects ON DELETE CASCADE);
CREATE VIEW open_issues AS SELECT i.id, p.code || '-' || i.number AS ref, i.title FROM issues i JOIN projects p ON p.id = i.project_id WHERE i.state <> 'closed';
CREATE VIEW open_issue_refs AS SELECT ref FROM open_issues;
CREATE MATERIALIZED VIEW issues_by_state AS SELECT state, count(*) FROM issues GROUP BY state;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touched BEFORE UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE comments DISABLE TRIGGER touched;

INSERT INTO locales VALUES ('de', 'Deutsch'), ('en', 'English');
INSERT INTO organizations (id, slug, locale) SELECT md5('o' || o)::uuid, 'org-' || o, 'en' FROM generate_series(1, 3) o;
INSERT INTO accounts (id, organization_id, email, name) SELECT md5('a' || o || '.' || a)::uuid, md5('o' || o)::uuid, 'a' || a || '@org' || o || '.test', 'A ' || a
    FROM generate_series(1, 3) o, generate_series(1, 10) a;
INSERT INTO "Teams" (organization_id, "Name (short)") SELECT md5('o' || o)::uuid, 'team ' || t FROM generate_series(1, 3) o, generate_series(1, 2) t;
INSERT INTO team_members SELECT t."Id", a.id FROM "Teams" t JOIN accounts a USING (organization_id);
INSERT INTO projects (id, organization_id, lead_id, code, name) SELECT md5('p' || o || '.' || p)::uuid, md5('o' || o)::uuid, md5('a' || o || '.1')::uuid, 'P' || p, 'Project ' || p
    FROM generate_series(1, 3) o, generate_series(1, 3) p;
INSERT INTO milestones (project_id, title, due) SELECT id, 'v' || m, date '2030-01-01' + m FROM projects, generate_series(1, 2) m;
INSERT INTO issues (id, project_id, number, parent_id, milestone_id, reporter_id, title)
    SELECT md5('i' || o || '.' || p || '.' || i)::uuid, md5('p' || o || '.' || p)::uuid, i, CASE WHEN i > 5 THEN md5('i' || o || '.' || p || '.' || i - 5)::uuid END,
        (SELECT m.id FROM milestones m WHERE m.project_id = md5('p' || o || '.' || p)::uuid AND m.title = 'v1'), md5('a' || o || '.2')::uuid, 'Issue ' || i
    FROM generate_series(1, 3) o, generate_series(1, 3) p, generate_series(1, 20) i;
INSERT INTO issue_links SELECT a.id, b.id, 'blocks' FROM issues a JOIN issues b ON b.project_id = a.project_id AND b.number = a.number + 1;
INSERT INTO labels (project_id, name, color) SELECT id, l, '#00ff00' FROM projects, unnest(ARRAY['bug', 'idea']) l;
INSERT INTO issue_labels SELECT i.id, l.id FROM issues i JOIN labels l USING (project_id) WHERE i.number % 3 = 0;
INSERT INTO comments (issue_id, author_id, body) SELECT i.id, i.reporter_id, 'first' FROM issues i;
INSERT INTO comments (issue_id, author_id, reply_to, body) SELECT issue_id, NULL, id, 'second' FROM comments;
INSERT INTO reactions SELECT c.id, c.author_id, '+1' FROM comments c WHERE c.author_id IS NOT NULL;
INSERT INTO attachments (issue_id, name) SELECT id, 'log.txt' FROM issues WHERE number = 1;
INSERT INTO attachments (comment_id, name) SELECT id, 'screen.png' FROM comments WHERE id % 5 = 0;
INSERT INTO work_log SELECT reporter_id, date '2029-12-20' + number, id, 30 FROM issues;
INSERT INTO webhooks (organization_id, project_id, url, secret) SELECT organization_id, id, 'https://hooks.test', 's' FROM projects;
REFRESH MATERIALIZED VIEW issues_by_state;
