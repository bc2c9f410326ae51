package dev.tenancy.jdbc.attack;

import java.util.List;

/** Reading, writing, counting and guessing rows. */
final class RowAttacks {
    static final List<Attack> ALL = List.of(
            Attack.of("SELECT * FROM accounts"),
            Attack.of("TABLE orders"),
            Attack.of("SELECT * FROM ONLY accounts WHERE tenant_id = $B"),
            Attack.of("SELECT * FROM accounts WHERE true OR tenant_id = $B"),
            Attack.of("SELECT count(*), max(amount), min(email), string_agg(secret, ',') FROM accounts"),
            Attack.of("SELECT count(*) FROM orders WHERE tenant_id <> $A"),
            Attack.of("SELECT a.*, o.* FROM accounts a FULL JOIN orders o ON true"),
            Attack.of("SELECT * FROM orders o LEFT JOIN accounts a ON a.id >= 9001"),
            Attack.of("SELECT * FROM accounts a, LATERAL (SELECT * FROM orders WHERE account = a.id) o"),
            Attack.of("SELECT * FROM accounts TABLESAMPLE SYSTEM (100)"),
            Attack.of("SELECT * FROM accounts TABLESAMPLE BERNOULLI (100) REPEATABLE (1)"),
            Attack.of("SELECT ctid, xmin, * FROM accounts WHERE ctid = '(0,5)'"),
            Attack.of("SELECT * FROM accounts WHERE ctid >= '(0,1)' AND ctid < '(99,1)'"),
            Attack.of("SELECT accounts::text, row_to_json(accounts), to_jsonb(accounts) FROM accounts"),
            Attack.of("WITH RECURSIVE r AS (SELECT * FROM accounts UNION SELECT * FROM accounts) SELECT * FROM r"),
            Attack.of("SELECT * FROM accounts UNION ALL SELECT * FROM accounts EXCEPT SELECT * FROM accounts"),
            Attack.of("SELECT * FROM accounts FOR UPDATE"),
            Attack.of("SELECT * FROM accounts WHERE id = 9001 FOR KEY SHARE NOWAIT"),
            Attack.of("SELECT * FROM accounts WHERE id >= 9001 FOR UPDATE SKIP LOCKED"),
            Attack.of("INSERT INTO accounts (id, email, tenant_id) VALUES (5001, 'planted', $B)"),
            Attack.of("INSERT INTO accounts (id, email, tenant_id) VALUES (5002, 'planted', $B) RETURNING *"),
            Attack.of("INSERT INTO accounts SELECT 5003, 'planted', 'x', 1, $B"),
            Attack.of("INSERT INTO accounts (id, email) OVERRIDING USER VALUE VALUES (9001, 'planted')"),
            Attack.of("INSERT INTO accounts (id, email, tenant_id) VALUES (9001, 'x', $B)"
                    + " ON CONFLICT (tenant_id, id) DO UPDATE SET secret = 'stolen' RETURNING *"),
            Attack.of(
                    "INSERT INTO accounts (id, email, tenant_id) VALUES (9001, 'x', $B) ON CONFLICT DO NOTHING RETURNING *"),
            Attack.of("INSERT INTO accounts (id, email) VALUES (5004, 'b-1@of-b.example'.replace) "),
            Attack.of("INSERT INTO accounts (id, email) SELECT 5005, concat('b-1@', 'of', '-b.example')"),
            Attack.of("UPDATE accounts SET secret = 'stolen'"),
            Attack.of("UPDATE accounts SET secret = 'stolen' WHERE tenant_id = $B"),
            Attack.of("UPDATE accounts SET tenant_id = $B"),
            Attack.of("UPDATE accounts SET tenant_id = $B WHERE id = 1 RETURNING *"),
            Attack.of("UPDATE accounts a SET secret = o.note FROM orders o WHERE o.account >= 9001 RETURNING a.*, o.*"),
            Attack.of("DELETE FROM accounts WHERE tenant_id = $B"),
            Attack.of("DELETE FROM accounts WHERE id >= 9001 RETURNING *"),
            Attack.of("DELETE FROM orders USING accounts WHERE accounts.id >= 9001 RETURNING *"),
            Attack.of("MERGE INTO accounts t USING (VALUES (9001)) v(id) ON t.id = v.id"
                    + " WHEN MATCHED THEN UPDATE SET secret = 'stolen'"
                    + " WHEN NOT MATCHED THEN INSERT (id, email, tenant_id) VALUES (9001, 'planted', $B)"),
            Attack.of("TRUNCATE accounts CASCADE"),
            Attack.of("TRUNCATE orders"),
            Attack.of("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE"),
            Attack.of("BEGIN", "LOCK TABLE accounts IN SHARE MODE", "SELECT * FROM accounts", "ROLLBACK"),
            Attack.of("COPY accounts TO STDOUT"),
            Attack.of("COPY (SELECT * FROM accounts) TO STDOUT"),
            Attack.of("COPY accounts FROM STDIN"),
            Attack.of("COPY accounts TO '/tmp/accounts'"),
            Attack.of("INSERT INTO orders (id, account, note) VALUES (5001, 9001, 'for B')"),
            Attack.of("INSERT INTO orders (id, account, note, tenant_id) VALUES (5002, 9001, 'for B', $B)"),
            Attack.of("UPDATE orders SET account = 9001"),
            Attack.of("DELETE FROM accounts WHERE id = 3"),
            Attack.of("UPDATE accounts SET id = 9001 WHERE id = 2"),
            Attack.of("SELECT nextval('order_ids'), currval('order_ids'), setval('order_ids', 1)"),
            Attack.of("PREPARE p AS SELECT * FROM accounts", "SET tenancy.tenant_id = $B", "EXECUTE p", "EXECUTE p"),
            Attack.of("PREPARE p ($T) AS SELECT * FROM accounts WHERE tenant_id = $1", "EXECUTE p ($B)"),
            Attack.of("PREPARE \"S_1\" AS SELECT * FROM orders", "EXECUTE \"S_1\"", "SELECT * FROM accounts"),
            Attack.of(
                    "BEGIN",
                    "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM accounts",
                    "SET tenancy.tenant_id = $B",
                    "COMMIT",
                    "FETCH ALL FROM c"),
            Attack.of(
                    "BEGIN",
                    "DECLARE c SCROLL CURSOR FOR SELECT * FROM accounts",
                    "FETCH LAST FROM c",
                    "MOVE ABSOLUTE 0 IN c",
                    "FETCH ALL FROM c",
                    "COMMIT"),
            Attack.of("DO $$ DECLARE r record; BEGIN PERFORM set_config('tenancy.tenant_id', $B, false);"
                    + " FOR r IN SELECT * FROM accounts LOOP RAISE NOTICE '%', r; END LOOP; END$$"),
            Attack.of(
                    "DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT * FROM accounts' LOOP RAISE WARNING '%', r;"
                            + " END LOOP; COMMIT; FOR r IN SELECT * FROM accounts LOOP RAISE WARNING '%', r; END LOOP; END$$"),
            Attack.of("DO $$ BEGIN PERFORM set_config('tenancy.seal', '', false); COMMIT;"
                    + " PERFORM 1/count(*) FROM accounts; END$$"),
            Attack.of("SET tenancy.tenant_id = $B", "UPDATE accounts SET secret = 'stolen' WHERE id = 9001"),
            Attack.of("SET tenancy.tenant_id = $B", "DELETE FROM orders WHERE id = 9001"),
            Attack.of("SET tenancy.tenant_id = $B", "INSERT INTO accounts (id, email) VALUES (5006, 'planted')"),
            Attack.of("DO $$ BEGIN PERFORM set_config('tenancy.tenant_id', $B, false);"
                    + " UPDATE accounts SET secret = 'stolen' WHERE id = 9002; END$$"),
            Attack.of("DO $$ BEGIN PERFORM set_config('tenancy.tenant_id', $B, true);"
                    + " INSERT INTO orders (id, account, note) VALUES (5007, 9001, 'planted'); END$$"),
            Attack.of(
                    "DO $$ BEGIN PERFORM set_config('tenancy.seal', replace(current_setting('tenancy.seal'), $A, $B), true);"
                            + " DELETE FROM accounts WHERE id >= 9001; END$$"),
            Attack.of("WITH f AS MATERIALIZED (SELECT set_config('tenancy.tenant_id', $B, true))"
                    + " UPDATE accounts SET secret = 'stolen' FROM f WHERE id = 9003"),
            Attack.of("COMMIT; SELECT * FROM accounts"),
            Attack.of("ROLLBACK; SET tenancy.tenant_id = $B; SELECT * FROM accounts"),
            Attack.of("SELECT 1; COMMIT; BEGIN; SELECT * FROM accounts"),
            Attack.of("BEGIN; SET LOCAL tenancy.tenant_id = $B; SELECT * FROM accounts; COMMIT"),
            Attack.of("SELECT 1/0; SELECT * FROM accounts"),
            Attack.of("SELECT 1 /* ; */ ; -- COMMIT\n SELECT * FROM accounts"),
            Attack.of("SELECT $$;COMMIT;$$, accounts.* FROM accounts"),
            Attack.of("SAVEPOINT s", "SELECT * FROM accounts", "ROLLBACK TO s", "SELECT * FROM accounts"),
            Attack.of("BEGIN", "SELECT 1/0", "ROLLBACK", "SELECT * FROM accounts"),
            Attack.of("BEGIN", "COMMIT AND CHAIN", "SELECT * FROM accounts", "ROLLBACK"),
            Attack.of("PREPARE TRANSACTION 'mine'", "COMMIT PREPARED 'mine'"),
            Attack.of("SELECT secret::int FROM accounts"),
            Attack.of("SELECT email::int FROM accounts WHERE id >= 9001"),
            Attack.of("SELECT 1 / (CASE WHEN secret LIKE 'SECRET%' THEN 0 ELSE 1 END) FROM accounts WHERE id >= 9001"),
            Attack.of("SELECT * FROM accounts WHERE (SELECT 1/0) = 1 AND id = 9001"),
            Attack.of("SELECT id FROM accounts WHERE secret ~ '^SECRET.OF.B'"),
            Attack.of("SELECT width_bucket(amount, 0, 1000000, 10), count(*) FROM accounts GROUP BY 1"),
            Attack.of("SELECT *, count(*) OVER (), rank() OVER (ORDER BY amount) FROM accounts"),
            Attack.of(
                    "SELECT grouping(tenant_id), tenant_id::text = $B, count(*) FROM accounts GROUP BY ROLLUP (tenant_id)"));

    private RowAttacks() {}
}
