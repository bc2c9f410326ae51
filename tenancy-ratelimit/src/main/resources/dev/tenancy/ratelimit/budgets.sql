-- What a tenant has spent and reserved of each budget: a row a budget, subject ('' is the whole tenant) and period. Of
-- what expired until swept_to nothing is reserved any more.
CREATE TABLE IF NOT EXISTS tenancy_budget (
    tenant_id text NOT NULL,
    budget text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    spent bigint NOT NULL DEFAULT 0,
    reserved bigint NOT NULL DEFAULT 0,
    told integer NOT NULL DEFAULT 0,
    swept_to timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (tenant_id, budget, subject, period)
) WITH (fillfactor = 50);

-- Every reservation, with the accounts in which it counts; once it has ended, it is the record of what it cost. Its state
-- is open, settled, released or expired; while it is open it has no ended_at. It has no CHECK constraints: PostgreSQL would
-- read their expressions again for each statement, which is a sixth of the time that one takes here. The functions look at
-- what they are given.
CREATE TABLE IF NOT EXISTS tenancy_budget_reservation (
    tenant_id text NOT NULL,
    id text COLLATE "C" NOT NULL,
    budgets text[] NOT NULL,
    subjects text[] NOT NULL,
    periods text[] NOT NULL,
    tag text NOT NULL,
    amount bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    charged_when_expired boolean NOT NULL,
    state text NOT NULL,
    charge bigint NOT NULL DEFAULT 0,
    late boolean NOT NULL DEFAULT false,
    reserved_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 80);

-- For what expires. Its condition is one that statements for one reservation do not have: as long as PostgreSQL thinks
-- that few are open it would take this index for them, and read all that are.
CREATE INDEX IF NOT EXISTS tenancy_budget_reservation_open
    ON tenancy_budget_reservation (tenant_id, expires_at) WHERE ended_at IS NULL;

