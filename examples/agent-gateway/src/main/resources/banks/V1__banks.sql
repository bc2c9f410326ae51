CREATE TABLE banks (id uuid NOT NULL DEFAULT gen_random_uuid(), name text NOT NULL);

CREATE TABLE bank_texts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    bank_id uuid NOT NULL,
    text text NOT NULL,
    words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED,
    retained_at timestamptz NOT NULL DEFAULT now()
);

-- Words have no index: @@ is not leakproof, and behind a policy such an operator uses none.
