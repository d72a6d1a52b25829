-- The name of a data product's key says which product that is: it never changes, nor what the key may do.

CREATE FUNCTION keys_of_data_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
    IF OLD.key_type = 'data-psk'
        AND (NEW.name IS DISTINCT FROM OLD.name OR NEW.permissions IS DISTINCT FROM OLD.permissions)
    THEN
        RAISE EXCEPTION 'a key of a data product keeps its product and its permissions';
    END IF;
    RETURN NEW;
END
$guard$;

CREATE TRIGGER keys_of_data_guard BEFORE UPDATE ON keys FOR EACH ROW EXECUTE FUNCTION keys_of_data_guard();
