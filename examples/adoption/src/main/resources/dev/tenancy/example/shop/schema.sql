CREATE TABLE organizations (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE currencies (
    code text PRIMARY KEY
);
CREATE TABLE users (
    email text PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    password text NOT NULL
);
CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    name text NOT NULL,
    cents bigint NOT NULL,
    currency text NOT NULL REFERENCES currencies,
    UNIQUE (organization_id, name)
);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    placed_by text NOT NULL REFERENCES users
);
CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products,
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

INSERT INTO organizations VALUES (1, 'Acme'), (2, 'Globex');
INSERT INTO currencies VALUES ('EUR');
INSERT INTO users VALUES ('ann@acme', 1, 'a'), ('bob@globex', 2, 'b');
INSERT INTO products (organization_id, name, cents, currency)
    VALUES (1, 'anvil', 9900, 'EUR'), (1, 'rope', 500, 'EUR'), (2, 'reactor', 100000, 'EUR');
INSERT INTO orders (organization_id, placed_by) VALUES (1, 'ann@acme'), (2, 'bob@globex');
INSERT INTO order_lines VALUES (1, 1, 2), (1, 2, 1), (2, 3, 1);
