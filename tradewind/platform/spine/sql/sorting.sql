-- The order in which Chinese names are looked for: GB 18030 keeps the 3,755 commonest characters by pinyin, the
-- rarer ones behind them by radical; Latin letters come first, capital or not. Two names of one key are the same
-- but for capitals. Immutable, because the standard is: an index may stand on it.
CREATE OR REPLACE FUNCTION tw_pinyin(words text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN convert_to(lower(words), 'GB18030');