-- Locks are taken in one order: reservations, then accounts by budget, subject and period. Reservations that somebody
-- else holds are not waited for here: whoever holds one ends it. Each statement in here sees what was committed before it.
-- Times are taken from the clock before: a condition in which it goes on is none of an index, which would be read to its end.
CREATE OR REPLACE FUNCTION tenancy_budget_expire(of_tenant text, since timestamptz, until timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    due text[];
    account record;
BEGIN
    SELECT array_agg(id) INTO due FROM (
        SELECT id FROM tenancy_budget_reservation
        WHERE tenant_id = of_tenant AND ended_at IS NULL AND expires_at > since AND expires_at <= until
        ORDER BY id FOR UPDATE SKIP LOCKED) AS late;
    IF due IS NULL THEN
        RETURN;
    END IF;
    UPDATE tenancy_budget_reservation
    SET state = 'expired', charge = CASE WHEN charged_when_expired THEN amount ELSE 0 END, ended_at = clock_timestamp()
    WHERE tenant_id = of_tenant AND id = ANY (due);
    FOR account IN
        SELECT part.budget, part.subject, part.period, sum(late.amount)::bigint AS amount, sum(late.charge)::bigint AS charge
        FROM tenancy_budget_reservation AS late,
            unnest(late.budgets, late.subjects, late.periods) AS part (budget, subject, period)
        WHERE late.tenant_id = of_tenant AND late.id = ANY (due)
        GROUP BY part.budget, part.subject, part.period
        ORDER BY part.budget COLLATE "C", part.subject COLLATE "C", part.period COLLATE "C"
    LOOP
        UPDATE tenancy_budget AS kept
        SET spent = kept.spent + account.charge, reserved = kept.reserved - account.amount
        WHERE kept.tenant_id = of_tenant AND kept.budget = account.budget AND kept.subject = account.subject
            AND kept.period = account.period;
    END LOOP;
END
$$;

-- Locks these accounts, and those in which something expired, in the order of locks, and takes off what expired. Says
-- whether there may be more room than before.
--
-- It does not look at what expired before these accounts were swept, unless it is told to look at everything: the index of
-- open reservations keeps those that have ended until the next VACUUM, and each look would pass all of them. To sweep an
-- account is to hold its lock: whoever reserves in it holds it too, and then asks the clock when the reservation expires.
-- Only a clock that was set back makes one expire before; so everything is looked at every ten minutes, on average.
CREATE OR REPLACE FUNCTION tenancy_budget_clean(
    of_tenant text, in_budgets text[], of_subjects text[], in_periods text[], everything boolean)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
    until timestamptz := clock_timestamp();
BEGIN
    SELECT min(a.swept_to) INTO since FROM tenancy_budget AS a
    WHERE a.tenant_id = of_tenant
        AND (a.budget, a.subject, a.period) IN (SELECT * FROM unnest(in_budgets, of_subjects, in_periods));
    IF NOT everything AND (since IS NULL OR since BETWEEN until - interval '10 seconds' AND until
            AND NOT EXISTS (SELECT 1 FROM tenancy_budget_reservation
                WHERE tenant_id = of_tenant AND ended_at IS NULL AND expires_at > since AND expires_at <= until)) THEN
        RETURN false;
    END IF;
    IF everything OR since > until OR since < until - random() * interval '10 minutes' THEN
        since := '-infinity';
    END IF;
    PERFORM 1 FROM tenancy_budget AS a
    WHERE a.tenant_id = of_tenant AND (a.budget, a.subject, a.period) IN (
        SELECT p.budget, p.subject, p.period FROM unnest(in_budgets, of_subjects, in_periods) AS p (budget, subject, period)
        UNION
        SELECT p.budget, p.subject, p.period
        FROM tenancy_budget_reservation AS due, unnest(due.budgets, due.subjects, due.periods) AS p (budget, subject, period)
        WHERE due.tenant_id = of_tenant AND due.ended_at IS NULL AND due.expires_at > since AND due.expires_at <= until)
    ORDER BY a.budget, a.subject, a.period FOR NO KEY UPDATE;
    until := clock_timestamp();
    PERFORM tenancy_budget_expire(of_tenant, since, until);
    -- Not if one is left that somebody else ends: that may be rolled back.
    UPDATE tenancy_budget AS a SET swept_to = until
    WHERE a.tenant_id = of_tenant
        AND (a.budget, a.subject, a.period) IN (SELECT * FROM unnest(in_budgets, of_subjects, in_periods))
        AND NOT EXISTS (SELECT 1 FROM tenancy_budget_reservation
            WHERE tenant_id = of_tenant AND ended_at IS NULL AND expires_at > since AND expires_at <= until);
    RETURN true;
END
$$;

-- Adds to all accounts, which come in the order of locks, or to none: then denied_at says which has not enough left. What
-- was paid for it before is taken off, and makes the room that it needs.
CREATE OR REPLACE FUNCTION tenancy_budget_add(
    of_tenant text, in_budgets text[], of_subjects text[], in_periods text[], limits bigint[], more bigint, paid bigint,
    OUT denied_at integer, OUT all_spent bigint[], OUT all_reserved bigint[], OUT all_told integer[])
LANGUAGE plpgsql AS $$
DECLARE
    kept record;
    done integer := 0;
BEGIN
    FOR i IN 1 .. cardinality(in_budgets) LOOP
        -- A second time, if the account was not there yet: whoever else makes it at the same time is waited for.
        FOR attempt IN 1 .. 2 LOOP
            UPDATE tenancy_budget AS a SET reserved = a.reserved + more, spent = a.spent - paid
            WHERE a.tenant_id = of_tenant AND a.budget = in_budgets[i] AND a.subject = of_subjects[i]
                AND a.period = in_periods[i]
                AND (paid > 0 OR limits[i] IS NULL OR a.spent + a.reserved + more <= limits[i])
            RETURNING a.spent, a.reserved, a.told INTO kept;
            IF FOUND THEN
                all_spent[i] := kept.spent;
                all_reserved[i] := kept.reserved;
                all_told[i] := kept.told;
                done := i;
                EXIT;
            ELSIF attempt = 1 THEN
                INSERT INTO tenancy_budget (tenant_id, budget, subject, period, swept_to)
                VALUES (of_tenant, in_budgets[i], of_subjects[i], in_periods[i], clock_timestamp()) ON CONFLICT DO NOTHING;
            END IF;
        END LOOP;
        IF done < i THEN
            denied_at := i;
            PERFORM tenancy_budget_take_back(of_tenant, in_budgets[:done], of_subjects[:done], in_periods[:done], more, paid);
            RETURN;
        END IF;
    END LOOP;
END
$$;

-- The accounts are locked: it does not matter in which order they come.
CREATE OR REPLACE FUNCTION tenancy_budget_take_back(
    of_tenant text, in_budgets text[], of_subjects text[], in_periods text[], more bigint, paid bigint)
RETURNS void LANGUAGE sql AS $$
    UPDATE tenancy_budget AS a SET reserved = a.reserved - more, spent = a.spent + paid
    FROM unnest(in_budgets, of_subjects, in_periods) AS p (budget, subject, period)
    WHERE a.tenant_id = of_tenant AND a.budget = p.budget AND a.subject = p.subject AND a.period = p.period
$$;

-- What is in these accounts, also if one is not there yet.
CREATE OR REPLACE FUNCTION tenancy_budget_balances(
    of_tenant text, in_budgets text[], of_subjects text[], in_periods text[],
    OUT all_spent bigint[], OUT all_reserved bigint[], OUT all_told integer[])
LANGUAGE sql AS $$
    SELECT array_agg(coalesce(a.spent, 0) ORDER BY p.n), array_agg(coalesce(a.reserved, 0) ORDER BY p.n),
        array_agg(coalesce(a.told, 0) ORDER BY p.n)
    FROM unnest(in_budgets, of_subjects, in_periods) WITH ORDINALITY AS p (budget, subject, period, n)
    LEFT JOIN tenancy_budget AS a ON a.tenant_id = of_tenant AND a.budget = p.budget AND a.subject = p.subject
        AND a.period = p.period
$$;

-- Who settles a reservation holds it and waits for its accounts, and would wait for ever for who has these and makes it
-- again. That is done with a key only; other ids are new.
CREATE OR REPLACE FUNCTION tenancy_budget_lock_key(of_tenant text, of_id text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF starts_with(of_id, 'key ') THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(of_tenant || ' ' || of_id, 0));
    END IF;
END
$$;

-- Reserves in all accounts, which come in the order of locks, or in none: 'reserved', 'denied', 'ended' (the id was
-- used up), 'other' (the id is another reservation's). A limit that is null is none.
CREATE OR REPLACE FUNCTION tenancy_budget_reserve(
    of_tenant text, new_id text, in_budgets text[], of_subjects text[], in_periods text[], limits bigint[],
    new_amount bigint, new_tag text, lease_seconds double precision, charge_expired boolean,
    OUT outcome text, OUT denied_at integer, OUT all_spent bigint[], OUT all_reserved bigint[], OUT all_told integer[])
LANGUAGE plpgsql AS $$
DECLARE
    former record;
    known boolean := false;
    paid bigint := 0;
    swept boolean := false;
    room record;
BEGIN
    IF new_amount < 0 THEN
        RAISE EXCEPTION 'amount is negative; allowed: 0 or more' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM tenancy_budget_lock_key(of_tenant, new_id);
    LOOP
        IF known THEN
            SELECT * INTO former FROM tenancy_budget_reservation
            WHERE tenant_id = of_tenant AND id = new_id FOR UPDATE;
            IF NOT FOUND THEN
                -- Deleted meanwhile, as old records are.
                known := false;
                CONTINUE;
            ELSIF former.amount <> new_amount OR former.tag <> new_tag THEN
                outcome := 'other';
                RETURN;
            ELSIF former.state IN ('settled', 'released') THEN
                outcome := 'ended';
                RETURN;
            END IF;
            IF former.state = 'open' AND former.expires_at <= clock_timestamp() THEN
                -- In its accounts, and those in which it may be reserved then, in the order of locks.
                PERFORM tenancy_budget_clean(of_tenant, former.budgets || in_budgets, former.subjects || of_subjects,
                    former.periods || in_periods, true);
                CONTINUE;
            END IF;
            IF former.state = 'open' OR former.charge > 0 THEN
                IF former.budgets <> in_budgets OR former.subjects <> of_subjects THEN
                    outcome := 'other';
                    RETURN;
                END IF;
                -- It counts where it was made first.
                in_periods := former.periods;
                paid := former.charge;
            END IF;
            IF former.state = 'open' THEN
                UPDATE tenancy_budget_reservation
                SET expires_at = greatest(expires_at, clock_timestamp() + lease_seconds * interval '1 second')
                WHERE tenant_id = of_tenant AND id = new_id;
                SELECT * INTO all_spent, all_reserved, all_told
                FROM tenancy_budget_balances(of_tenant, in_budgets, of_subjects, in_periods);
                outcome := 'reserved';
                RETURN;
            END IF;
        END IF;

        -- What expired matters when there is no room; now and then it is taken off where there is. For a single account
        -- and without a key the ledger calls this only if it found no room, or by chance.
        IF cardinality(in_budgets) = 1 AND NOT starts_with(new_id, 'key ') OR random() < 0.02 THEN
            PERFORM tenancy_budget_clean(of_tenant, in_budgets, of_subjects, in_periods, false);
            swept := true;
        END IF;
        room := tenancy_budget_add(of_tenant, in_budgets, of_subjects, in_periods, limits, new_amount, paid);
        IF room.denied_at IS NOT NULL AND NOT swept
                AND tenancy_budget_clean(of_tenant, in_budgets, of_subjects, in_periods, false) THEN
            room := tenancy_budget_add(of_tenant, in_budgets, of_subjects, in_periods, limits, new_amount, paid);
        END IF;
        IF room.denied_at IS NOT NULL THEN
            IF NOT known AND EXISTS (SELECT 1 FROM tenancy_budget_reservation WHERE tenant_id = of_tenant AND id = new_id) THEN
                known := true;
                CONTINUE;
            END IF;
            SELECT * INTO all_spent, all_reserved, all_told
            FROM tenancy_budget_balances(of_tenant, in_budgets, of_subjects, in_periods);
            outcome := 'denied';
            denied_at := room.denied_at;
            RETURN;
        END IF;
        all_spent := room.all_spent;
        all_reserved := room.all_reserved;
        all_told := room.all_told;

        IF known THEN
            UPDATE tenancy_budget_reservation
            SET state = 'open', budgets = in_budgets, subjects = of_subjects, periods = in_periods, charge = 0, ended_at = NULL,
                charged_when_expired = charge_expired, expires_at = clock_timestamp() + lease_seconds * interval '1 second'
            WHERE tenant_id = of_tenant AND id = new_id;
        ELSE
            INSERT INTO tenancy_budget_reservation (tenant_id, id, budgets, subjects, periods, tag, amount, expires_at,
                charged_when_expired, state, reserved_at)
            VALUES (of_tenant, new_id, in_budgets, of_subjects, in_periods, new_tag, new_amount,
                clock_timestamp() + lease_seconds * interval '1 second', charge_expired, 'open', clock_timestamp())
            ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                -- It was made before, or by somebody else meanwhile.
                PERFORM tenancy_budget_take_back(of_tenant, in_budgets, of_subjects, in_periods, new_amount, 0);
                known := true;
                CONTINUE;
            END IF;
        END IF;
        outcome := 'reserved';
        RETURN;
    END LOOP;
END
$$;

-- Ends a reservation in the accounts in which it was made: 'settled', 'late', or 'ended' if it had been before or
-- never was.
CREATE OR REPLACE FUNCTION tenancy_budget_settle(
    of_tenant text, of_id text, new_charge bigint, new_state text,
    OUT outcome text, OUT all_spent bigint[], OUT all_reserved bigint[], OUT all_told integer[])
LANGUAGE plpgsql AS $$
DECLARE
    ended record;
    kept record;
    held bigint;
    paid bigint := 0;
BEGIN
    IF new_charge < 0 OR new_state NOT IN ('settled', 'released') THEN
        RAISE EXCEPTION 'charge is negative or state unknown; allowed: 0 or more, settled or released'
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM tenancy_budget_lock_key(of_tenant, of_id);
    UPDATE tenancy_budget_reservation
    SET state = new_state, charge = new_charge, late = expires_at <= clock_timestamp(), ended_at = clock_timestamp()
    WHERE tenant_id = of_tenant AND id = of_id AND state = 'open'
    RETURNING * INTO ended;
    IF FOUND THEN
        held := ended.amount;
    ELSE
        SELECT * INTO ended FROM tenancy_budget_reservation
        WHERE tenant_id = of_tenant AND id = of_id AND state = 'expired' FOR UPDATE;
        IF NOT FOUND THEN
            outcome := 'ended';
            RETURN;
        END IF;
        held := 0;
        paid := ended.charge;
        ended.late := true;
        UPDATE tenancy_budget_reservation
        SET state = new_state, charge = new_charge, late = true, ended_at = clock_timestamp()
        WHERE tenant_id = of_tenant AND id = of_id;
    END IF;
    FOR i IN 1 .. cardinality(ended.budgets) LOOP
        UPDATE tenancy_budget AS a SET spent = a.spent + new_charge - paid, reserved = a.reserved - held
        WHERE a.tenant_id = of_tenant AND a.budget = ended.budgets[i] AND a.subject = ended.subjects[i]
            AND a.period = ended.periods[i]
        RETURNING a.spent, a.reserved, a.told INTO kept;
        all_spent[i] := kept.spent;
        all_reserved[i] := kept.reserved;
        all_told[i] := kept.told;
    END LOOP;
    outcome := CASE WHEN ended.late THEN 'late' ELSE 'settled' END;
END
$$;
