-- Orders and what they hold.
CREATE TABLE shop.orders (
  id bigint PRIMARY KEY,
  customer text NOT NULL
);

CREATE INDEX orders_customer ON shop.orders (customer);

CREATE OR REPLACE VIEW open_orders AS
SELECT * FROM shop.orders WHERE closed IS NULL;

CREATE FUNCTION total(order_id bigint) RETURNS numeric AS $$
  SELECT sum(price) FROM lines WHERE lines.order_id = total.order_id
$$ LANGUAGE sql;

CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE PROCEDURE transfer(a int, b int) LANGUAGE plpgsql AS $$ BEGIN UPDATE x SET y = 1; END; $$;
CREATE OR REPLACE PROCEDURE app.cleanup() LANGUAGE sql AS $$ DELETE FROM t; $$;
